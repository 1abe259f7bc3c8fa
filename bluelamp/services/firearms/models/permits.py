"""Temporary permits: why one was issued, and under whose authority."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.services.firearms.models.certificates import Certificate
from bluelamp.services.firearms.models.decisions import AuthorityEntry
from bluelamp.services.firearms.rules.authority import Risk
from bluelamp.services.firearms.rules.permits import PermitPurpose


class TemporaryPermit(Record):
    """Why a temporary permit was issued, and under which authority. Triggers refuse any change.

    The permit itself is a `Certificate` of its own kind, with its guns, its days and its PDF.
    `may_use` says whether the guns may be used, or only be kept and passed on.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=True
    )
    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="permit")
    purpose = models.CharField(
        max_length=16, choices=[(purpose.value, purpose.value) for purpose in PermitPurpose]
    )
    reasons = models.TextField()
    may_use = models.BooleanField()
    # Where the guns are while the permit lasts, which may not be where its holder lives.
    storage_address = models.CharField(max_length=400)
    risk = models.CharField(max_length=8, choices=[(risk.value, risk.value) for risk in Risk])
    authority = models.ForeignKey(AuthorityEntry, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="a_permit_has_its_reasons"),
        ]
