"""Check an RFC 3161 time stamp: what it stamps, who signed it, and where their certificate comes
from.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from bluelamp.records.evidence.verify.check import Unreadable

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_LONGEST_CHAIN = 8


@dataclass(frozen=True)
class Stamp:
    """A time stamp that holds: when, by whom (the certificate's name), the nonce, and the
    certificates it carries.
    """

    at: datetime
    by: str
    nonce: int | None
    signer: x509.Certificate
    certificates: list[x509.Certificate]


def open_stamp(
    response: bytes, *, over: bytes, certificates: Sequence[x509.Certificate] = ()
) -> Stamp:
    """Return what a TimeStampResp (DER) says, having checked its imprint of `over` and its
    signature.

    `certificates` are searched beside those in the token. The signer's own chain is `check_chain`'s
    to judge.

    Raises:
        Unreadable: if it is no time stamp, rejects the request, stamps something else, or is not signed rightly.
    """
    with _hostile("It is not a time stamp that RFC 3161 describes."):
        return _open(response, over, list(certificates))


@contextmanager
def _hostile(sentence: str) -> Iterator[None]:
    """Turn whatever a parser of ASN.1 raises over bytes made to break it into Unreadable: they
    raise many things.
    """
    try:
        yield
    except Unreadable:
        raise
    except InvalidSignature:
        raise Unreadable("A signature does not fit what it signs.") from None
    except Exception:
        raise Unreadable(sentence) from None


def _open(response: bytes, over: bytes, certificates: list[x509.Certificate]) -> Stamp:
    status, token = _parts(response)
    if status not in ("granted", "granted_with_mods"):
        raise Unreadable(f"The authority did not grant it: {status}.")
    content = cms.ContentInfo.load(token, strict=True)
    if content["content_type"].native != "signed_data":
        raise Unreadable("It holds no signed time stamp.")
    signed = content["content"]
    if (
        signed["encap_content_info"]["content_type"].native != "tst_info"
        or len(signed["signer_infos"]) != 1
    ):
        raise Unreadable("It holds no time stamp signed by one authority.")
    body: bytes = signed["encap_content_info"]["content"].contents
    info = tsp.TSTInfo.load(body, strict=True)
    if info.dump(force=False) != body:
        raise Unreadable("The time stamp is not written in DER.")
    imprint = info["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if algorithm not in _HASHES:
        raise Unreadable("The time stamp's hash is not SHA-256, SHA-384 or SHA-512.")
    if imprint["hashed_message"].native != hashlib.new(algorithm, over).digest():
        raise Unreadable("It stamps something other than this checkpoint.")
    carried = [
        x509.load_der_x509_certificate(each.chosen.dump()) for each in signed["certificates"] or []
    ]
    certificates = certificates + carried
    signer_info = signed["signer_infos"][0]
    attributes = {each["type"].native: each["values"] for each in signer_info["signed_attrs"]}
    signer = _signer(attributes, certificates)
    _check_signature(signer_info, attributes, body, signer)
    usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Unreadable("The certificate that signed it is not one for time stamps.")
    at: datetime = info["gen_time"].native
    return Stamp(
        at=at,
        by=signer.subject.rfc4514_string(),
        nonce=info["nonce"].native,
        signer=signer,
        certificates=carried,
    )


def _parts(response: bytes) -> tuple[str, bytes]:
    """Split a TimeStampResp by hand: asn1crypto wants a token even in a rejection."""
    outer = core.Sequence.load(response, strict=True)
    status = tsp.PKIStatusInfo.load(outer[0].dump())["status"].native
    return str(status), outer[1].dump() if len(outer) > 1 else b""


def _signer(attributes: dict[str, Any], certificates: list[x509.Certificate]) -> x509.Certificate:
    """Find the certificate that the signed attributes name by its hash (RFC 5816, RFC 2634)."""
    for name, default in (("signing_certificate_v2", "sha256"), ("signing_certificate", "sha1")):
        if name in attributes:
            named = attributes[name][0]["certs"][0]
            algorithm = (
                named["hash_algorithm"]["algorithm"].native if default == "sha256" else default
            )
            digest = named["cert_hash"].native
            for each in certificates:
                der = each.public_bytes(Encoding.DER)
                if hashlib.new(algorithm, der, usedforsecurity=False).digest() == digest:
                    return each
    raise Unreadable("The certificate that signed it is not enclosed.")


def _check_signature(
    signer_info: Any, attributes: dict[str, Any], body: bytes, signer: x509.Certificate
) -> None:
    digest_name = signer_info["digest_algorithm"]["algorithm"].native
    if digest_name not in _HASHES or attributes["content_type"][0].native != "tst_info":
        raise Unreadable("The authority signed with a hash that is no longer accepted.")
    if attributes["message_digest"][0].native != hashlib.new(digest_name, body).digest():
        raise Unreadable("The time stamp is not what the authority signed.")
    covered = signer_info["signed_attrs"].untag().dump(force=True)
    scheme = signer_info["signature_algorithm"]
    digest = _HASHES[_hash_of(scheme, digest_name)]
    signature, key = signer_info["signature"].native, signer.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and scheme.signature_algo == "ecdsa":
        key.verify(signature, covered, ec.ECDSA(digest))
    elif isinstance(key, rsa.RSAPublicKey) and scheme.signature_algo == "rsassa_pkcs1v15":
        key.verify(signature, covered, padding.PKCS1v15(), digest)
    elif isinstance(key, rsa.RSAPublicKey) and scheme.signature_algo == "rsassa_pss":
        salt = scheme["parameters"]["salt_length"].native
        key.verify(signature, covered, padding.PSS(padding.MGF1(digest), salt), digest)
    else:
        raise Unreadable("The authority signed in a way that is not known.")


def _hash_of(scheme: Any, fallback: str) -> str:
    """Return the signature's hash; plain `rsaEncryption` leaves it to the digest algorithm."""
    try:
        return str(scheme.hash_algo)
    except ValueError:
        return fallback


def check_chain(
    stamp: Stamp, *, enclosed: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
) -> x509.Certificate:
    """Follow the signer's certificate up to one of `roots`, at the time of the stamp; return that
    root.

    Raises:
        Unreadable: if a link is missing, was not valid then, or may not issue certificates.
    """
    with _hostile("Its certificates cannot be read."):
        return _follow(stamp, enclosed, roots)


def _follow(
    stamp: Stamp, enclosed: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
) -> x509.Certificate:
    current = stamp.signer
    for _ in range(_LONGEST_CHAIN):
        if not current.not_valid_before_utc <= stamp.at <= current.not_valid_after_utc:
            raise Unreadable(
                f"The certificate of {current.subject.rfc4514_string()} was not valid at that time."
            )
        if current in roots:
            return current
        issuer = next((each for each in [*roots, *enclosed] if _issued(each, current)), None)
        if issuer is None or issuer == current:
            break
        current = issuer
    raise Unreadable(
        f"The certificate of {current.subject.rfc4514_string()} leads to no root that is trusted here."
    )


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        with _hostile("It did not issue it."):
            certificate.verify_directly_issued_by(issuer)
            constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
            usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
            return constraints.ca and usage.key_cert_sign
    except Unreadable:
        return False


def load_certificates(pem: bytes) -> list[x509.Certificate]:
    """Read certificates in PEM; raises Unreadable if there are none."""
    with _hostile("It does not hold certificates in PEM."):
        return x509.load_pem_x509_certificates(pem)


def is_root(certificate: x509.Certificate) -> bool:
    """Say whether a certificate is signed by its own key."""
    return _issued(certificate, certificate)
