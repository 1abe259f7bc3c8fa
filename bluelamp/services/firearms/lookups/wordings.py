"""The wording of standard conditions: what is in force, and everything before it."""

from datetime import date, datetime

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.services.firearms.models import ConditionWording
from bluelamp.services.firearms.rules.condition_wordings import BUILT_IN, Wording, find_wording
from bluelamp.services.firearms.rules.conditions import list_standard_conditions


@lookup(permission="reference.edit", act="firearms.wordings_listed")
def list_wordings(*, actor: Actor, at: datetime) -> tuple[Wording, ...]:
    """Return every wording, those that come with the program first, then in the order given."""
    wordings = read_wordings()
    record_act(None, detail={"count": len(wordings)})
    return wordings


def read_wordings() -> tuple[Wording, ...]:
    """Return every wording, within a command or lookup. They are nobody's personal data."""
    # In this order: of two for one day, `find_wording` takes the last.
    rows = ConditionWording.objects.order_by("set_at", "id")
    return (*BUILT_IN, *(_to_wording(row) for row in rows))


def word_conditions(certificate_kind: str, *, on: date) -> list[tuple[str, str]]:
    """Return the code and the wording of each standard condition of a certificate on a day."""
    wordings = read_wordings()
    found = (
        (code.value, find_wording(wordings, code, certificate_kind, on=on))
        for code in list_standard_conditions(certificate_kind)
    )
    return [(code, wording.text if wording else "") for code, wording in found]


def _to_wording(row: ConditionWording) -> Wording:
    return Wording(
        code=row.code,
        certificate_kind=row.certificate_kind,
        text=row.text,
        in_force_from=row.in_force_from,
        source=row.source,
        # Whoever sets one copies it from the law, and says from where.
        is_confirmed=True,
    )
