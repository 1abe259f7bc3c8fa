"""What stands on a certificate, for its PDF."""

from django.conf import settings
from django.utils.functional import Promise

from bluelamp.foundation.notifications.languages import language_override
from bluelamp.foundation.notifications.rules import ENGLISH
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.documents.certificate import CertificateText, GunText
from bluelamp.services.firearms.messages import CERTIFICATE_TITLES, CONDITION_TEXTS, GUN_STATES
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.guns import GunStatus
from bluelamp.services.firearms.rules.premises import list_places_of_business


def list_places_of(certificate: Certificate) -> tuple[str, ...]:
    """Return a dealer's places of business, as they stand in the application."""
    if certificate.kind != CertificateKind.DEALER or certificate.application is None:
        return ()
    return list_places_of_business(certificate.application.answers)


def get_certificate_text(certificate: Certificate) -> CertificateText:
    """Return what stands on a certificate, inside a lookup that has checked who asks."""
    holder = certificate.holder
    force = get_force(certificate.force)
    # Those held come before those that may be acquired.
    guns = (
        certificate.guns.filter(revoked_by=None)
        .exclude(status=GunStatus.DISPOSED)
        .order_by("-status", "id")
    )
    return CertificateText(
        title=CERTIFICATE_TITLES[certificate.kind],
        number=certificate.number,
        force_name=force.name if force else certificate.force,
        holder=holder.name,
        address=holder.address.in_one_line if holder.address else "",
        places=list_places_of(certificate),
        valid_from=certificate.valid_from,
        expires_on=certificate.expires_on,
        issued_at=certificate.issued_at,
        check_url=f"{settings.BLUELAMP_ORIGIN}/firearms/check/{certificate.public_code}/",
        conditions=tuple(
            # In English, as the Rules have them: a translation of ours would bind nobody.
            condition.text or _in_english(CONDITION_TEXTS[condition.code])
            for condition in certificate.conditions.order_by("position")
        ),
        guns=tuple(
            GunText(
                status=GUN_STATES[gun.status],
                type=gun.type,
                make=" ".join(part for part in (gun.make, gun.model) if part),
                calibre=gun.calibre,
                serial_number=gun.serial_number,
            )
            for gun in guns
        ),
        ammunition=tuple(
            (row.calibre, row.most_held) for row in certificate.ammunition.order_by("calibre")
        ),
        is_made=bool(certificate.pdf_sha256),
        language=certificate.language,
    )


def _in_english(text: Promise) -> str:
    with language_override(ENGLISH):
        return str(text)
