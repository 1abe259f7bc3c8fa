"""A fingerprint of what the record says about some crimes, to see cheaply whether it changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Max, Q, QuerySet
from django.db.models.functions import Cast

from bluelamp.casework.casefiles.models import CaseFile
from bluelamp.casework.crimes.models import ClassificationChange
from bluelamp.casework.investigations.models import Exhibit, InvestigationEntry
from bluelamp.records.evidence.models import Item
from bluelamp.records.evidence.rules import ScanVerdict
from bluelamp.records.people.models import Link, PersonCorrection

# The last two groups of a UUIDv7, which are random: they tell two rows of the same millisecond
# apart. With the count that is enough, and the stored text stays short.
_ID_TAIL = 17


def list_crime_ids(case_file: CaseFile) -> list[UUID]:
    """Return the ids of the crimes in a case file, in the order of the file."""
    return list(case_file.crimes.order_by("position").values_list("crime_id", flat=True))


def compute_record_fingerprint(crime_ids: Sequence[UUID]) -> str:
    """Return a text that stays the same until somebody adds, corrects or links something.

    Everything that is done to a crime is written to its log. A person's record changes by a
    correction, or when the person is linked to something else. Take the fingerprint before you
    assemble a case: what is added meanwhile then counts as a change.
    """
    people = Link.objects.filter(subject_id__in=crime_ids, person__isnull=False).values("person_id")
    exhibited = Exhibit.objects.filter(crime_id__in=crime_ids).values("item_id")
    tables: tuple[QuerySet[Any], ...] = (
        InvestigationEntry.objects.filter(crime_id__in=crime_ids),
        ClassificationChange.objects.filter(crime_id__in=crime_ids),
        Link.objects.filter(Q(subject_id__in=crime_ids) | Q(person_id__in=people)),
        PersonCorrection.objects.filter(person_id__in=people),
        # A scan can quarantine an exhibit without a line in any log.
        Item.objects.filter(id__in=exhibited, scan_verdict=ScanVerdict.INFECTED),
    )
    # All of these tables are append-only, so the count and the newest id say it all. PostgreSQL has
    # no max() of a UUID, hence the text.
    latest = Max(Cast("id", CharField()))
    totals = [table.order_by().aggregate(count=Count("id"), latest=latest) for table in tables]
    return " ".join(f"{total['count']}:{(total['latest'] or '')[-_ID_TAIL:]}" for total in totals)
