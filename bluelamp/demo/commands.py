"""Loading the demonstration force, by the same commands that people use."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from bluelamp.casework.crimes.commands import record_crime, record_from_report
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.casework.investigations.commands import allocate_officer
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.rules import ReportAnswers, report_subject
from bluelamp.demo import cast
from bluelamp.demo.confirmed_addresses import confirm_demo_addresses
from bluelamp.demo.encounters import record_domestic_abuse, record_searches
from bluelamp.demo.fees import set_demo_fees
from bluelamp.demo.firearms import record_firearms
from bluelamp.demo.incidents import Incident, make_incidents
from bluelamp.demo.photos import PHOTO_NAMES, receive_photo
from bluelamp.demo.requests import record_requests
from bluelamp.demo.story import record_story
from bluelamp.foundation.accounts.actors import public_actor, user_actor
from bluelamp.foundation.accounts.commands import NewAccount, create_organisation, open_account
from bluelamp.foundation.accounts.models import Organisation, User
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id

WAITING_REPORTS = 24  # left in the crime desk's queue
RECORDED_CRIMES = 300


@command(permission="demo.load", act="demo.loaded")
def load_demo(*, actor: Actor, at: datetime, say: Callable[[str], None] = print) -> None:
    """Open the cast's accounts and record a few hundred invented incidents, all or nothing.

    Args:
        actor: Who loads it.
        at: The time; the incidents happened in the four weeks before.
        say: Called with a line of text for each step of the progress.
    """
    accounts = {
        player.username: open_player_account(player, actor=actor, at=at) for player in cast.STAFF
    }
    desk, bilal = user_actor(accounts["joy"]), accounts["bilal"]
    ada = user_actor(accounts["ada"])
    set_demo_fees(installer=actor, editor=desk, at=at)
    # A fixed seed: every demonstration has the same crimes, and a fault in one is in all.
    rng = random.Random(11)  # noqa: S311 - nothing secret comes of it
    incidents = list(make_incidents(count=RECORDED_CRIMES + WAITING_REPORTS, until=at))
    for number, incident in enumerate(incidents[:RECORDED_CRIMES]):
        # A third from the public's reports, the rest by phone and at the counter.
        if number % 3 == 0:
            reference = _submit_incident(incident)
            recorded = record_from_report(
                actor=desk,
                at=_recorded_at(incident, rng),
                reference=reference,
                offence_code=incident.offence_code,
            )
        else:
            recorded = record_crime(
                actor=desk,
                at=_recorded_at(incident, rng),
                crime=NewCrime(
                    offence_code=incident.offence_code,
                    occurred_from=incident.happened_at,
                    summary=incident.narrative,
                    location=incident.place,
                    victims=(incident.person,),
                    reported_at=incident.reported_at,
                ),
            )
        # A few have an officer in the case, as where a force has more crimes than officers.
        if number % 25 == 0:
            later = incident.reported_at + timedelta(hours=5)
            allocate_officer(actor=desk, at=later, number=recorded.number, officer_id=bilal.id)
        if number % 100 == 99:
            say(f"{number + 1} of {RECORDED_CRIMES} crimes recorded")
    for number, incident in enumerate(incidents[RECORDED_CRIMES:]):
        # Some wait longer than they should, so that the queue shows both deadlines.
        recent = at - timedelta(minutes=7 + 38 * (WAITING_REPORTS - number))
        _submit_incident(incident, received_at=recent, photos=number % 4)
    record_searches(ada=ada, incidents=incidents[:RECORDED_CRIMES])
    record_domestic_abuse(ada=ada, place=incidents[0].place, at=at - timedelta(hours=20))
    record_requests(installer=actor, officer=user_actor(accounts["dev"]), at=at)
    record_firearms(
        installer=actor,
        officer=user_actor(accounts["ike"]),
        manager=user_actor(accounts["nell"]),
        incidents=incidents,
        at=at,
    )
    record_story(at=at)
    confirm_demo_addresses(at=at)
    record_act(
        None, ref="demonstration", detail={"crimes": RECORDED_CRIMES, "reports": WAITING_REPORTS}
    )


def open_player_account(player: cast.Player, *, actor: Actor, at: datetime) -> User:
    """Open a player's account, with the password that the whole cast shares."""
    organisation = cast.organisation_of(player)
    if not Organisation.objects.filter(code=organisation.code).exists():
        create_organisation(
            actor=actor,
            at=at,
            code=organisation.code,
            name=organisation.name,
            kind=organisation.kind,
            force=organisation.force,
        )
    return open_account(
        actor=actor,
        at=at,
        account=NewAccount(
            username=player.username,
            name=player.name,
            force=player.force,
            roles=player.roles,
            password=cast.PASSWORD,
            rank=player.rank,
            collar=player.collar,
            unit=player.unit,
            email=player.email,
            organisation=organisation.code,
        ),
    )


def _recorded_at(incident: Incident, rng: random.Random) -> datetime:
    return incident.reported_at + timedelta(minutes=rng.randrange(10, 240))


def _submit_incident(
    incident: Incident, *, received_at: datetime | None = None, photos: int = 0
) -> str:
    """Submit an incident as the public would, with some photographs; return its reference."""
    at = received_at or incident.reported_at
    # A report cannot come before what it is about.
    happened_at = min(incident.happened_at, at - timedelta(minutes=20))
    report_id = new_id()
    public = public_actor(address="127.0.0.1")
    items = [
        receive_photo(public, at=at, subject=report_subject(report_id), name=name)
        for name in PHOTO_NAMES[:photos]
    ]
    answers = ReportAnswers(
        kind=incident.kind,
        narrative=incident.narrative,
        occurred_from=happened_at,
        address=incident.place.address,
        postcode=incident.place.postcode,
        easting=incident.place.easting,
        northing=incident.place.northing,
        latitude=incident.place.latitude,
        longitude=incident.place.longitude,
        given_name=incident.person.given_name,
        family_name=incident.person.family_name,
        email=incident.person.email,
        phone=incident.person.phone,
        contact_preference="email",
        is_safe_to_contact=True,
        is_declared_true=True,
    )
    return submit_report(
        actor=public, at=at, report_id=report_id, answers=answers, item_ids=items
    ).reference
