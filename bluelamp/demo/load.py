"""Loads the demonstration force, through the commands that people use."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from bluelamp.casework.crimes.commands import record_crime, record_from_report
from bluelamp.casework.investigations.commands import allocate
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.rules import ReportAnswers
from bluelamp.demo import cast
from bluelamp.demo.incidents import Incident, invent
from bluelamp.demo.photos import NAMES, hand_in
from bluelamp.demo.story import play
from bluelamp.foundation.accounts.commands import open_account
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.queries import actor_for
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id

WAITING = 24  # reports that the crime desk finds in its queue
ALREADY = 300  # crimes that are on record


def is_loaded() -> bool:
    """Say whether the cast is there already."""
    return User.objects.filter(username=cast.ADA.username).exists()


@command(may="demo.load", act="demo.loaded")
def load_demo(*, actor: Actor, at: datetime, say: Callable[[str], None] = print) -> None:
    """Open the cast's accounts and record a few hundred invented incidents. All or nothing."""
    accounts = {player.username: open_for(player, actor=actor, at=at) for player in cast.STAFF}
    desk, bilal = actor_for(accounts["joy"]), accounts["bilal"]
    chance = random.Random(11)  # noqa: S311 - nothing secret comes of it
    incidents = list(invent(count=ALREADY + WAITING, until=at))
    for number, incident in enumerate(incidents[:ALREADY]):
        if number % 3 == 0:
            reference = _report(incident)
            recorded = record_from_report(
                actor=desk,
                at=_soon(incident, chance),
                reference=reference,
                offence_code=incident.offence_code,
            )
        else:
            recorded = record_crime(
                actor=desk,
                at=_soon(incident, chance),
                offence_code=incident.offence_code,
                occurred_from=incident.happened_at,
                summary=incident.narrative,
                location=incident.place,
                victims=[incident.person],
                reported_at=incident.reported_at,
            )
        if number % 25 == 0:
            later = incident.reported_at + timedelta(hours=5)
            allocate(actor=desk, at=later, number=recorded.number, officer_id=bilal.id)
        if number % 100 == 99:
            say(f"{number + 1} of {ALREADY} crimes recorded")
    for number, incident in enumerate(incidents[ALREADY:]):
        recent = at - timedelta(minutes=7 + 38 * (WAITING - number))
        _report(incident, received_at=recent, photos=number % 4)
    play(at=at)
    record_act(None, ref="demonstration", detail={"crimes": ALREADY, "reports": WAITING})


def open_for(player: cast.Player, *, actor: Actor, at: datetime) -> User:
    """Open a player's account, with the password that everybody knows."""
    return open_account(
        actor=actor,
        at=at,
        username=player.username,
        name=player.name,
        force=player.force,
        roles=list(player.roles),
        password=cast.PASSWORD,
        rank=player.rank,
        collar=player.collar,
        unit=player.unit,
        email=player.email,
        organisation=player.organisation,
    )


def _soon(incident: Incident, chance: random.Random) -> datetime:
    return incident.reported_at + timedelta(minutes=chance.randrange(10, 240))


def _report(incident: Incident, *, received_at: datetime | None = None, photos: int = 0) -> str:
    """Submit an incident as the public would, with some photographs; returns its reference."""
    at = received_at or incident.reported_at
    happened_at = min(incident.happened_at, at - timedelta(minutes=20))
    report_id = new_id()
    public = Actor.public(address="127.0.0.1")
    items = [hand_in(public, at=at, report_id=report_id, name=name) for name in NAMES[:photos]]
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
        is_declared_true=True,
    )
    return submit_report(
        actor=public, at=at, report_id=report_id, answers=answers, item_ids=items
    ).reference
