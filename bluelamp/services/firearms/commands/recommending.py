"""Recommend a decision."""

from dataclasses import dataclass
from datetime import datetime

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotPermitted, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.services.firearms.commands.checking import get_check_states
from bluelamp.services.firearms.commands.stages import enter_stage, lock_application
from bluelamp.services.firearms.models import Application, Recommendation
from bluelamp.services.firearms.rules.authority import Risk
from bluelamp.services.firearms.rules.checks import list_open_checks
from bluelamp.services.firearms.rules.conditions import check_extra_conditions
from bluelamp.services.firearms.rules.decisions import (
    CertificateKind,
    DecisionKind,
    check_grounds,
    list_certificate_kinds,
)
from bluelamp.services.firearms.rules.stages import Stage

MAX_TEXT_LENGTH = 8_000
ON_APPLICATIONS = (DecisionKind.GRANT, DecisionKind.PARTIAL_GRANT, DecisionKind.REFUSE)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecommendationInput:
    """What is recommended: the factors, and apart from them the conclusion.

    `conditions` are extra ones of the firearm certificate, one a line.
    """

    decision: str
    risk: str
    factors: str
    conclusion: str
    grounds: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


@command(permission="firearms.check", act="firearms.recommended")
def recommend(
    *, actor: Actor, at: datetime, reference: str, recommendation: RecommendationInput
) -> None:
    """Recommend a decision on an application, once every check has a result.

    Raises:
        NotFound: There is no such application.
        Conflict: It is not at its checks, or a check is open.
        Refused: Something of the recommendation is missing or wrong.
    """
    application = lock_application(actor, reference)
    if application.stage != Stage.CHECKS:
        raise Conflict("firearms.not_at_checks")
    # The guidance under section 55A of the 1968 Act asks for each of them: see `rules.checks`.
    if list_open_checks(get_check_states(application)):
        raise Conflict("firearms.checks_open")
    # A judgement about a person is a person's.
    if actor.id is None:
        raise NotPermitted(f"{actor.name} is nobody who could recommend")
    problems = _list_problems(application, recommendation)
    if problems:
        raise Refused(errors=problems)
    Recommendation.objects.create(
        application=application,
        decision=recommendation.decision,
        risk=recommendation.risk,
        grounds=list(recommendation.grounds),
        factors=_clean(recommendation.factors, "factors"),
        conclusion=_clean(recommendation.conclusion, "conclusion"),
        conditions=list(recommendation.conditions),
        recommended_at=at,
        recommended_by_id=actor.id,
        recommended_by_name=actor.name[:200],
    )
    application.risk = recommendation.risk
    application.save(update_fields=["risk"])
    enter_stage(application, stage=Stage.RECOMMENDED, actor=actor, at=at)
    record_act(application, ref=application.reference, detail={"decision": recommendation.decision})


def _list_problems(application: Application, posted: RecommendationInput) -> list[Problem]:
    kinds = list_certificate_kinds(application.kind, application.certificates)
    problems = []
    if posted.decision not in ON_APPLICATIONS:
        problems.append(Problem("firearms.decision_missing", "decision"))
    elif code := check_grounds(posted.decision, kinds, posted.grounds):
        problems.append(Problem(code, "grounds"))
    if posted.risk not in set(Risk):
        problems.append(Problem("firearms.risk_missing", "risk"))
    if not posted.factors.strip():
        problems.append(Problem("firearms.factors_missing", "factors"))
    if not posted.conclusion.strip():
        problems.append(Problem("firearms.conclusion_missing", "conclusion"))
    # They go on the firearm certificate of both; a shotgun certificate by itself takes none.
    kind = CertificateKind.FIREARM if CertificateKind.FIREARM in kinds else kinds[0]
    if code := check_extra_conditions(kind, posted.conditions):
        problems.append(Problem(code, "conditions"))
    return problems


def _clean(text: str, field: str) -> str:
    return clean_text(text, max_length=MAX_TEXT_LENGTH, field=field, label=f"firearms.{field}")
