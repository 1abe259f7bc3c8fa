"""End the temporary permits that nobody needs any more."""

from datetime import datetime

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.permits import PermitPurpose


def end_late_renewal_permits(renewed: Certificate, *, at: datetime) -> None:
    """End the permits that bridged the time until a renewal, as part of a command."""
    require_command()
    # Of this purpose alone: the guns of an estate have nothing to do with the renewal.
    Certificate.objects.filter(
        force=renewed.force,
        holder_id=renewed.holder_id,
        kind=CertificateKind.TEMPORARY_PERMIT,
        state=CertificateState.IN_FORCE,
        permit__purpose=PermitPurpose.LATE_RENEWAL,
    ).update(state=CertificateState.REPLACED, ended_on=london_date(at))
