"""Binding what was typed: a value, or every error at once."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from charter.errors import FieldError, InvalidInput
from registry.web.form_body import FormBody
from registry.web.forms import Bound, Form, bind
from registry.web.text import LongText, ShortLine


class Milestone(Form):
    title: ShortLine
    due: date = Field(title="due date")


class PledgeForm(Form):
    sentences: ClassVar = {"measure:missing": "Say how people will notice the difference"}

    title: ShortLine = Field(title="a title")
    measure: LongText
    due: date = Field(title="the due date")
    funding_pounds: Annotated[int | None, Field(ge=0, title="funding")] = None
    kind: Literal["one-off", "lasting"] = Field(title="how long it lasts")
    forms: Annotated[list[str], Field(min_length=1, title="forms of racism")]
    milestones: list[Milestone] = Field(default=[])


FULL = {
    "title": ["Fair shifts"],
    "measure": ["Fewer leavers"],
    "due-day": ["7"],
    "due-month": ["3"],
    "due-year": ["2027"],
    "kind": ["lasting"],
    "forms": ["anti-black", "anti-roma"],
    "milestones-0-title": ["Draft rota"],
    "milestones-0-due-day": ["1"],
    "milestones-0-due-month": ["2"],
    "milestones-0-due-year": ["2027"],
    "milestones-1-title": [""],
    "milestones-1-due-day": [""],
}


def bound(**changes: list[str] | None) -> Bound[PledgeForm]:
    typed = FULL | {name.replace("_", "-"): value for name, value in changes.items()}
    return bind(PledgeForm, FormBody({k: v for k, v in typed.items() if v is not None}))


def test_a_full_form_becomes_its_value() -> None:
    value = bound().value
    assert value is not None
    assert value.due == date(2027, 3, 7)
    assert value.forms == ["anti-black", "anti-roma"]
    assert value.milestones == [Milestone(title="Draft rota", due=date(2027, 2, 1))]


def test_an_empty_form_names_every_field_at_once_in_the_order_of_the_page() -> None:
    assert bind(PledgeForm, FormBody()).errors == (
        FieldError("title", "Enter a title"),
        FieldError("measure", "Say how people will notice the difference"),
        FieldError("due", "Enter the due date"),
        FieldError("kind", "Enter how long it lasts"),
        FieldError("forms", "Enter forms of racism"),
    )


def test_a_day_that_does_not_exist_is_refused_in_words() -> None:
    for day, month, year in (("31", "2", "2027"), ("x", "3", "2027"), ("7", "", "2027")):
        wrong = bound(due_day=[day], due_month=[month], due_year=[year])
        assert wrong.wrong("due") == "The due date must be a real date"


def test_a_field_of_a_repeated_thing_is_named_by_its_place() -> None:
    wrong = bound(milestones_1_title=["Publish it"])
    assert wrong.wrong("milestones-1-due") == "Enter due date"


def test_a_number_typed_as_words_is_refused_in_words() -> None:
    assert (
        bound(funding_pounds=["lots"]).wrong("funding-pounds") == "Funding must be a whole number"
    )
    assert bound(funding_pounds=["-1"]).wrong("funding-pounds") == "Funding must be 0 or more"


def test_a_choice_not_offered_is_refused() -> None:
    assert bound(kind=["sometimes"]).wrong("kind") == "Choose how long it lasts from the list"


def test_nothing_typed_is_lost_when_something_is_wrong() -> None:
    wrong = bound(title=[" \x00 "])
    assert wrong.value is None
    assert wrong.wrong("title") == "A title has characters that cannot be shown. Type it again"
    assert wrong.one("measure") == "Fewer leavers"
    assert wrong.several("forms") == ["anti-black", "anti-roma"]


def test_what_a_rule_refuses_lands_beside_its_field() -> None:
    refusal = InvalidInput("No.", errors=[FieldError("funding_pounds", "Say until when")])
    assert bound().refused(refusal).wrong("funding-pounds") == "Say until when"
    assert bound().refused(InvalidInput("No.")).errors == (FieldError("", "No."),)
