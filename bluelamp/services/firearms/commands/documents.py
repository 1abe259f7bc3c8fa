"""Make the signed PDF of a certificate, and open it."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from bluelamp.foundation.audit.acts import Category, command, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.jobs.queues import Queue, job
from bluelamp.records.evidence.blob_files import open_seekable
from bluelamp.records.evidence.commands.receiving import get_or_create_blob
from bluelamp.records.evidence.store import current_store
from bluelamp.records.evidence.store.blobs import StoredBlob
from bluelamp.services.firearms.documents.certificate import CertificateText, draw_certificate
from bluelamp.services.firearms.lookups.texts import get_certificate_text
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.policy import certificate_policy
from bluelamp.services.firearms.rules.applications import normalise_number


@dataclass(frozen=True, slots=True)
class OpenedPdf:
    """The PDF of a certificate to send out. The caller closes `file`; `size` is in bytes."""

    file: BinaryIO
    size: int
    filename: str
    sha256: str


@job(name="firearms.make_certificate_pdf", queue=Queue.WAITED_FOR)
def make_certificate_pdf_job(*, certificate_id: str) -> None:
    """Make the PDF of a certificate that was issued."""
    force = Certificate.objects.values_list("force", flat=True).get(id=certificate_id)
    actor = Actor.system("firearms licensing", force=force, permissions={"firearms.make_documents"})
    make_certificate_pdf(actor=actor, at=now(), certificate_id=UUID(certificate_id))


def make_certificate_pdf(*, actor: Actor, at: datetime, certificate_id: UUID) -> None:
    """Make and sign the PDF of a certificate, and put it into the store. Once: twice does no harm.

    Drawing and signing run outside any transaction.
    """
    text = read_certificate(actor=actor, at=at, certificate_id=certificate_id)
    if text.is_made:
        return
    # Imported here: the library takes a sixth of the time in which any process or command starts,
    # and only the worker that makes certificates needs it.
    from bluelamp.foundation.documents.signing import sign_pdf

    signed = sign_pdf(
        draw_certificate(text),
        keys_folder=settings.BLUELAMP_VAR / "keys",
        force_name=text.force_name,
        reason=f"Certificate {text.number}",
        at=at,
    )
    record_certificate_pdf(actor=actor, at=at, certificate_id=certificate_id, stored=_store(signed))


@lookup(permission="firearms.make_documents", act="firearms.certificate_read")
def read_certificate(*, actor: Actor, at: datetime, certificate_id: UUID) -> CertificateText:
    """Return what stands on a certificate. Raises NotFound."""
    certificate = certificate_policy.get(actor, id=certificate_id)
    record_act(certificate, ref=certificate.number)
    return get_certificate_text(certificate)


@command(permission="firearms.make_documents", act="firearms.certificate_made")
def record_certificate_pdf(
    *, actor: Actor, at: datetime, certificate_id: UUID, stored: StoredBlob
) -> None:
    """Record the PDF of a certificate. The first one stays."""
    certificate = certificate_policy.get(actor, lock=True, id=certificate_id)
    if not certificate.pdf_sha256:
        get_or_create_blob(stored, at=at)
        certificate.pdf_sha256 = stored.sha256
        certificate.pdf_bytes = stored.size
        certificate.save(update_fields=["pdf_sha256", "pdf_bytes"])
    record_act(certificate, ref=certificate.number, detail={"sha256": stored.sha256})


@lookup(permission="firearms.view", act="firearms.certificate_opened", category=Category.DISCLOSURE)
def open_certificate_pdf(*, actor: Actor, at: datetime, number: str) -> OpenedPdf:
    """Open the signed PDF of a certificate.

    Raises:
        NotFound: There is no such certificate, or its PDF is not made yet.
    """
    certificate = certificate_policy.get(actor, number=normalise_number(number))
    if not certificate.pdf_sha256:
        raise NotFound("This certificate is still being made.")
    record_act(certificate, ref=certificate.number)
    return OpenedPdf(
        file=open_seekable(certificate.pdf_sha256),
        size=certificate.pdf_bytes,
        filename=f"{certificate.number}.pdf",
        sha256=certificate.pdf_sha256,
    )


def _store(pdf: bytes) -> StoredBlob:
    store = current_store()
    descriptor, name = tempfile.mkstemp(dir=store.incoming_folder, prefix="certificate-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(pdf)
        file.flush()
        # Before it is in the store, where nothing may be writable even for a moment.
        os.fchmod(file.fileno(), 0o400)
        os.fsync(file.fileno())
    digest = hashlib.sha256(pdf).hexdigest()
    return store.put(Path(name), sha256=digest, size=len(pdf))
