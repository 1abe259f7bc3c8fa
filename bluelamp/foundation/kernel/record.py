"""The base of every table, and how its rows are to be handled."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from django.db import models

from bluelamp.foundation.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Handling:
    """Classification (Government Security Classifications), retention rule, and whether it is
    exported.
    """

    classification: Literal["OFFICIAL", "OFFICIAL-SENSITIVE"]
    retention: str
    export: bool


class Record(models.Model):
    """A row with a UUIDv7 for its key. Every model states its handling; a system check fails
    otherwise.
    """

    handling: ClassVar[Handling]
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True

    @property
    def is_new(self) -> bool:
        """Say whether the row is still to be written."""
        return self._state.adding
