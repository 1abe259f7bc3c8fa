"""Check an RFC 3161 time stamp: what it stamps, who signed it, and who issued their certificate.

`rfc3161-client` parses the stamp, and proves its signature and its chain with OpenSSL. It does not
compare the ESSCertID, a second name for the signing certificate in the signed attributes; it takes
the certificate by issuer and serial number instead. `openssl ts -verify`, which
docs/how-to/check-a-package.md tells the reader to run, compares it. Nobody asks whether a
certificate was revoked, because that needs a network.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import (
    PKIStatus,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from bluelamp.records.evidence.verify.check import Unreadable

_HASH_NAMES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_MAX_CHAIN_LENGTH = 8
_SIGNED_DATA_VERSION = 3
_SIGNER_INFO_VERSION = 1


@dataclass(frozen=True)
class Stamp:
    """What a time stamp says. It is proven only once `check_chain` has returned.

    Attributes:
        at: The time in the stamp.
        by: The name in the certificate that signed it.
        nonce: The number that the request sent, if it sent one.
        signer: The certificate that signed it.
        certificates: The certificates that the stamp itself carries.
        message: The bytes that are stamped.
    """

    at: datetime
    by: str
    nonce: int | None
    signer: x509.Certificate
    certificates: list[x509.Certificate]
    message: bytes
    response: TimeStampResponse


def open_stamp(
    response: bytes, *, over: bytes, certificates: Sequence[x509.Certificate] = ()
) -> Stamp:
    """Return what a TimeStampResp says, if it stamps these bytes.

    Args:
        response: The authority's answer, in DER.
        over: The bytes that must be stamped.
        certificates: Searched for the signer beside those in the stamp.

    Raises:
        Unreadable: It is no time stamp, it rejects the request, or it stamps something else.
    """
    with _refuse_malformed_input("It is not a time stamp as RFC 3161 describes it."):
        return _open_stamp(decode_timestamp_response(response), over, certificates)


def _open_stamp(
    response: TimeStampResponse, over: bytes, certificates: Sequence[x509.Certificate]
) -> Stamp:
    status = PKIStatus(response.status)
    if status != PKIStatus.GRANTED:
        raise Unreadable(
            f"The authority did not grant it: {status.name.lower().replace('_', ' ')}."
        )
    _check_unsigned_fields(response)
    info = response.tst_info
    hash_name = _HASH_NAMES.get(info.message_imprint.hash_algorithm.dotted_string)
    if hash_name is None:
        raise Unreadable("The time stamp's hash is not SHA-256, SHA-384 or SHA-512.")
    if info.message_imprint.message != hashlib.new(hash_name, over).digest():
        raise Unreadable("It stamps something other than this checkpoint.")
    # The library gives them as a set, in another order in each process.
    own_certificates = [
        x509.load_der_x509_certificate(der) for der in sorted(response.signed_data.certificates)
    ]
    signer = _find_signer(response, [*own_certificates, *certificates])
    usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    # RFC 3161, 2.3: this usage alone, and critical.
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Unreadable("The certificate that signed it is not one for time stamps.")
    return Stamp(
        at=info.gen_time,
        by=signer.subject.rfc4514_string(),
        nonce=info.nonce,
        signer=signer,
        certificates=own_certificates,
        message=over,
        response=response,
    )


def _check_unsigned_fields(response: TimeStampResponse) -> None:
    """Refuse versions and algorithms that no signature covers and that OpenSSL would refuse.

    Raises:
        Unreadable: One of them is not as RFC 5652, section 5, requires of a time stamp.
    """
    signed_data = response.signed_data
    versions = [signer_info.version for signer_info in signed_data.signer_infos]
    # RFC 5652, 5.1 and 5.3: 3 where the content is no plain data, and 1 where the signer is named
    # by issuer and serial number.
    if signed_data.version != _SIGNED_DATA_VERSION or set(versions) != {_SIGNER_INFO_VERSION}:
        raise Unreadable("Its version is not that of a time stamp.")
    if not {str(oid.dotted_string) for oid in signed_data.digest_algorithms} <= _HASH_NAMES.keys():
        raise Unreadable("It is signed with a hash that is not SHA-256, SHA-384 or SHA-512.")


def _find_signer(
    response: TimeStampResponse, certificates: Sequence[x509.Certificate]
) -> x509.Certificate:
    signer_infos = list(response.signed_data.signer_infos)
    if len(signer_infos) != 1:
        raise Unreadable("It is not signed by exactly one authority.")
    (signer_info,) = signer_infos
    for certificate in certificates:
        if (certificate.issuer, certificate.serial_number) == (
            signer_info.issuer,
            signer_info.serial_number,
        ):
            return certificate
    raise Unreadable("The certificate that signed it is not enclosed.")


def check_chain(
    stamp: Stamp, *, enclosed: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
) -> x509.Certificate:
    """Prove the stamp's signature and its chain up to one of `roots`, and return that root.

    Certificates have to be valid at the time of the stamp, not now.

    Args:
        enclosed: Certificates that may be on the way to a root. None of them is trusted.
        roots: The certificates that are trusted.

    Raises:
        Unreadable: A certificate is missing, was not valid then, or may not issue others; or the
            signature is wrong.
    """
    with _refuse_malformed_input("Its certificates cannot be read."):
        root = _find_root(stamp, [*stamp.certificates, *enclosed], roots)
        _verify_signature(stamp, enclosed, root)
        return root


def _find_root(
    stamp: Stamp, candidates: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
) -> x509.Certificate:
    """Follow the issuers from the signer up to a root, and return it.

    This finds the root and a plain reason where there is none. OpenSSL proves the chain afterwards.
    """
    current = stamp.signer
    # Certificates from a package may name each other in a circle.
    for _ in range(_MAX_CHAIN_LENGTH):
        if not current.not_valid_before_utc <= stamp.at <= current.not_valid_after_utc:
            raise Unreadable(
                f"The certificate of {current.subject.rfc4514_string()} was not valid at that time."
            )
        if current in roots:
            return current
        issuers = (issuer for issuer in [*roots, *candidates] if _has_issued(issuer, current))
        issuer = next(issuers, None)
        if issuer is None or issuer == current:
            break
        current = issuer
    raise Unreadable(
        f"The certificate of {current.subject.rfc4514_string()} leads to no root that is trusted "
        "here."
    )


def _verify_signature(
    stamp: Stamp, enclosed: Sequence[x509.Certificate], root: x509.Certificate
) -> None:
    """Prove the signature and the chain up to one root. Raises Unreadable."""
    # The library trusts what it gets as an intermediate, and OpenSSL ends a chain at any trusted
    # certificate that names itself as its issuer. So none of those may come in from the package.
    intermediates = [
        certificate
        for certificate in dict.fromkeys(enclosed)
        if certificate.issuer != certificate.subject and certificate != stamp.signer
    ]
    verifier = VerifierBuilder(
        tsa_certificate=stamp.signer, intermediates=intermediates, roots=[root]
    ).build()
    try:
        verifier.verify_message(stamp.response, stamp.message)
    except VerificationError:
        raise Unreadable("The time stamp is not what the authority signed.") from None


def _has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        with _refuse_malformed_input("It did not issue the certificate."):
            certificate.verify_directly_issued_by(issuer)
            constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
            usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
            return constraints.ca and usage.key_cert_sign
    except Unreadable:
        return False


def load_certificates(pem: bytes) -> list[x509.Certificate]:
    """Return the certificates in a PEM file. Raises Unreadable if there are none."""
    with _refuse_malformed_input("It does not contain certificates in PEM."):
        return x509.load_pem_x509_certificates(pem)


def is_self_signed(certificate: x509.Certificate) -> bool:
    """Return whether a certificate is signed by its own key."""
    return _has_issued(certificate, certificate)


@contextmanager
def _refuse_malformed_input(sentence: str) -> Iterator[None]:
    """Turn whatever a parser raises over bytes that were made to break it into Unreadable."""
    try:
        yield
    except (Unreadable, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    # A panic in a Rust library derives from BaseException, and must not end the whole check.
    except BaseException:
        raise Unreadable(sentence) from None
