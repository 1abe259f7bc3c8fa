"""What a victim is told, and when: limits, deadlines, and the stages of a tracked case.

The sentences are in `messages.py`; this module names them by code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from bluelamp.casework.reports.rules import parse_reference
from bluelamp.foundation.kernel.problems import render_message
from bluelamp.foundation.kernel.text import plain_characters
from bluelamp.records.people.rules import SafeContact
from bluelamp.records.reference.rules import add_working_days, parse_typed_crime_number

MIN_PASSPHRASE_LENGTH = 8  # OWASP ASVS 5.0, 6.2.1
MAX_PASSPHRASE_LENGTH = 200
# Whoever hurt her may know the reference, and may guess well.
MAX_PASSPHRASE_TRIES_PER_HOUR = 5
MAX_PASSPHRASE_TRIES_PER_DAY = 20
# News of a case within this time is one message, if she has not looked at the case in between.
GROUP_NEWS_FOR = timedelta(hours=1)
CODES_KEPT_FOR = timedelta(days=7)
COPY_EMAIL, COPY_TEXT = "email", "sms"
"""How the link to a copy of a statement is sent."""

# Victims' Code for England and Wales (November 2020), Right 4: referral to support within 2 working
# days of the report; Right 6: news of an arrest, an interview, a release or a charge within 5
# working days.
REFER_WITHIN_WORKING_DAYS = 2
NEWS_WITHIN_WORKING_DAYS = 5


class Stage(StrEnum):
    """How far a case has come, as its reporter is told."""

    RECEIVED = "received"
    RECORDED = "recorded"
    INVESTIGATING = "investigating"
    COURT = "court"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CaseText:
    """A sentence for a victim, by its code in `messages.py` and what fills its placeholders."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence, in the language that is active now."""
        return render_message(f"victims.{self.code}", self.params)


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One thing that happened, as the person who reported it is told of it."""

    at: datetime
    title: CaseText
    text: CaseText | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFacts:
    """Everything that a tracked case is made from. Nothing in it is about anybody else.

    `recorded_at` is None until a crime is recorded, and `officer` empty until one deals with it;
    `not_crime_at` is set where it was decided that there was no crime. Where the person
    `gets_messages`, promises are of messages; else only of this page, and of contact in the way
    that they said is safe (`safe_contact`, a SafeContact or "").
    """

    received_at: datetime
    recorded_at: datetime | None = None
    crime_number: str = ""
    allocated_at: datetime | None = None
    officer: str = ""
    statements_at: tuple[datetime, ...] = ()
    charged_at: datetime | None = None
    not_crime_at: datetime | None = None
    not_crime_reason: str = ""
    gets_messages: bool = True
    safe_contact: str = ""


def case_stage(facts: CaseFacts) -> Stage:
    """Return the stage that a case has reached."""
    if facts.recorded_at is None:
        return Stage.CLOSED if facts.not_crime_at else Stage.RECEIVED
    if facts.charged_at:
        return Stage.COURT
    return Stage.INVESTIGATING if facts.officer else Stage.RECORDED


def describe_stage(facts: CaseFacts) -> CaseText:
    """Return the sentence that says how far a case has come."""
    stage = case_stage(facts)
    params = {"officer": facts.officer} if stage == Stage.INVESTIGATING else {}
    return CaseText(f"stage_{stage}", params)


def case_steps(facts: CaseFacts) -> tuple[CaseStep, ...]:
    """Return what has happened in a case, the earliest first."""
    steps = [CaseStep(facts.received_at, CaseText("step_received"))]
    if facts.recorded_at:
        number = CaseText("step_recorded_number", {"number": facts.crime_number})
        steps.append(CaseStep(facts.recorded_at, CaseText("step_recorded"), number))
    if facts.officer and facts.allocated_at:
        title = CaseText("step_allocated", {"officer": facts.officer})
        steps.append(CaseStep(facts.allocated_at, title))
    steps += [CaseStep(at, CaseText("step_statement")) for at in facts.statements_at]
    if facts.charged_at:
        steps.append(CaseStep(facts.charged_at, CaseText("step_court")))
    if facts.not_crime_at:
        reason = CaseText("step_not_crime_reason", {"reason": facts.not_crime_reason})
        steps.append(CaseStep(facts.not_crime_at, CaseText("step_not_crime"), reason))
    return tuple(sorted(steps, key=lambda step: step.at))


def next_steps(facts: CaseFacts) -> tuple[CaseText, ...]:
    """Return what the person who reported can expect now (Victims' Code, Right 6).

    Whoever gets no messages is promised none.
    """
    where = "" if facts.gets_messages else "_here"
    match case_stage(facts):
        case Stage.RECEIVED:
            return (CaseText(f"next_decision{where}"),)
        case Stage.RECORDED:
            return (CaseText("next_officer"),)
        case Stage.INVESTIGATING:
            news = CaseText(f"next_news{where}", {"days": NEWS_WITHIN_WORKING_DAYS})
            if facts.safe_contact == SafeContact.NEVER:
                return (CaseText("next_no_contact", {"officer": facts.officer}), news)
            if not facts.gets_messages:
                return (CaseText("next_safe_contact", {"officer": facts.officer}), news)
            return (CaseText("next_contact", {"officer": facts.officer}), news)
        case Stage.COURT:
            return (CaseText(f"next_court{where}"),)
        case Stage.CLOSED:
            return (CaseText("next_review"),)


def support_by(received_on: date) -> date:
    """Return the day by which support is offered (Victims' Code, Right 4)."""
    return add_working_days(received_on, REFER_WITHIN_WORKING_DAYS)


def parse_tracking_reference(text: str) -> str | None:
    """Return the reference of a report or a crime number as it is written, or None for neither.

    >>> parse_tracking_reference("01-302-26")
    '01/0000302/26'
    """
    if reference := parse_reference(text):
        return reference
    number = parse_typed_crime_number(text)
    return str(number) if number else None


def normalise_passphrase(text: str) -> str:
    """Return a passphrase as it is compared: capitals, spaces and invisible characters don't count.

    Phones put capitals and spaces where nobody typed them.
    """
    return " ".join(plain_characters(text).casefold().split())


def is_passphrase_blocked(wrong_tries_at: Sequence[datetime], *, at: datetime) -> bool:
    """Return whether so many tries went wrong lately that no other is looked at."""
    last_hour = sum(tried_at > at - timedelta(hours=1) for tried_at in wrong_tries_at)
    last_day = sum(tried_at > at - timedelta(days=1) for tried_at in wrong_tries_at)
    return last_hour >= MAX_PASSPHRASE_TRIES_PER_HOUR or last_day >= MAX_PASSPHRASE_TRIES_PER_DAY


class ContactTrigger(StrEnum):
    """What makes a contact with a victim due (Victims' Code)."""

    RECORDED = "recorded"
    NEEDS = "needs-and-support"
    ARRESTED = "arrested"
    CHARGED = "charged"


class ContactWay(StrEnum):
    """How somebody was contacted. The safe way is the one that they said is safe for them."""

    IN_PERSON = "in-person"
    SAFE_WAY = "safe-way"
    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"


class EnhancedReason(StrEnum):
    """Why somebody is entitled to Enhanced Rights, as far as the record says it."""

    UNDER_18 = "under-18"
    DOMESTIC_ABUSE = "domestic-abuse"
    HATE_CRIME = "hate-crime"
    VULNERABLE = "vulnerable"


_ENHANCED_AGE = 18
# `repeat` alone is no "persistently targeted" victim; the officer decides that.
_VULNERABLE = frozenset({"child", "mental", "learning", "physical", "fear"})
_CODE_2020 = date(2021, 4, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactLimit:
    """Within how many working days a contact is due; None is "as soon as possible".

    It counts for what happened from the day `from_` on, until another line for the same trigger
    begins. `right` is that of the Code.
    """

    trigger: ContactTrigger
    right: str
    standard: int | None
    enhanced: int | None
    from_: date


# Code of Practice for Victims of Crime in England and Wales (November 2020), in force 1 April 2021.
# Days: Right 3 has no count; Right 4, 2 from the report; Right 6, 5, and 1 for Enhanced Rights. The
# 5 and 1 days of a charge are from secondary sources (gov.uk, "Your rights after a crime").
CONTACT_LIMITS = (
    ContactLimit(
        trigger=ContactTrigger.RECORDED, right="3", standard=None, enhanced=None, from_=_CODE_2020
    ),
    ContactLimit(
        trigger=ContactTrigger.NEEDS,
        right="4",
        standard=REFER_WITHIN_WORKING_DAYS,
        enhanced=REFER_WITHIN_WORKING_DAYS,
        from_=_CODE_2020,
    ),
    ContactLimit(
        trigger=ContactTrigger.ARRESTED,
        right="6",
        standard=NEWS_WITHIN_WORKING_DAYS,
        enhanced=1,
        from_=_CODE_2020,
    ),
    ContactLimit(
        trigger=ContactTrigger.CHARGED,
        right="6",
        standard=NEWS_WITHIN_WORKING_DAYS,
        enhanced=1,
        from_=_CODE_2020,
    ),
)


@dataclass(frozen=True, slots=True)
class DueContact:
    """A contact that the Code wants: since which day, by which, and when it was made.

    `due_on` is None for "as soon as possible", and `done_on` while it was not made.
    """

    trigger: ContactTrigger
    since: date
    due_on: date | None
    done_on: date | None


def find_enhanced_reasons(
    *, born_on: date | None, offence_on: date, answers: Mapping[str, object]
) -> tuple[EnhancedReason, ...]:
    """Return why a victim is entitled to Enhanced Rights (Victims' Code, "Enhanced rights").

    Args:
        born_on: Their date of birth.
        offence_on: When the crime was: being under 18 counts on that day.
        answers: What the officer answered at the scene, by question.
    """
    reasons = []
    vulnerable = answers.get("vulnerable")
    marks = set(vulnerable) if isinstance(vulnerable, list) else set()
    adult_on = (born_on.year + _ENHANCED_AGE, born_on.month, born_on.day) if born_on else None
    if adult_on and (offence_on.year, offence_on.month, offence_on.day) < adult_on:
        reasons.append(EnhancedReason.UNDER_18)
    if answers.get("domestic") == "yes":
        reasons.append(EnhancedReason.DOMESTIC_ABUSE)
    if answers.get("hate"):
        reasons.append(EnhancedReason.HATE_CRIME)
    if marks & _VULNERABLE:
        reasons.append(EnhancedReason.VULNERABLE)
    return tuple(reasons)


def list_due_contacts(
    *,
    happened: Mapping[ContactTrigger, date],
    made: Sequence[tuple[ContactTrigger, date]],
    is_enhanced: bool,
    limits: Sequence[ContactLimit] = CONTACT_LIMITS,
) -> tuple[DueContact, ...]:
    """Return what the Code wants for a victim, the first that is due first.

    Args:
        happened: The day in London of each thing that a victim is told of.
        made: The contacts with them: about what, and the day in London. One before the day that it
            is about does not count for it.
        is_enhanced: Whether they have Enhanced Rights.
        limits: The limits as they came into force.
    """
    due = []
    for trigger, since in happened.items():
        in_force = [limit for limit in limits if limit.trigger == trigger and limit.from_ <= since]
        if not in_force:
            continue
        limit = max(in_force, key=lambda one: one.from_)
        days = limit.enhanced if is_enhanced else limit.standard
        done = [day for about, day in made if about == trigger and day >= since]
        due.append(
            DueContact(
                trigger=trigger,
                since=since,
                due_on=None if days is None else add_working_days(since, days),
                done_on=min(done, default=None),
            )
        )
    # "As soon as possible" is before any day.
    return tuple(sorted(due, key=lambda one: (one.due_on or one.since, one.trigger)))


def allowed_ways(*, is_safe_to_contact: bool | None) -> tuple[ContactWay, ...]:
    """Return how somebody may be contacted: where whoever hurt them might see a message, only in
    person and in the way that they said is safe.
    """
    if is_safe_to_contact is False:
        return (ContactWay.IN_PERSON, ContactWay.SAFE_WAY)
    return tuple(way for way in ContactWay if way != ContactWay.SAFE_WAY)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewContact:
    """A contact with a victim, as it is recorded. The device is None at the desk."""

    contact_id: UUID
    crime_id: UUID
    person_id: UUID
    trigger: str
    way: str
    made_at: datetime
    note: str = ""
    device_id: UUID | None = None
    device_at: datetime | None = None


def message_key(copy_id: UUID) -> str:
    """Return the occasion of the message with the link to a copy of a statement."""
    return f"statement copy {copy_id}"
