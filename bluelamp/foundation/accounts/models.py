"""Accounts of staff and partners, their organisations, and roles."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.record import Handling, Record


class Organisation(Record):
    """A police force, or another organisation whose people have accounts here."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="while-in-use", export=True)

    class Kind(models.TextChoices):
        """The kinds that can have accounts: the values of `OrganisationKind` without an account
        are left out.
        """

        POLICE = "police"
        PROSECUTOR = "prosecutor"

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    force = models.CharField(max_length=4, blank=True, help_text="The PNC code of a police force.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="police_organisations_have_a_force_code",
                condition=models.Q(kind="police") ^ models.Q(force=""),
            ),
            models.UniqueConstraint(
                name="one_organisation_per_force",
                fields=["force"],
                condition=~models.Q(force=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(Record):
    """A named set of permissions."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="while-in-use", export=True)
    name = models.SlugField(unique=True)
    title = models.CharField(max_length=80)
    held_by = models.CharField(max_length=200, blank=True, help_text="Who may hold it.")
    purpose = models.CharField(max_length=200, blank=True, help_text="Why they need it.")
    permissions = ArrayField(models.CharField(max_length=40))

    def __str__(self) -> str:
        return self.title


class User(AbstractBaseUser):
    """A person with an account: an officer, a member of staff or a partner's."""

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="employment-plus-6-years", export=True
    )

    # Django would write the time of each sign-in here, outside a command. The audit record has it.
    last_login = None
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    rank = models.CharField(max_length=40, blank=True)
    collar = models.CharField(max_length=10, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users")
    force = models.CharField(max_length=4)
    unit = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    roles = models.ManyToManyField(Role, related_name="users")
    is_active = models.BooleanField(default=True)

    objects: ClassVar = BaseUserManager()
    USERNAME_FIELD = "username"

    @property
    def initials(self) -> str:
        """Return the initials that an exhibit reference starts with, as AB for Ada Bello."""
        return "".join(
            part[0] for part in self.name.replace("-", " ").split() if part[0].isalpha()
        ).upper()[:4]

    @property
    def display_name(self) -> str:
        """Return rank, name and collar number, as colleagues would write it."""
        return " ".join(part for part in (self.rank, self.name, self.collar) if part)
