"""What holders told us of: transfers, losses, new addresses, and changes of their health."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.models.certificates import Certificate, Gun
from bluelamp.services.firearms.rules.notices import NoticeKind, OtherKind

_HANDLING = Handling(
    classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=True
)


class HolderNotice(Record):
    """Something that a holder told us, as they told it. Triggers refuse any change.

    What the licensing team makes of it is elsewhere, so that this stays proof of what was said, and
    when. The gun's fields are copied: a certificate's row can be corrected later.
    """

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(
        max_length=20, choices=[(kind.value, kind.value) for kind in NoticeKind]
    )
    # sold, given, hired, lent, bought, lost, stolen, destroyed, deactivated; "" where one way only.
    way = models.CharField(max_length=12, blank=True)
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # Null for an address and for health, which are about the holder.
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="notices")
    # Null also for a gun that was acquired: it is on no certificate of theirs yet.
    gun = models.ForeignKey(Gun, models.PROTECT, null=True, related_name="notices")
    happened_on = models.DateField(null=True)
    is_abroad = models.BooleanField()
    told_at = models.DateTimeField()
    # The last day on which telling us was in time; null where the law names no number of days.
    due_on = models.DateField(null=True)
    gun_type = models.CharField(max_length=40, blank=True)
    gun_make = models.CharField(max_length=80, blank=True)
    gun_model = models.CharField(max_length=80, blank=True)
    gun_calibre = models.CharField(max_length=40, blank=True)
    serial_number = models.CharField(max_length=60, blank=True)
    serial_key = models.CharField(max_length=60, blank=True)
    other_kind = models.CharField(
        max_length=8, blank=True, choices=[(kind.value, kind.value) for kind in OtherKind]
    )
    other_name = models.CharField(max_length=200, blank=True)
    other_address = models.CharField(max_length=400, blank=True)
    other_number = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=400, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    # What they wrote besides. Of their health nothing is here: see HealthNotice.
    details = models.TextField(blank=True)
    # How they told us. The law wants a transfer told by post or by permitted electronic means.
    means = models.CharField(max_length=10, db_default="online", default="online")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_by_name = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["force", "told_at"], name="firearms_notices_by_day"),
            models.Index(fields=["holder", "told_at"], name="firearms_notices_of_holder"),
            # The other side of a transfer is looked for by the number of the gun.
            models.Index(
                fields=["force", "serial_key"],
                condition=~Q(serial_key=""),
                name="firearms_notices_by_serial",
            ),
        ]

    @property
    def is_late(self) -> bool:
        """Say whether they told us after the last day. The day counts as London has it."""
        return self.due_on is not None and london_date(self.told_at) > self.due_on


class HealthNotice(Record):
    """What a holder told us of their health, apart, for the few who may read it. Never changed."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=False
    )
    notice = models.OneToOneField(HolderNotice, models.PROTECT, related_name="health")
    details = models.TextField()
