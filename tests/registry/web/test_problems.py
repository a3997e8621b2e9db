"""What a refusal is answered with."""

import pytest

from charter.errors import CharterError, FieldError, NotAllowed, NotFound, RuleViolation
from registry.adapters.object_store import StoreFull
from registry.web.problems import problem_of


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotFound("There is no such organisation."), 404),
        (NotAllowed("Only the sponsor signs."), 403),
        (RuleViolation("This was decided before."), 409),
        (RuleViolation("Look at these.", errors=[FieldError("name", "Say a name.")]), 422),
        (StoreFull("There is no room to keep this file at the moment."), 503),
        (CharterError("This cannot be read."), 400),
    ],
)
def test_every_branch_of_the_refusals_has_its_status(refusal: CharterError, status: int) -> None:
    problem = problem_of(refusal)
    assert problem is not None
    assert (problem.status, problem.code, problem.detail) == (
        status,
        refusal.code,
        refusal.message,
    )


def test_what_is_no_refusal_is_a_fault_of_ours() -> None:
    assert problem_of(ZeroDivisionError()) is None
