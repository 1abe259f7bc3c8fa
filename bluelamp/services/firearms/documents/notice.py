"""Draw the notice of a decision as a letter, which GOV.UK Notify prints and posts."""

from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from django.utils.translation import gettext as _

from bluelamp.foundation.documents import pdf
from bluelamp.foundation.notifications.languages import format_day, language_override

TEMPLATE = Path(str(files("bluelamp.services.firearms.documents"))) / "notice.typ"


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeText:
    """What stands in a notice.

    Attributes:
        lines: The name and address, a line each.
        court: Where to appeal, "" where nobody can.
        handed_in_by: When certificate and guns must be handed in; None where it is not at a day.
        is_at_once: They must be handed in at once.
        language: "en" or "cy". The reasons are as somebody wrote them.
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
    language: str = "en"


def draw_notice(text: NoticeText) -> bytes:
    """Return the PDF of a notice: the same bytes for the same text."""
    with language_override(text.language):
        data = _notice_data(text)
    # Dated with the decision, so that it is the same file whenever it is drawn.
    return pdf.render(template=TEMPLATE, made_at=text.decided_at, data=data)


def _notice_data(text: NoticeText) -> dict[str, object]:
    return {
        "lang": text.language,
        "title": _("Notice of a decision"),
        "labels": {
            "reference": _("Reference"),
            "decision": _("What we decided"),
            "grounds": _("Grounds"),
            "reasons": _("Reasons"),
            "hand_in": _("What you must hand in"),
            "appeal": _("If you do not agree"),
            "page": _("Page"),
            "undrawn": _(
                "Characters that the fonts of this letter do not have are printed as their Unicode"
                " number."
            ),
        },
        "force": text.force_name,
        "lines": list(text.lines),
        "reference": text.reference,
        "day": format_day(text.decided_on, text.language),
        "decision": text.decision,
        "about": text.about,
        "grounds": list(text.grounds),
        "reasons": [line for line in text.reasons.splitlines() if line.strip()],
        "hand_in": _hand_in_text(text),
        "appeal": _appeal_text(text.court),
        "decided_by": _("%(name)s, for %(force)s")
        % {"name": text.decided_by_name, "force": text.force_name},
    }


def _hand_in_text(text: NoticeText) -> str:
    if text.handed_in_by is None:
        return ""
    if text.is_at_once:
        return _(
            "You must hand in the certificate, and all guns and ammunition on it, at once. It is an"
            " offence not to (Firearms (Amendment) Act 1988, section 12)."
        )
    return _(
        "You must hand in the certificate by %(day)s. If you appeal, you need not hand it in until"
        " the appeal is over."
    ) % {"day": format_day(text.handed_in_by, text.language)}


def _appeal_text(court: str) -> str:
    if not court:
        return ""
    return _(
        "You can appeal to the %(court)s. You must do so within 21 days of the day you receive this"
        " notice. The court decides afresh. It can tell us to do what we have not done."
    ) % {"court": court}
