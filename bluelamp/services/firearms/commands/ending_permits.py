"""End the temporary permits that nobody needs any more."""

from datetime import datetime

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.services.firearms.models import Certificate, Gun
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.guns import OWNED
from bluelamp.services.firearms.rules.permits import PermitPurpose


def end_late_renewal_permits(renewed: Certificate, *, at: datetime) -> None:
    """End the permits that bridged the time until a renewal, as part of a command.

    Not those for guns that no certificate covers for as long as the permit does: another renewal of
    the same holder can still be late.
    """
    require_command()
    # Of this purpose alone: the guns of an estate have nothing to do with the renewal.
    permits = Certificate.objects.filter(
        force=renewed.force,
        holder_id=renewed.holder_id,
        kind=CertificateKind.TEMPORARY_PERMIT,
        state=CertificateState.IN_FORCE,
        permit__purpose=PermitPurpose.LATE_RENEWAL,
    )
    for permit in permits.order_by("id"):
        if _list_serial_keys(permit) <= _list_covered_keys(permit):
            permit.state = CertificateState.REPLACED
            permit.ended_on = london_date(at)
            permit.save(update_fields=["state", "ended_on"])


def _list_serial_keys(permit: Certificate) -> set[str]:
    guns = permit.guns.filter(status__in=OWNED, revoked_by=None)
    return set(guns.values_list("serial_key", flat=True))


def _list_covered_keys(permit: Certificate) -> set[str]:
    """Return the serial numbers on the holder's certificates that last as long as a permit."""
    guns = Gun.objects.filter(
        certificate__force=permit.force,
        certificate__holder_id=permit.holder_id,
        certificate__state=CertificateState.IN_FORCE,
        certificate__expires_on__gte=permit.expires_on,
        status__in=OWNED,
        revoked_by=None,
    ).exclude(certificate__kind=CertificateKind.TEMPORARY_PERMIT)
    # A gun without a number is like no other.
    return set(guns.exclude(serial_key="").values_list("serial_key", flat=True))
