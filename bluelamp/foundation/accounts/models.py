"""Staff and partners' accounts, and roles."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.record import Handling, Record


class Role(Record):
    """A named set of permissions."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="while-in-use", export=True)
    name = models.SlugField(unique=True)
    title = models.CharField(max_length=80)
    permissions = ArrayField(models.CharField(max_length=40))


class User(AbstractBaseUser):
    """A person with an account: an officer, a member of staff or a partner's."""

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="employment-plus-6-years", export=True
    )

    class Organisation(models.TextChoices):
        POLICE = "police"
        CPS = "cps"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    rank = models.CharField(max_length=40, blank=True)
    collar = models.CharField(max_length=10, blank=True)
    force = models.CharField(max_length=4)
    unit = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    organisation = models.CharField(
        max_length=10, choices=Organisation, default=Organisation.POLICE
    )
    roles = models.ManyToManyField(Role, related_name="holders")
    is_active = models.BooleanField(default=True)

    objects: ClassVar = BaseUserManager()
    USERNAME_FIELD = "username"

    @property
    def initials(self) -> str:
        """Return the initials an exhibit reference starts with, as AB for Ada Bello."""
        return "".join(
            part[0] for part in self.name.replace("-", " ").split() if part[0].isalpha()
        ).upper()[:4]

    @property
    def known_as(self) -> str:
        """Return rank, name and collar number, as colleagues would write it."""
        return " ".join(part for part in (self.rank, self.name, self.collar) if part)
