"""A supervisor returns a record, and its officer corrects it."""

import hashlib
import json
from datetime import date, datetime

from django.db import IntegrityError, transaction

from bluelamp.casework.encounters.commands.recording import (
    check_answers,
    find_question_set,
    insert_encounter,
)
from bluelamp.casework.encounters.models import Encounter, EncounterReturn
from bluelamp.casework.encounters.policy import encounter_policy
from bluelamp.casework.encounters.rules import (
    SCENE_KINDS,
    CorrectedEncounter,
    EncounterKind,
    RecordedEncounter,
    encounter_reference,
    parse_encounter_reference,
)
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.receipts import record_receipt
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable

_MAX_REASON_LENGTH = 1_000


@command(permission="encounter.view_all", act="encounter.returned")
def return_encounter(
    *, actor: Actor, at: datetime, reference: str, reason: str, due_on: date | None = None
) -> None:
    """Give a record back to its officer, who sees why, and by when it is wanted back.

    Raises:
        NotFound: There is no such record.
        Refused: There is no reason, or the day has passed.
        Conflict: It has been returned, or corrected.
    """
    encounter = _find_encounter(actor, reference)
    if Encounter.objects.filter(corrects=encounter).exists():
        raise Conflict("encounters.record_corrected")
    if EncounterReturn.objects.filter(encounter=encounter).exists():
        raise Conflict("encounters.record_returned")
    if due_on and due_on < london_date(at):
        raise Refused("encounters.return_due_passed", field="due_on")
    returned = EncounterReturn(
        encounter=encounter,
        due_on=due_on,
        reason=_require_reason(reason, "return_reason"),
        returned_at=at,
        returned_by_id=actor.id,
        returned_by_name=actor.name[:200],
    )
    try:
        with transaction.atomic():
            returned.save(force_insert=True)
    except IntegrityError:  # a colleague was quicker
        raise Conflict("encounters.record_returned") from None
    record_act(encounter, ref=encounter.reference)


@command(permission="encounter.record", act="encounter.corrected")
def correct_encounter(
    *, actor: Actor, at: datetime, correction: CorrectedEncounter, sha256: str = ""
) -> RecordedEncounter:
    """Record a new version. The earlier one stays as it was.

    Only the officer who recorded it may: nobody else can say what they saw. The same correction
    that is sent twice is one.

    Args:
        actor: The officer.
        at: When.
        correction: The answers as they should be, and why.
        sha256: The hash of the capture's bytes where a device sealed it, in lower-case hexadecimal.

    Raises:
        NotFound: There is no such record by this officer.
        Refused: An answer is wrong, or there is no reason.
        Conflict: That version has been corrected, or the id was used for something else.
    """
    reject_unstorable(dict(correction.values))
    earlier = _find_encounter(actor, correction.reference)
    kind = EncounterKind(earlier.kind)
    new_reference = encounter_reference(correction.encounter_id, kind)
    if earlier.recorded_by_id != actor.id:
        raise NotFound(encounter_policy.not_found)
    if not record_receipt(
        capture_id=correction.encounter_id,
        sha256=sha256 or _hash_correction(correction),
        kind="correction",
    ):
        record_act(earlier, ref=new_reference, detail={"received": "before"})
        return RecordedEncounter(
            encounter_id=correction.encounter_id, reference=new_reference, is_new=False
        )
    # After the receipt: a correction that is sent again is in no conflict with itself.
    if Encounter.objects.filter(corrects=earlier).exists():
        raise Conflict("encounters.record_corrected")
    question_set = find_question_set(kind, correction.version, name=kind)
    encounter = Encounter(
        id=correction.encounter_id,
        kind=kind,
        device_id=correction.device_id,
        device_at=correction.device_at,
        # Where the answers don't say another time: the answers of the correction win.
        happened_at=earlier.happened_at,
        version=earlier.version + 1,
        corrects=earlier,
        correction_reason=_require_reason(correction.reason, "correction_reason"),
    )
    values = check_answers(question_set, correction.values, at=at)
    insert_encounter(encounter, actor=actor, at=at, question_set=question_set, values=values)
    record_act(
        encounter,
        ref=encounter.reference,
        detail={"corrects": earlier.reference, "version": encounter.version},
    )
    return RecordedEncounter(encounter_id=encounter.id, reference=encounter.reference)


def _find_encounter(actor: Actor, reference: str) -> Encounter:
    """Return a record of the scene that the actor may see. Raises NotFound."""
    encounter = (
        encounter_policy.queryset(actor)
        .filter(kind__in=SCENE_KINDS, reference=parse_encounter_reference(reference) or "")
        .first()
    )
    if encounter is None:
        raise NotFound(encounter_policy.not_found)
    return encounter


def _require_reason(text: str, name: str) -> str:
    reason = clean_text(
        text, max_length=_MAX_REASON_LENGTH, field="reason", label=f"encounters.{name}_label"
    )
    if not reason:
        raise Refused(f"encounters.{name}_missing", field="reason")
    return reason


def _hash_correction(correction: CorrectedEncounter) -> str:
    """Return the hash by which a correction that is sent twice is recognised."""
    parts = [correction.reference, correction.version, correction.values, correction.reason]
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
