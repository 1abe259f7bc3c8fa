"""Applications that were begun and not sent yet: how their applicants come back to them."""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.people.models import Person


class SavedApplication(Record):
    """A reference with which somebody comes back to a draft, from any device.

    The draft is opened by a secret. It is encrypted here, under a key that is not in the database,
    and used once a one-time code was right.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="form-draft-90-days",
        export=False,
        counted_from="saved_at",
    )
    force = models.CharField(max_length=4)
    reference = models.CharField(max_length=20, unique=True)
    draft_id = models.UUIDField(unique=True)
    encrypted_secret = models.TextField()
    kind = models.CharField(max_length=16)
    email = models.CharField(max_length=254)
    # Whose session it was begun in: then it is theirs, whatever it says of them now.
    holder = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    # Of our messages. With a default of the database, for what the release before writes.
    language = models.CharField(max_length=2, default="en", db_default="en")
    saved_at = models.DateTimeField()
