"""Ask referees by private links, and take what they answer."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act, require_command
from bluelamp.foundation.forms.lookups import current_question_set
from bluelamp.foundation.forms.rules import read_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.contact import normalise_email, normalise_phone, parse_email
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import reject_unstorable
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.foundation.notifications.languages import page_address
from bluelamp.foundation.notifications.lookups import count_messages
from bluelamp.foundation.notifications.rules import ENGLISH
from bluelamp.records.people.commands import get_or_create_person
from bluelamp.records.people.rules import PersonInput
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.commands.actors import sending_actor
from bluelamp.services.firearms.commands.completing import bring_on
from bluelamp.services.firearms.models import Application, Referee
from bluelamp.services.firearms.policy import application_policy
from bluelamp.services.firearms.reads import (
    REPLY_SET,
    find_referee,
    hash_token,
    require_session,
)
from bluelamp.services.firearms.rules.applications import Channel, normalise_reference
from bluelamp.services.firearms.rules.referees import STAGES_OF_REFEREES, find_shared_contact

# Referees are given weeks, and a link that lies in an inbox for ever is a risk.
LINK_LASTS = timedelta(days=28)
# An applicant may press the button as often as they like: the referee is not to be pestered.
LEAST_BETWEEN_LINKS = timedelta(hours=8)
# Counted for each application, whatever the addresses: nobody may have us fill a stranger's inbox.
MAX_LINKS_A_DAY = 10

_TEMPLATE = "referee-request"


def add_referee(
    application: Application, details: PersonInput, position: int, *, actor: Actor, at: datetime
) -> Referee:
    """Add a referee to an application and send the link, as part of a command."""
    require_command()
    # What the applicant says of somebody else must not decide where that person's codes go.
    person = get_or_create_person(actor=actor, at=at, details=details, may_add_contact=False)
    referee = Referee.objects.create(
        application=application,
        position=position,
        person=person,
        name=" ".join(part for part in (details.given_name, details.family_name) if part)[:200],
        email=details.email,
        phone=details.phone,
    )
    # A paper form may name no address: the team writes to that referee.
    if referee.email or application.channel == Channel.ONLINE:
        send_link(referee, at=at)
    return referee


def send_link(referee: Referee, *, at: datetime) -> None:
    """Send a referee a new private link, as part of a command. An earlier one ends."""
    require_command()
    token, application = secrets.token_urlsafe(32), referee.application
    referee.token_sha256 = hash_token(token)
    referee.link_sent_at, referee.link_ends_at = at, at + LINK_LASTS
    referee.save(update_fields=["token_sha256", "link_sent_at", "link_ends_at"])
    force = get_force(application.force)
    send_message_or_list_undelivered(
        actor=sending_actor(application.force),
        at=at,
        # By e-mail only: the form always asks for an address.
        to=referee.email,
        template=_TEMPLATE,
        reference=application.reference,
        idempotency_key=f"referee {referee.id} {referee.token_sha256[:16]}",
        # Nobody knows the referee's language yet. In Welsh the message leads to both pages.
        language=application.language,
        personalisation={
            "name": referee.name,
            "applicant": application.applicant.name,
            "force": force.name if force else "",
            "link": page_address("firearms-referee", token, language=application.language),
            "english_link": page_address("firearms-referee", token, language=ENGLISH),
            "days": str(LINK_LASTS.days),
        },
    )


@command(permission="firearms.track", act="firearms.referee_link_sent")
def resend_referee_link(
    *, actor: Actor, at: datetime, session_id: UUID, referee_id: UUID, email: str
) -> None:
    """Send a referee the link again, to a corrected address if one is given.

    Raises:
        NotFound: The application has no such referee.
        Refused: The address is none, or the link was sent less than a few hours ago.
        Conflict: They have replied.
    """
    application_id = require_session(actor=actor, session_id=session_id, at=at)
    _send_again(actor, at, application_id, referee_id, email)


@command(permission="firearms.check", act="firearms.referee_link_sent_by_staff")
def send_referee_link(
    *, actor: Actor, at: datetime, reference: str, referee_id: UUID, email: str
) -> None:
    """Send a referee their link from the desk, to an address that a paper form may not have had.

    Raises:
        NotFound: There is no such application of the actor's force, or it has no such referee.
        Refused: The address is none, or the link was sent less than a few hours ago.
        Conflict: They have replied.
    """
    application = application_policy.get(actor, reference=normalise_reference(reference))
    _send_again(actor, at, application.id, referee_id, email)


def _send_again(
    actor: Actor, at: datetime, application_id: UUID, referee_id: UUID, email: str
) -> None:
    """Send a link to a referee's address, corrected or not, as part of a command."""
    referee = lock_open_referee(actor, application_id, referee_id)
    _require_few_links(referee.application, actor=actor, at=at)
    address = parse_email(email)
    if not address:
        raise Refused("firearms.referee_email_wrong", field="email")
    _require_own_contact(referee, email=address)
    sent_at = referee.link_sent_at
    is_recent = sent_at is not None and at - sent_at < LEAST_BETWEEN_LINKS
    # A corrected address may have it at once.
    if is_recent and address == referee.email:
        raise Refused("firearms.referee_link_recent", field="email")
    if normalise_email(address) != normalise_email(referee.email):
        # Whoever reads the new address may not be who typed: an applicant could read on.
        referee.texts = {}
    referee.email = address
    referee.save(update_fields=["email", "texts"])
    send_link(referee, at=at)
    record_act(referee, ref=referee.application.reference)


@command(permission="firearms.track", act="firearms.referee_replaced")
def replace_referee(
    *, actor: Actor, at: datetime, session_id: UUID, referee_id: UUID, details: PersonInput
) -> None:
    """Put another referee in the place of one who has not replied. The earlier link ends.

    Raises:
        NotFound: The application has no such referee.
        Refused: A name or the address is missing.
        Conflict: They have replied.
    """
    application_id = require_session(actor=actor, session_id=session_id, at=at)
    referee = lock_open_referee(actor, application_id, referee_id)
    _require_few_links(referee.application, actor=actor, at=at)
    if not details.given_name.strip() or not details.family_name.strip():
        raise Refused("firearms.referee_name_missing", field="given_name")
    if not parse_email(details.email):
        raise Refused("firearms.referee_email_wrong", field="email")
    _require_own_contact(referee, email=details.email, phone=details.phone)
    # No link has an empty hash, so the earlier one opens nothing.
    referee.replaced_at, referee.token_sha256 = at, ""
    referee.save(update_fields=["replaced_at", "token_sha256"])
    added = add_referee(referee.application, details, referee.position, actor=actor, at=at)
    record_act(added, ref=referee.application.reference, detail={"position": referee.position})


@command(permission="firearms.reply", act="firearms.reply_saved", category=Category.COLLECTION)
def save_reply(*, actor: Actor, at: datetime, token: str, texts: Mapping[str, str]) -> None:
    """Store what a referee typed so far, right or wrong.

    Raises:
        NotFound: The link is wrong or has ended, or they have replied.
        Refused: A text cannot be stored.
    """
    reject_unstorable(texts)
    referee = find_referee(actor=actor, token=token, at=at, lock=True)
    if referee.replied_at:
        raise NotFound("There is no such link, or it has ended.")
    # Over what was there: two pages can be open at once.
    referee.texts = {**referee.texts, **texts}
    referee.save(update_fields=["texts"])
    record_act(referee, ref=referee.application.reference)


@command(permission="firearms.reply", act="firearms.referee_replied", category=Category.COLLECTION)
def record_reply(*, actor: Actor, at: datetime, token: str) -> None:
    """Take what a referee answers, once. A second time changes nothing.

    Raises:
        NotFound: The link is wrong or has ended.
        Refused: An answer is missing or wrong.
    """
    referee = _lock_referee(actor, token, at)
    # Pressed twice, the first reply stays.
    if referee.replied_at is None:
        question_set = current_question_set(REPLY_SET, on=london_date(at))
        answers = read_answers(question_set, referee.texts, at=at)
        if answers.problems:
            raise Refused(errors=answers.problems)
        referee.answers = answers.all_values
        # What they typed on the way is nobody's business once they have sent it.
        referee.texts = {}
        referee.question_set_version = question_set.version
        referee.replied_at = at
        referee.save(update_fields=["answers", "texts", "question_set_version", "replied_at"])
        bring_on(referee.application, actor=actor, at=at)
    record_act(referee, ref=referee.application.reference, detail={"position": referee.position})


def _lock_referee(actor: Actor, token: str, at: datetime) -> Referee:
    """Return the referee whose link this is, locked with the application."""
    _lock_application_of(find_referee(actor=actor, token=token, at=at).application_id)
    return find_referee(actor=actor, token=token, at=at, lock=True)


def _lock_application_of(application_id: UUID) -> None:
    """Lock an application before its referees: whoever withdraws it does so in this order."""
    Application.objects.select_for_update().filter(id=application_id).first()


def lock_open_referee(actor: Actor, application_id: UUID, referee_id: UUID) -> Referee:
    """Return a referee who has not replied, locked with the application until the transaction ends.

    Raises:
        NotFound: The application has no such referee.
        Conflict: They have replied, or it is decided or withdrawn.
    """
    _lock_application_of(application_id)
    referee = (
        Referee.objects.select_for_update(of=("self",))
        .select_related("application__applicant")
        .filter(
            id=referee_id,
            application_id=application_id,
            application__force=actor.force,
            replaced_at=None,
        )
        .first()
    )
    if referee is None:
        raise NotFound("There is no such referee.")
    if referee.replied_at:
        raise Conflict("firearms.referee_replied")
    # Whoever is asked about a decided application would answer for nothing.
    if referee.application.stage not in STAGES_OF_REFEREES:
        raise Conflict("firearms.stage_wrong")
    return referee


def _require_own_contact(referee: Referee, *, email: str, phone: str = "") -> None:
    """Refuse an address or number that is the applicant's or the other referee's."""
    application = referee.application
    applicant, answers = application.applicant, application.answers
    others = application.referees.filter(replaced_at=None).exclude(id=referee.id)
    codes = {
        "email": find_shared_contact(
            "email",
            normalise_email(email),
            # As it is on record, and as they gave it: the record can have been corrected since.
            own={applicant.email_key, normalise_email(str(answers.get("email") or ""))},
            others={normalise_email(other.email) for other in others},
        ),
        "phone": find_shared_contact(
            "phone",
            normalise_phone(phone),
            own={
                applicant.phone_key,
                *(
                    normalise_phone(str(answers.get(name) or ""))
                    for name in ("mobile", "home_phone", "work_phone")
                ),
            },
            others={normalise_phone(other.phone) for other in others},
        ),
    }
    if problems := [Problem(code, field) for field, code in codes.items() if code]:
        raise Refused(errors=problems)


def _require_few_links(application: Application, *, actor: Actor, at: datetime) -> None:
    count = count_messages(
        actor=actor,
        template=_TEMPLATE,
        reference=application.reference,
        since=at - timedelta(days=1),
    )
    if count >= MAX_LINKS_A_DAY:
        raise Refused("firearms.referee_links_many", field="email")
