"""Draw the notice of a decision as a letter, which GOV.UK Notify prints and posts."""

from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from bluelamp.foundation.documents import pdf

TEMPLATE = Path(str(files("bluelamp.services.firearms.documents"))) / "notice.typ"


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeText:
    """What stands in a notice.

    Attributes:
        lines: The name and address, a line each.
        court: Where to appeal, "" where nobody can.
        handed_in_by: When certificate and guns must be handed in; None where it is not at a day.
        is_at_once: They must be handed in at once.
    """

    force_name: str
    lines: tuple[str, ...]
    reference: str
    decided_at: datetime
    decided_on: date
    decision: str
    about: str
    grounds: tuple[str, ...]
    reasons: str
    handed_in_by: date | None
    is_at_once: bool
    court: str
    decided_by_name: str


def draw_notice(text: NoticeText) -> bytes:
    """Return the PDF of a notice: the same bytes for the same text."""
    return pdf.render(
        template=TEMPLATE,
        made_at=text.decided_at,
        data={
            "title": f"Notice of a decision {text.reference}",
            "force": text.force_name,
            "lines": list(text.lines),
            "reference": text.reference,
            "day": _day(text.decided_on),
            "decision": text.decision,
            "about": text.about,
            "grounds": list(text.grounds),
            "reasons": [line for line in text.reasons.splitlines() if line.strip()],
            "hand_in": _hand_in_text(text),
            "appeal": _appeal_text(text.court),
            "decided_by": text.decided_by_name,
        },
    )


def _hand_in_text(text: NoticeText) -> str:
    if text.handed_in_by is None:
        return ""
    if text.is_at_once:
        return (
            "You must hand in the certificate, and all guns and ammunition on it, at once. It is an"
            " offence not to (Firearms (Amendment) Act 1988, section 12)."
        )
    return (
        f"You must hand in the certificate by {_day(text.handed_in_by)}. If you appeal, you need"
        " not hand it in until the appeal is over."
    )


def _appeal_text(court: str) -> str:
    if not court:
        return ""
    return (
        f"You can appeal to the {court}. You must do so within 21 days of the day you receive this"
        " notice. The court decides afresh. It can tell us to do what we have not done."
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
