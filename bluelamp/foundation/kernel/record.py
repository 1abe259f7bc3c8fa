"""The base of every table, and how its rows are to be handled."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from django.db import models

from bluelamp.foundation.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Handling:
    """How a table's rows are protected, kept and exported.

    Attributes:
        classification: By the Government Security Classifications.
        retention: The name of a policy in `kernel/retention.py`.
        export: Whether the rows are part of a full export.
        counted_from: The date or time field from which the policy's period counts; "" where the
            rows go with those they belong to, or something else deletes them.
        ends_at: The time field that says when a row goes before that period is over, and is null
            in most; "" where no row does.
    """

    classification: Literal["OFFICIAL", "OFFICIAL-SENSITIVE"]
    retention: str
    export: bool
    counted_from: str = ""
    ends_at: str = ""


class Record(models.Model):
    """A row with a UUIDv7 as its key. Every model states its handling, or a system check fails."""

    handling: ClassVar[Handling]
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True

    @property
    def is_new(self) -> bool:
        """Say whether the row has not been stored yet."""
        return self._state.adding
