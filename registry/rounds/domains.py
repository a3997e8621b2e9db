"""Looking at the domains that show who an organisation is (rule 1, row 16).

A look that got no answer is no look: the domain stays as it was, and is looked at again next time.
"""

import structlog

from charter.organisations.proof_rules import Look
from charter.organisations.proofs import DomainQuestion, domains_to_look_at
from charter.organisations.service import record_look
from charter.scheme import Scheme
from registry.adapters.resolver import Answer, NoAnswer, Resolver, Texts

MOST_AT_ONCE = 50

_log = structlog.get_logger()


async def look_at_domains(scheme: Scheme, resolver: Resolver) -> int:
    """Look at the domains whose time has come; return how many gave an answer."""
    answered = 0
    for question in await domains_to_look_at(scheme, most=MOST_AT_ONCE):
        answer = await resolver.texts_at(question.name)
        if isinstance(answer, NoAnswer):
            _log.info("no answer from the DNS", name=question.name, why=answer.why)
            continue
        await record_look(scheme, proof=question.proof, look=judge(question, answer))
        answered += 1
    return answered


def judge(question: DomainQuestion, answer: Answer) -> Look:
    """Say whether what was asked for stands in the DNS."""
    if not isinstance(answer, Texts):
        return "missing"
    return "found" if not question.text or question.text in answer.texts else "missing"
