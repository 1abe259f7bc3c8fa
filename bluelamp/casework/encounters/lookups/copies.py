"""Look up the copy of a record by its link, for whoever was searched or stopped."""

from dataclasses import dataclass
from datetime import date, datetime

from bluelamp.casework.encounters.models import CopyLink, Encounter
from bluelamp.casework.encounters.rules import hash_copy_secret, last_day_for_copy
from bluelamp.foundation.audit.acts import Category, lookup, record_act
from bluelamp.foundation.forms.lookups import get_question_set
from bluelamp.foundation.forms.rules import RowText, show_answers, translate
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound

# PACE 1984 s.3(6) and (6A), and how it ended. Whoever finds the link must not learn who it was: so
# neither name nor date of birth, nor anything of an order against them.
_SHOWN_FACTS = frozenset(
    {
        "search.search_type",
        "vehicle.vrm",
        "search.legislation",
        "search.authority",
        "search.object",
        "search.grounds",
        "subject.self_defined_ethnicity",
        "subject.observed_ethnicity",
        "search.clothing",
        "search.outcome",
        "search.is_linked",
        # Of a stop and account, where the force gives a receipt. Not what they said, which may
        # name them.
        "event.reason",
        "event.outcome",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordCopy:
    """The record of a search as the person reads it by their link, without their name.

    `kind` says what the record is of. `copy_until` is the last day that the link works.
    `is_corrected` says that this is not the version which was made at the search.
    """

    reference: str
    kind: str
    happened_at: datetime
    place: str
    officer: str
    rows: tuple[RowText, ...]
    copy_until: date
    is_corrected: bool


@lookup(permission="encounter.read_copy", act="encounter.copy_read", category=Category.DISCLOSURE)
def get_own_copy(*, actor: Actor, at: datetime, secret: str, language: str) -> RecordCopy:
    """Return the latest version of a record, to whoever has the secret of its link.

    Args:
        actor: Whoever has the link.
        at: The time.
        secret: What ends the link.
        language: The language of the labels, "en" or "cy". What the officer wrote stays as it is.

    Raises:
        NotFound: There is no such link, or the three months are over (PACE 1984 s.3(9)).
    """
    link = (
        CopyLink.objects.filter(
            secret_sha256=hash_copy_secret(secret), encounter__force=actor.force
        )
        .select_related("encounter")
        .first()
    )
    if link is None:
        raise NotFound("There is no such record.")
    encounter = _latest_version(link.encounter)
    # By the time on record now: a correction may have changed it.
    copy_until = last_day_for_copy(london_date(encounter.happened_at))
    if london_date(at) > copy_until:
        raise NotFound("There is no such record.")
    record_act(encounter, ref=encounter.reference)
    place = encounter.location.in_one_line if encounter.location else ""
    return RecordCopy(
        reference=encounter.reference,
        kind=encounter.kind,
        happened_at=encounter.happened_at,
        place=", ".join(filter(None, (place, encounter.place_detail))),
        officer=encounter.recorded_by_name,
        rows=_list_rows(encounter, language),
        copy_until=copy_until,
        is_corrected=encounter.version > 1,
    )


def _latest_version(encounter: Encounter) -> Encounter:
    while later := Encounter.objects.filter(corrects=encounter).first():
        encounter = later
    return encounter


def _list_rows(encounter: Encounter, language: str) -> tuple[RowText, ...]:
    question_set = translate(
        get_question_set(encounter.question_set, encounter.question_set_version), language
    )
    shown = {q.id for q in question_set.questions if q.becomes in _SHOWN_FACTS}
    sections = show_answers(
        question_set, encounter.answers, today=london_date(encounter.happened_at)
    )
    pages = [page for section in sections for page in section.pages]
    return tuple(row for page in pages for row in page.rows if row.question_id in shown)
