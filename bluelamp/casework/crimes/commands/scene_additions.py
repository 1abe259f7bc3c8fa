"""Add what an officer learnt later to a crime, and correct what they recorded, inside a command."""

from datetime import datetime
from typing import Any

from bluelamp.casework.crimes.commands.changing import rebuild_search_keys
from bluelamp.casework.crimes.commands.people import correct_person
from bluelamp.casework.crimes.commands.scene_links import (
    NewLink,
    get_or_create_links,
    list_scene_facts,
)
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.rules import MAX_SUMMARY_LENGTH, SceneAnswers, ScenePerson
from bluelamp.casework.crimes.scene_answers import check_added_answers
from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.people.commands import add_link
from bluelamp.records.people.lookups import list_linked_people
from bluelamp.records.people.rules import SubjectKind


def add_scene_answers(
    *, actor: Actor, at: datetime, crime: Crime, answers: SceneAnswers
) -> list[NewLink]:
    """Add suspects, witnesses, vehicles and property to a crime, as answers of its scene form.

    Args:
        actor: The officer.
        at: When.
        crime: The row, which the caller has locked.
        answers: Only of sections that repeat. What the crime has of them stays, before these.

    Returns:
        What was linked to the crime.

    Raises:
        Refused: The version is unknown, or an answer is wrong.
    """
    require_command()
    checked = check_added_answers(answers, at=at)
    facts = list_scene_facts(checked.question_set, checked.own_values, at=at)
    links = get_or_create_links(actor=actor, at=at, facts=facts)
    for link in links:
        add_link(
            actor=actor,
            at=at,
            subject_kind=SubjectKind.CRIME,
            subject_id=crime.id,
            role=link.role,
            person=link.person,
            object=link.object,
        )
    crime.answers = _join_rows(crime.answers, checked.own_values)
    crime.question_set = checked.question_set.name
    # No id of a question ever changes its meaning, so the newer version can show the older answers.
    crime.question_set_version = max(checked.question_set.version, crime.question_set_version or 0)
    crime.save(update_fields=["answers", "question_set", "question_set_version"])
    rebuild_search_keys(actor=actor, crime=crime)
    return links


def _join_rows(before: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    return before | {name: [*before.get(name, []), *rows] for name, rows in added.items()}


def correct_summary(*, crime: Crime, summary: str) -> str | None:
    """Correct what happened, and return what it said before; None where nothing changes.

    Raises:
        Refused: It is empty or too long.
    """
    require_command()
    summary = clean_text(
        summary, max_length=MAX_SUMMARY_LENGTH, field="summary", label="crimes.summary_label"
    )
    if not summary:
        raise Refused("crimes.summary_missing", field="summary")
    if summary == crime.summary:
        return None
    before, crime.summary = crime.summary, summary
    crime.save(update_fields=["summary"])
    return before


def correct_scene_person(
    *, actor: Actor, at: datetime, crime: Crime, person: ScenePerson
) -> tuple[str, ...]:
    """Correct somebody whom the officer recorded with a crime. What it said before is kept.

    Returns:
        The names of the fields that changed.

    Raises:
        Refused: They are not in this crime, or a detail is wrong.
    """
    people = {
        linked.person.id: linked.person
        for linked in list_linked_people(actor=actor, subject_id=crime.id)
    }
    if (existing := people.get(person.person_id)) is None:
        raise Refused("crimes.person_not_in_crime", field="person_id")
    return correct_person(
        actor=actor,
        at=at,
        person_id=existing.id,
        details=person.as_input(existing.as_input),
        reason=f"Corrected by the officer who recorded it ({crime.number}).",
    )
