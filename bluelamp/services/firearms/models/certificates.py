"""Certificates, with their conditions, guns and ammunition."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.guns import GunStatus

_HANDLING = Handling(
    classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=True
)


class Certificate(Record):
    """A firearm or shotgun certificate, a dealer's, a visitor's permit, or one for explosives.

    `valid_from`, `expires_on` and `extended_until` are days in London, all included. `ended_on` is
    the day on which it was revoked, surrendered, seized or replaced. `public_code` is in its QR
    code. `pdf_sha256` names the signed PDF in the store, "" until it is made.
    """

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(
        max_length=16, choices=[(kind.value, kind.value) for kind in CertificateKind]
    )
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+")
    language = models.CharField(
        max_length=2,
        default="en",
        db_default="en",
        help_text="Of our messages: at first the application's.",
    )
    application = models.ForeignKey(
        "firearms.Application", models.PROTECT, null=True, related_name="issued_certificates"
    )
    valid_from = models.DateField()
    expires_on = models.DateField()
    extended_until = models.DateField(null=True)
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_by_name = models.CharField(max_length=200)
    state = models.CharField(
        max_length=12,
        choices=[(state.value, state.value) for state in CertificateState],
        default=CertificateState.IN_FORCE,
    )
    ended_on = models.DateField(null=True)
    coterminous_with = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    public_code = models.CharField(max_length=40, unique=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True, default="")
    pdf_bytes = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            # The list of those that end soon, and the holder's own.
            models.Index(fields=["force", "state", "expires_on"]),
            models.Index(fields=["holder", "state"]),
            # The public figures are counted from it alone, and the list is in its order.
            models.Index(
                fields=["force", "expires_on", "id"],
                include=["kind", "extended_until"],
                condition=Q(state=CertificateState.IN_FORCE),
                name="firearms_in_force_by_end",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("valid_from")),
                name="a_certificate_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(extended_until=None) | Q(extended_until__gt=F("expires_on")),
                name="an_extension_is_later_than_the_end",
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateState.IN_FORCE, ended_on=None)
                | (~Q(state=CertificateState.IN_FORCE) & Q(ended_on__isnull=False)),
                name="an_ended_certificate_has_its_day",
            ),
        ]


class CertificateCondition(Record):
    """A condition of a certificate. `code` is that of a standard one, "" for one of its own."""

    handling: ClassVar = _HANDLING
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "position"], name="a_condition_has_its_place"
            ),
            models.CheckConstraint(
                condition=~Q(code="", text=""), name="a_condition_says_something"
            ),
        ]


class Gun(Record):
    """A gun on a certificate: one that the holder has, may acquire, or had.

    The fields of the central register (Firearms (Amendment) Act 1997 s.39) are mandatory for a gun
    that somebody has; names and addresses are those at that time. Kept for 20 years or longer.
    `serial_key` is the number as it is compared. Of a gun that is lent or hired out, `passed_on`
    and the fields after it say to whom and since when.
    """

    handling: ClassVar = _HANDLING
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="guns")
    status = models.CharField(
        max_length=12, choices=[(status.value, status.value) for status in GunStatus]
    )
    type = models.CharField(max_length=40)
    action = models.CharField(max_length=40, blank=True)
    make = models.CharField(max_length=80, blank=True)
    model = models.CharField(max_length=80, blank=True)
    calibre = models.CharField(max_length=40)
    serial_number = models.CharField(max_length=60, blank=True)
    serial_key = models.CharField(max_length=60, blank=True, db_index=True)
    good_reason = models.TextField(blank=True)
    acquired_on = models.DateField(null=True)
    acquired_from_name = models.CharField(max_length=200, blank=True)
    acquired_from_address = models.CharField(max_length=400, blank=True)
    passed_on = models.DateField(null=True)
    passed_to_name = models.CharField(max_length=200, blank=True)
    passed_to_address = models.CharField(max_length=400, blank=True)
    # How it went: sold, given, destroyed, deactivated, lost, stolen, exported, returned.
    disposal = models.CharField(max_length=20, blank=True)
    # Lent or hired from somebody else, who has it on a certificate of theirs as lent.
    is_borrowed = models.BooleanField(db_default=False, default=False)
    # The partial revocation that took it off the certificate (1968 Act s.30B).
    revoked_by = models.ForeignKey(
        "firearms.Decision", models.PROTECT, null=True, related_name="guns"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status=GunStatus.AUTHORISED)
                | ~(Q(type="") | Q(make="") | Q(model="") | Q(calibre="") | Q(serial_number="")),
                name="a_gun_has_the_registers_fields",
            ),
            models.CheckConstraint(
                condition=~Q(status=GunStatus.DISPOSED)
                | (Q(passed_on__isnull=False) & ~Q(disposal="")),
                name="a_gun_that_went_says_how",
            ),
        ]


class Ammunition(Record):
    """Ammunition on a firearm certificate: the most that may be held of a calibre.

    The form of 2013 did away with the most that may be bought at one time.
    """

    handling: ClassVar = _HANDLING
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="ammunition")
    calibre = models.CharField(max_length=40)
    most_held = models.PositiveIntegerField()


class LawChange(Record):
    """From which day a change of the law counts, where the day was not known when we wrote this."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    code = models.CharField(max_length=40, unique=True)
    starts_on = models.DateField(null=True)
    source = models.CharField(max_length=400, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
