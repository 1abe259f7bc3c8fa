"""Post the notice of a decision: a letter that GOV.UK Notify prints and sends."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.foundation.notifications.languages import language_override
from bluelamp.foundation.notifications.letters import send_letter
from bluelamp.services.firearms.commands.actors import sending_actor
from bluelamp.services.firearms.documents.notice import NoticeText, draw_notice
from bluelamp.services.firearms.lookups.notices_of_decisions import NoticeDetail, get_notice
from bluelamp.services.firearms.messages import (
    CERTIFICATE_TITLES,
    COURT_TITLES,
    DECISION_TITLES,
    GROUND_TITLES,
)
from bluelamp.services.firearms.models import Decision
from bluelamp.services.firearms.rules.decisions import get_ground


@command(permission="firearms.issue", act="firearms.notice_posted", category=Category.DISCLOSURE)
def post_notice(*, actor: Actor, at: datetime, decision_id: UUID) -> None:
    """Have the notice of a decision printed and posted, first class.

    Only when somebody asks for it, never by itself: guns may have to be fetched before their
    holder reads that the certificate is revoked. Asked for twice on a day, it is one letter.

    Raises:
        NotFound: There is no such decision, or the actor may not see it.
        Refused: The address is not one that the post takes.
        Conflict: The person received the notice already.
    """
    notice = get_notice(actor=actor, at=at, decision_id=decision_id)
    if notice.decision.received_on is not None:
        raise Conflict("firearms.notice_received_already")
    send_letter(
        actor=sending_actor(actor.force),
        at=at,
        to=notice.postal_address,
        pdf=_draw_notice(notice),
        reference=notice.reference,
        # With the day: a letter that was lost can be sent again tomorrow.
        idempotency_key=f"firearms notice {decision_id} {london_date(at)}",
    )
    record_act(Decision(id=decision_id), ref=notice.reference)


def _draw_notice(notice: NoticeDetail) -> bytes:
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
        decision=str(DECISION_TITLES[decision.decision]),
        about=", ".join(kinds),
        grounds=tuple(_ground_text(code) for code in decision.grounds),
        reasons=decision.reasons,
        handed_in_by=decision.handed_in_by,
        is_at_once=decision.is_at_once,
        court=str(COURT_TITLES.get(decision.court, decision.court)),
        decided_by_name=decision.decided_by_name,
        language=notice.language,
    )


def _ground_text(code: str) -> str:
    ground = get_ground(code)
    return f"{GROUND_TITLES[code]} ({ground.authority})" if ground else code
