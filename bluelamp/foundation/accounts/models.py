"""Accounts of staff and partners, their organisations, and roles."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from bluelamp.foundation.accounts.device_models import (  # noqa: F401 - Django looks here
    Device,
    DeviceLimitAlarm,
)
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
                # Exclusive or: each police organisation has a code, and nobody else has one.
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
    offered_permissions = ArrayField(
        models.CharField(max_length=40),
        default=list,
        db_default=[],
        help_text="The default permissions that this role was given, now or once: what a force"
        " took away is not given again.",
    )

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
    collar = models.CharField(max_length=40, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users")
    force = models.CharField(max_length=4)
    unit = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    roles = models.ManyToManyField(Role, related_name="users")
    is_active = models.BooleanField(default=True)
    deactivated_at = models.DateTimeField(
        null=True, help_text="When the account was last shut: what was given out before is void."
    )

    objects: ClassVar = BaseUserManager()
    USERNAME_FIELD = "username"

    @property
    def initials(self) -> str:
        """Return the initials that an exhibit reference starts with, as AB for Ada Bello."""
        # Four are enough to tell officers apart, and short enough to write on a label.
        return "".join(
            part[0] for part in self.name.replace("-", " ").split() if part[0].isalpha()
        ).upper()[:4]

    @property
    def display_name(self) -> str:
        """Return rank, name and collar number, as colleagues would write it."""
        return " ".join(part for part in (self.rank, self.name, self.collar) if part)


class EnrolmentLink(Record):
    """A one-time link with which a person enrols their first passkey. The token is not stored."""

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="90-days", export=False, counted_from="created_at"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="enrolment_links")
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256, hexadecimal.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_enrolment_link_per_user",
                fields=["user"],
                # A second open link would be a second way in, which nobody remembers to close.
                condition=models.Q(used_at=None, withdrawn_at=None),
            ),
        ]


class DirectoryAccount(Record):
    """What a force's directory says of an account: its own ids for it, and the roles it names."""

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="employment-plus-6-years", export=True
    )

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="directory")
    external_id = models.CharField(max_length=200, blank=True, help_text="The directory's id.")
    issuer = models.CharField(max_length=200, blank=True, help_text="Its OpenID provider.")
    subject = models.CharField(max_length=255, blank=True, help_text="The provider's id.")
    roles = ArrayField(models.CharField(max_length=50), default=list, db_default=[])
    removed_at = models.DateTimeField(null=True, help_text="When the directory dropped them.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_account_per_provider_id",
                fields=["issuer", "subject"],
                # Most accounts have no provider's id: the empty one may occur any number of times.
                condition=~models.Q(subject=""),
            ),
        ]

    def __str__(self) -> str:
        return self.external_id or str(self.user_id)


class DirectoryToken(Record):
    """The bearer token of one client that may call the SCIM service. Only its hash is stored."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="while-in-use", export=False)

    name = models.CharField(max_length=80, unique=True, help_text="Which client has it.")
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256, hexadecimal.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class DirectoryGroup(Record):
    """A group of a force's directory, with those of its members who have accounts here.

    Which roles it gives is a setting (`role_mapping.py`).
    """

    handling: ClassVar = Handling(classification="OFFICIAL", retention="while-in-use", export=True)

    name = models.CharField(max_length=200, unique=True)
    external_id = models.CharField(max_length=200, blank=True)
    members = models.ManyToManyField(User, related_name="directory_groups")

    def __str__(self) -> str:
        return self.name


class AccountSession(Record):
    """A person signed in on a browser, as their list of devices shows it.

    It stands beside Django's own row of the session, which expires and is deleted with it.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="90-days", export=False, counted_from="last_seen_at"
    )

    class Method(models.TextChoices):
        """How the person signed in."""

        PASSKEY = "passkey"
        PASSWORD = "password"
        RECOVERY_CODE = "recovery-code"
        DIRECTORY = "directory"
        DEMONSTRATION = "demonstration"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="account_sessions")
    key_hash = models.CharField(
        max_length=40, unique=True, help_text="The column session_key of Django's row."
    )
    method = models.CharField(max_length=20, choices=Method)
    signed_in_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(
        help_text="When the person last proved who they are: by signing in, or again for something"
        " sensitive."
    )
    last_seen_at = models.DateTimeField(help_text="Written at most once a minute.")
    address = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-last_seen_at"])]
