"""How the pages of firearms licensing word stages, risks and decisions."""

from collections.abc import Mapping

from bluelamp.services.firearms import messages
from bluelamp.services.firearms.rules.checks import CheckResult
from bluelamp.services.firearms.rules.decisions import get_ground, list_grounds
from bluelamp.services.firearms.rules.listed_guns import NOT_STATED
from bluelamp.services.firearms.rules.missing import Missing
from bluelamp.services.firearms.rules.stages import Stage
from bluelamp.web.desk.contexts import Tag

_STAGE_COLOURS = {
    Stage.INCOMPLETE: "yellow",
    Stage.RECOMMENDED: "yellow",
    Stage.GRANTED: "green",
    Stage.ISSUED: "green",
    Stage.REFUSED: "red",
    Stage.WITHDRAWN: "grey",
}
_RISK_COLOURS = {"low": "green", "medium": "yellow", "high": "red"}
_RESULT_COLOURS = {CheckResult.SATISFACTORY: "green", CheckResult.CONCERN: "red"}
_STANDING_COLOURS = {"in-force": "green", "extended": "yellow"}
# The public site says "We need a photo of you" to the applicant; the team reads it of them.
MISSING: Mapping[Missing, str] = {
    Missing.FEE: "The fee",
    Missing.REFEREES: "Replies of two referees",
    Missing.MEDICAL_REPORT: "The doctor’s report",
    Missing.PHOTO: "A photo",
}
# The question on the page is whether the public measure of four months is kept.
OVERDUE_DAYS = 122


def stage_tag(stage: str) -> Tag:
    """Return the tag of a stage."""
    return Tag(str(messages.STAGE_TITLES[stage]), _STAGE_COLOURS.get(Stage(stage), "blue"))


def risk_tag(risk: str) -> Tag | None:
    """Return the tag of a risk, None where nobody has graded it."""
    if not risk:
        return None
    return Tag(f"{messages.RISK_TITLES[risk]} risk", _RISK_COLOURS[risk])


def result_tag(state: str) -> Tag:
    """Return the tag of a check."""
    known = _RESULT_COLOURS.get(CheckResult(state), "grey") if state in set(CheckResult) else "blue"
    return Tag(str(messages.RESULT_TITLES[state]), known)


def standing_tag(standing: str) -> Tag:
    """Return the tag of a certificate."""
    text = str(messages.CERTIFICATE_STATES[standing])
    return Tag(text, _STANDING_COLOURS.get(standing, "red"))


def application_title(kind: str, certificates: str) -> str:
    """Return what an application is for: "Renewal: firearm and shotgun"."""
    title = str(messages.KIND_TITLES[kind])
    names = {"firearm": "firearm", "shotgun": "shotgun", "both": "firearm and shotgun"}
    return f"{title}: {names[certificates]}" if certificates in names else title


def make_and_model(make: str, model: str) -> str:
    """Return the make and model of a gun, without a model that nobody stated."""
    return " ".join(part for part in (make, model) if part and part != NOT_STATED)


def ground_text(code: str) -> str:
    """Return a ground in words, with its authority."""
    ground = get_ground(code)
    # An old decision can rest on a ground that is no longer in the list.
    return f"{messages.GROUND_TITLES[code]} ({ground.authority})" if ground else code


def ground_choices(decisions: tuple[str, ...], kinds: tuple[str, ...]) -> list[dict[str, object]]:
    """Return the grounds of these decisions as checkboxes, each once."""
    # By code, because several decisions can rest on one ground.
    grounds = {
        ground.code: ground for decision in decisions for ground in list_grounds(decision, kinds)
    }
    return [
        {
            "value": code,
            "text": str(messages.GROUND_TITLES[code]),
            # We did not read the Act's own text of this one.
            "hint": {
                "text": ground.authority
                + ("" if ground.is_confirmed else ". Check the Act before you use this")
            },
        }
        for code, ground in grounds.items()
    ]


def choices(titles: Mapping[str, object], only: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return titles as the choices of a field: all, or only some."""
    return [(value, str(text)) for value, text in titles.items() if not only or value in only]
