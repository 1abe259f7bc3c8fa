"""What is done to keep a victim informed: send a one-time code, check it, end the look, tell the
news as it comes.
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from procrastinate.contrib.django import app

from bluelamp.casework.crimes.events import CrimeRecorded
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.events import OfficerAllocated, SuspectCharged
from bluelamp.casework.reports.events import ReportFoundNotCrime, ReportSubmitted
from bluelamp.casework.reports.queries import Reporter, reference_of, reporter_of
from bluelamp.casework.victims import rules
from bluelamp.casework.victims.models import TrackingCode
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.outbox import on
from bluelamp.foundation.notifications.commands import send_message
from bluelamp.records.people.queries import PersonView, people_of
from bluelamp.records.people.rules import LinkRole
from bluelamp.records.reference.queries import force

WRONG_CODE = "That code is not right. Check the newest message, or ask for another code."


@command(may="victim.track", act="tracking.code_sent")
def send_code(*, actor: Actor, at: datetime, reference: str) -> None:
    """Send a code to the address the report came from, if there is such a report.

    Says nothing either way, so that nobody learns whether a reference exists. At most five codes an
    hour a report, and fifteen a day.
    """
    reporter = reporter_of(reference=reference)
    if reporter is None or not (address := _address(reporter)):
        record_act(None, ref=reference, detail={"sent": False})
        return
    sent_before = TrackingCode.objects.filter(report_id=reporter.report_id)
    lately = sent_before.filter(sent_at__gt=at - timedelta(hours=1)).count()
    today = sent_before.filter(sent_at__gt=at - timedelta(days=1)).count()
    if lately >= rules.CODES_AN_HOUR or today >= rules.CODES_A_DAY:
        record_act(None, ref=reporter.reference, detail={"sent": False, "too many": today})
        return
    code = "".join(secrets.choice("0123456789") for _ in range(rules.CODE_DIGITS))
    sent = TrackingCode.objects.create(
        report_id=reporter.report_id,
        code_hash=_hash(reporter.report_id, code),
        sent_at=at,
        expires_at=at + rules.CODE_LASTS,
    )
    _send(
        reporter,
        at=at,
        to=address,
        template="one-time-code",
        once=f"code {sent.id}",
        code=code,
        minutes=str(int(rules.CODE_LASTS.total_seconds() // 60)),
    )
    record_act(sent, ref=reporter.reference, detail={"sent": True})


@command(may="victim.track", act="tracking.code_checked")
def check_code(*, actor: Actor, at: datetime, reference: str, code: str) -> UUID | None:
    """Return the id of the look that a code opens; None where it is not right for the reference.

    A right one is used up, and ends the looks that earlier ones opened; five wrong ones use it up
    too. Only the newest code counts: an older one is void once another was sent, however that one
    ended.
    """
    reporter = reporter_of(reference=reference)
    sent = (
        TrackingCode.objects.select_for_update()
        .filter(report_id=reporter.report_id)
        .order_by("-sent_at", "-id")
        .first()
        if reporter
        else None
    )
    if sent is not None and (
        sent.used_at or sent.expires_at <= at or sent.tries >= rules.CODE_TRIES
    ):
        sent = None
    typed = "".join(character for character in code if character.isdigit())
    is_right = sent is not None and constant_time_compare(
        _hash(sent.report_id, typed), sent.code_hash
    )
    if sent is not None:
        sent.tries += 1
        sent.used_at = at if is_right else None
        sent.save(update_fields=["tries", "used_at"])
    if is_right and sent is not None:
        looks = TrackingCode.objects.filter(
            report_id=sent.report_id, used_at__isnull=False, ended_at=None
        )
        looks.exclude(id=sent.id).update(ended_at=at)
    record_act(sent, ref=reference, detail={"right": is_right})
    return sent.id if is_right and sent is not None else None


def require_code(*, actor: Actor, at: datetime, reference: str, code: str) -> UUID:
    """Check a code and return the id of the look it opens; a wrong one is Refused beside its field,
    the try kept.
    """
    look_id = check_code(actor=actor, at=at, reference=reference, code=code)
    if look_id is None:
        raise Refused(WRONG_CODE, field="code")
    return look_id


@command(may="victim.track", act="tracking.ended")
def end_look(*, actor: Actor, at: datetime, look_id: UUID) -> None:
    """End a look at a case: its cookie opens nothing from now on. Raises NotFound where it has
    ended already.
    """
    look = (
        TrackingCode.objects.select_for_update()
        .filter(id=look_id, used_at__isnull=False, ended_at=None)
        .first()
    )
    if look is None:
        raise NotFound
    look.ended_at = at
    look.save(update_fields=["ended_at"])
    record_act(look, ref=reference_of(report_id=look.report_id))


@command(may="victim.track", act="tracking.codes_swept", category=Category.ERASURE)
def sweep_codes(*, actor: Actor, at: datetime) -> int:
    """Remove the codes, and the looks they opened, that were kept their seven days; returns how
    many.
    """
    count, _ = TrackingCode.objects.filter(sent_at__lte=at - rules.CODES_KEPT).delete()
    record_act(None, detail={"count": count})
    return count


@app.periodic(cron="37 3 * * *")
@app.task(name="victims.sweep_codes", queueing_lock="victims.sweep_codes", pass_context=False)
def sweep_codes_every_night(timestamp: int) -> None:
    """Remove what codes ran out since last night."""
    keeper = Actor.system(
        "keeper of codes", force=settings.BLUELAMP_FORCE, permissions={"victim.track"}
    )
    sweep_codes(actor=keeper, at=now())


@on(ReportSubmitted)
def confirm_report(event: ReportSubmitted) -> None:
    """Confirm a report in writing (Victims' Code, Right 3)."""
    reporter = reporter_of(reference=event.reference)
    if reporter is None or not (address := _address(reporter)):
        return
    _send(
        reporter,
        at=now(),
        to=address,
        template="report-received",
        once=f"report {event.report_id}",
        what=reporter.kind_title.lower(),
        next="Within 24 hours we will tell you your crime number, or why there is none.",
    )


@on(CrimeRecorded)
def tell_crime_number(event: CrimeRecorded) -> None:
    """Tell the person who reported it their crime number, or whose crime an officer recorded at the
    scene (Victims' Code, Right 3).
    """
    crime = Crime.objects.select_related("report").get(id=event.crime_id)
    reporter = reporter_of(reference=crime.report.reference) if crime.report else None
    told = {"crime_number": event.number, "what": crime.offence_title}
    once = f"crime {event.crime_id}"
    if reporter is not None:
        if address := _address(reporter):
            follow = "You can see their name, and each step, on the page below."
            told["next"] = f"An officer will be given your case. {follow}"
            _send(reporter, at=now(), to=address, template="crime-recorded", once=once, **told)
    elif crime.device_id is not None:
        told["next"] = (
            "An officer looks at what can be done. Questions: call 101 with your crime number."
        )
        for person in _reached_at_scene(event.crime_id):
            _tell(
                event.force,
                event.number,
                at=now(),
                to=_address_of(person),
                template="crime-recorded",
                once=f"{once} {person.id}",
                link=f"{settings.BLUELAMP_ORIGIN}/",
                **told,
            )


@on(OfficerAllocated)
def tell_who_is_dealing(event: OfficerAllocated) -> None:
    """Tell the victim that somebody is dealing with it now."""
    _tell_news(event.crime_id, once=f"allocated {event.crime_id} {event.officer_id}")


@on(SuspectCharged)
def tell_of_court(event: SuspectCharged) -> None:
    """Tell the victim that the case goes to court (Victims' Code, Right 6), and nothing of who."""
    _tell_news(event.crime_id, once=f"charged {event.crime_id}")


@on(ReportFoundNotCrime)
def tell_not_crime(event: ReportFoundNotCrime) -> None:
    """Tell the person that no crime was recorded: they must be told (NCRS)."""
    reporter = reporter_of(reference=event.reference)
    if reporter is not None and (address := _address(reporter)):
        _send(
            reporter,
            at=now(),
            to=address,
            template="case-update",
            once=f"not crime {event.report_id}",
        )


def _hash(report_id: UUID, code: str) -> str:
    """Return what is kept of a code. Six digits are soon tried through, so it is our secret key
    that keeps them.
    """
    return salted_hmac(
        "bluelamp.casework.victims.code", f"{report_id} {code}", algorithm="sha256"
    ).hexdigest()


def _tell_news(crime_id: UUID, *, once: str) -> None:
    reporter = _reporter_of_crime(crime_id)
    if reporter is not None and (address := _address(reporter)):
        _send(reporter, at=now(), to=address, template="case-update", once=once)


def _reporter_of_crime(crime_id: UUID) -> Reporter | None:
    crime = Crime.objects.select_related("report").get(id=crime_id)
    return reporter_of(reference=crime.report.reference) if crime.report else None


def _reached_at_scene(crime_id: UUID) -> list[PersonView]:
    """Return the victims of a crime who can be told of it safely; where none can, who speaks for
    them.
    """
    people = people_of(subject_id=crime_id)
    for role in (LinkRole.VICTIM, LinkRole.ON_BEHALF):
        if found := [
            each.person for each in people if each.role == role and _address_of(each.person)
        ]:
            return found
    return []


def _address_of(person: PersonView) -> str:
    if not person.is_safe_to_contact:
        return ""
    return (person.preferred_contact == "text" and person.phone) or person.email or person.phone


def _address(reporter: Reporter) -> str:
    """Return where the person asked to be told, if it is safe; text only where they prefer it or
    have no e-mail.
    """
    if not reporter.is_safe_to_contact:
        return ""
    if reporter.contact_preference == "text" and reporter.phone:
        return reporter.phone
    return reporter.email or reporter.phone


def _send(
    reporter: Reporter, *, at: datetime, to: str, template: str, once: str, **gaps: str
) -> None:
    link = f"{settings.BLUELAMP_ORIGIN}/track/"
    _tell(
        reporter.force,
        reporter.reference,
        at=at,
        to=to,
        template=template,
        once=once,
        link=link,
        **gaps,
    )


def _tell(
    of: str, reference: str, *, at: datetime, to: str, template: str, once: str, **gaps: str
) -> None:
    known = force(of)
    voice = Actor.system("victim contact", force=of, permissions={"notification.send"})
    try:
        send_message(
            actor=voice,
            at=at,
            to=to,
            template=template,
            reference=reference,
            once=once,
            personalisation={
                "reference": reference,
                "force": known.name if known else "",
                **gaps,
            },
        )
    except Refused:
        # an address nobody can be reached at: the desk sees the report's contact details as they
        # were typed
        return
