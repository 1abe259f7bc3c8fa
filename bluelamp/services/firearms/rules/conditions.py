"""Conditions of certificates.

Authority: Firearms Rules 1998, schedule 1: both kinds carry the same four standard conditions. A
shotgun certificate takes these "and no others"; a firearm certificate may take more (Firearms Act
1968 s.27(2)), which should be few and not contradict each other (Home Office Guide 10.35).
"""

from collections.abc import Sequence
from enum import StrEnum

from bluelamp.services.firearms.rules.decisions import CertificateKind


class StandardCondition(StrEnum):
    """The four conditions that are on the front of each certificate, in their order."""

    SIGN = "sign"
    NOTIFY = "notify"
    ADDRESS = "address"
    STORAGE = "storage"


MAX_EXTRA_CONDITIONS = 10
"""More than these on one certificate cannot be read, let alone kept to."""
MAX_CONDITION_LENGTH = 600


def list_standard_conditions(certificate_kind: str) -> tuple[StandardCondition, ...]:
    """Return the conditions that a certificate of this kind carries by law."""
    has_them = certificate_kind in (CertificateKind.FIREARM, CertificateKind.SHOTGUN)
    return tuple(StandardCondition) if has_them else ()


def takes_extra_conditions(certificate_kind: str) -> bool:
    """Say whether a certificate may carry conditions beyond the standard ones."""
    return certificate_kind != CertificateKind.SHOTGUN


def check_extra_conditions(certificate_kind: str, texts: Sequence[str]) -> str:
    """Return the code of what is wrong with extra conditions, or "".

    >>> check_extra_conditions("shotgun", ["For clay pigeons only"])
    'firearms.shotgun_conditions'
    """
    if not texts:
        return ""
    if not takes_extra_conditions(certificate_kind):
        return "firearms.shotgun_conditions"
    if len(texts) > MAX_EXTRA_CONDITIONS:
        return "firearms.too_many_conditions"
    if any(len(text) > MAX_CONDITION_LENGTH for text in texts):
        return "firearms.condition_too_long"
    return ""
