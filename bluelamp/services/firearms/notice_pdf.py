"""The notice of a decision as the letter that is posted, in the language of its reader."""

from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.notifications.languages import language_override
from bluelamp.services.firearms.documents.notice import NoticeText, draw_notice
from bluelamp.services.firearms.lookups.notices_of_decisions import NoticeDetail
from bluelamp.services.firearms.messages import (
    CERTIFICATE_TITLES,
    COURT_TITLES,
    DECISION_OUTCOMES,
    GROUND_TITLES,
)
from bluelamp.services.firearms.rules.decisions import get_ground


def draw_notice_of(notice: NoticeDetail) -> bytes:
    """Return the PDF of a notice, in the language of its reader."""
    # The titles of decisions and grounds are looked up in the language that is active.
    with language_override(notice.language):
        return draw_notice(_to_text(notice))


def _to_text(notice: NoticeDetail) -> NoticeText:
    decision = notice.decision
    kinds = [str(CERTIFICATE_TITLES[kind]) for kind in notice.certificate_kinds]
    return NoticeText(
        force_name=notice.force_name,
        lines=tuple(notice.postal_address.split("\n")),
        reference=notice.reference,
        decided_at=decision.decided_at,
        decided_on=london_date(decision.decided_at),
        decision=str(DECISION_OUTCOMES[decision.decision]),
        about=", ".join(kinds),
        grounds=tuple(describe_ground(code) for code in decision.grounds),
        reasons=decision.reasons,
        handed_in_by=decision.handed_in_by,
        is_at_once=decision.is_at_once,
        court=str(COURT_TITLES.get(decision.court, decision.court)),
        decided_by_name=decision.decided_by_name,
        language=notice.language,
    )


def describe_ground(code: str) -> str:
    """Return a ground with the section of the Act that it stands in."""
    ground = get_ground(code)
    return f"{GROUND_TITLES[code]} ({ground.authority})" if ground else code
