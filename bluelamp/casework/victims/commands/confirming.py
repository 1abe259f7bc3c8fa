"""Confirm an e-mail address or a mobile number, in the browser that sent the report.

Nobody has to. A code that confirms an address opens no case: whoever has a mistyped one gets it.
"""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.reports.models import Report
from bluelamp.casework.victims.reads import (
    Case,
    CaseContact,
    choose_reachable_address,
    find_case,
)
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications.one_time_codes import (
    CodeMessage,
    check_confirmation_code,
    send_confirmation_code,
)
from bluelamp.records.reference.lookups import get_force

PURPOSE = "victims.report"


@command(permission="victim.track", act="tracking.confirmation_requested")
def send_address_code(*, actor: Actor, at: datetime, report_id: UUID) -> None:
    """Send a code to the address of whoever sent a report, to confirm it.

    The caller proves that the browser sent the report. Nothing is sent where it is not safe.

    Raises:
        NotFound: There is no such report.
    """
    case, contact = _get_case_and_contact(actor, report_id)
    sender = Actor.system("victim contact", force=case.force, permissions={"notification.send"})
    address = choose_reachable_address(actor=sender, case=case, contact=contact)
    force = get_force(case.force)
    is_sent = bool(address) and send_confirmation_code(
        actor=sender,
        at=at,
        message=CodeMessage(
            purpose=PURPOSE,
            subject_id=report_id,
            reference=case.reference,
            to=address,
            force_name=force.name if force else "",
        ),
    )
    record_act(None, ref=case.reference, detail={"sent": is_sent})


@command(permission="victim.track", act="tracking.address_confirmed")
def try_confirm_address(*, actor: Actor, at: datetime, report_id: UUID, code: str) -> bool:
    """Check a code, which confirms the address that it was sent to; return whether it is right.

    The caller proves that the browser sent the report.

    Raises:
        NotFound: There is no such report.
    """
    case, contact = _get_case_and_contact(actor, report_id)
    is_right = check_confirmation_code(
        at=at, purpose=PURPOSE, subject_id=report_id, owner=contact.owner, code=code
    )
    record_act(None, ref=case.reference, detail={"right": is_right})
    return is_right


def confirm_report_address(*, actor: Actor, at: datetime, report_id: UUID, code: str) -> None:
    """Check a code, which confirms the address that it was sent to.

    Raises Refused beside the field for a wrong code. The try is counted all the same: this is no
    command, so raising rolls nothing back.
    """
    if not try_confirm_address(actor=actor, at=at, report_id=report_id, code=code):
        raise Refused("victims.code_wrong", field="code")


def _get_case_and_contact(actor: Actor, report_id: UUID) -> tuple[Case, CaseContact]:
    report = Report.objects.filter(id=report_id, force=actor.force).only("reference").first()
    case = find_case(actor=actor, reference=report.reference) if report else None
    if case is None:
        raise NotFound("There is no such report.")
    return case, case.contacts[0]
