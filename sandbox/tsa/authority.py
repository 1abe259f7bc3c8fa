"""Signing time stamps, and the certificates they are signed with."""

import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, core, pem, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

POLICY = "2.25.131868424471427340927352405112301412403"
DIGEST_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}


def utc_now() -> datetime:
    """Return this instant, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


class Rejection(core.Sequence):  # type: ignore[misc]
    """A TimeStampResp without a token, which asn1crypto cannot write (RFC 3161 allows it)."""

    _fields = [("status", tsp.PKIStatusInfo)]


@dataclass(frozen=True)
class Authority:
    """A time-stamping certificate and its key; `chain` is that certificate and its root, in PEM."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: bytes
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def in_folder(cls, folder: Path) -> "Authority":
        """Open the authority in a folder; it is created on first use."""
        if not (folder / "chain.pem").exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _create_authority(folder)
        chain = (folder / "chain.pem").read_bytes()
        key = serialization.load_pem_private_key((folder / "tsa.key").read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{folder}/tsa.key is not an elliptic-curve key")
        return cls(certificate=x509.load_pem_x509_certificates(chain)[0], key=key, chain=chain)

    def respond(self, request: bytes) -> bytes:
        """Answer a TimeStampReq with a TimeStampResp, both DER: a token, or a rejection and why."""
        try:
            query = tsp.TimeStampReq.load(request, strict=True)
            algorithm = query["message_imprint"]["hash_algorithm"]["algorithm"].native
            digest = query["message_imprint"]["hashed_message"].native
            version, policy, extensions = (
                query[field].native for field in ("version", "req_policy", "extensions")
            )
        except (ValueError, TypeError, KeyError):
            return _rejection("bad_data_format", "The request is not a TimeStampReq.")
        if version != "v1":
            return _rejection("bad_request", "Only version 1 is supported.")
        if algorithm not in DIGEST_SIZES:
            return _rejection("bad_alg", "The imprint must be SHA-256, SHA-384 or SHA-512.")
        if len(digest) != DIGEST_SIZES[algorithm]:
            return _rejection("bad_data_format", "The imprint has not the length of its algorithm.")
        if policy not in (None, POLICY):
            return _rejection("unaccepted_policy", "That policy is not offered here.")
        if extensions:
            return _rejection("unaccepted_extensions", "No extension is supported.")
        response = tsp.TimeStampResp(
            {"status": {"status": "granted"}, "time_stamp_token": self._token(query)}
        )
        return bytes(response.dump())

    def _token(self, query: Any) -> Any:
        info: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": query["message_imprint"],
            "serial_number": secrets.randbits(63) + 1,
            "gen_time": self.clock(),
            "accuracy": {"seconds": 1},
        }
        if query["nonce"].native is not None:
            info["nonce"] = query["nonce"].native
        content = tsp.TSTInfo(info).dump()
        certificate = asn1_x509.Certificate.load(
            self.certificate.public_bytes(serialization.Encoding.DER)
        )
        signed = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
                {
                    "type": "signing_certificate_v2",
                    "values": [
                        {"certs": [{"cert_hash": hashlib.sha256(certificate.dump()).digest()}]}
                    ],
                },
            ]
        )
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.IssuerAndSerialNumber(
                    {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                ),
                "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "signed_attrs": signed,
                "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
                "signature": self.key.sign(signed.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )
        data: dict[str, Any] = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(content),
            },
            "signer_infos": [signer],
        }
        if query["cert_req"].native:
            data["certificates"] = [
                asn1_x509.Certificate.load(der)
                for _, _, der in pem.unarmor(self.chain, multiple=True)
            ]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})


def _rejection(failure: str, sentence: str) -> bytes:
    status = {"status": "rejection", "status_string": [sentence], "fail_info": {failure}}
    return Rejection({"status": status}).dump()  # type: ignore[no-any-return]


def _create_authority(folder: Path) -> None:
    """Create a root and a time-stamping certificate in a folder.

    RFC 3161, section 2.3: the certificate has one extended key usage, which is critical.
    """
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _name("Bluelamp sandbox root")
    since = utc_now() - timedelta(days=1)

    def certificate(
        subject: x509.Name, public_key: ec.EllipticCurvePublicKey
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root_name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(since + timedelta(days=3650))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
                critical=False,
            )
        )

    root = (
        certificate(root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        certificate(_name("Bluelamp sandbox time stamps"), key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    as_pem = serialization.Encoding.PEM
    _write_private_file(folder / "root.pem", root.public_bytes(as_pem))
    _write_private_file(
        folder / "tsa.key",
        key.private_bytes(as_pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    _write_private_file(folder / "chain.pem", leaf.public_bytes(as_pem) + root.public_bytes(as_pem))


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Bluelamp sandbox, trusted by nobody"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write_private_file(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_bytes(content)
    temporary.replace(path)
