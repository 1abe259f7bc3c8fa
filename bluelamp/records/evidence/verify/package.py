"""Check a whole package, from its container inwards."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography import x509

from bluelamp.foundation.kernel.check import Check
from bluelamp.foundation.kernel.merkle_log.checkpoint import VerifierKey
from bluelamp.foundation.kernel.terminal.command_line import Progress
from bluelamp.records.evidence.verify.bagit import Bag, check_bag
from bluelamp.records.evidence.verify.case import check_case
from bluelamp.records.evidence.verify.check import Unreadable, failure
from bluelamp.records.evidence.verify.profile import check_profile
from bluelamp.records.evidence.verify.seal import Seal, check_seal
from bluelamp.records.evidence.verify.source import FolderSource, ProgressSource, Source
from bluelamp.records.evidence.verify.zip_source import ZipSource


class NotAPackage(ValueError):
    """The path leads to nothing that could be a package. The message is one sentence."""


def verify_package(
    path: Path,
    *,
    log_key: VerifierKey | None = None,
    tsa_roots: Sequence[x509.Certificate] | None = None,
    progress: Progress | None = None,
) -> Iterator[Check]:
    """Check a package, folder or zip, and yield each check as it is made.

    The package is good only if every check passed.

    Args:
        log_key: The public key of the continuity log, as the reader has it. Without it, the
            enclosed key is used.
        tsa_roots: The roots that the reader trusts for time stamps. Without them, the enclosed
            ones are used.
        progress: Counts the bytes as they are read.

    Raises:
        NotAPackage: `path` is neither a folder nor anything like a zip.
    """
    try:
        # A Progress that writes nowhere spares everything below an "if".
        source = _open_source(path, progress or Progress("", stream=io.StringIO()))
    except Unreadable as error:
        yield failure(path.name, str(error))
        return
    try:
        for name, fault in source.faults:
            yield failure(name or path.name, fault)
        bag, seal = Bag(source), Seal()
        yield from check_bag(bag)
        yield from check_profile(bag)
        yield from check_seal(source, seal, log_key=log_key, tsa_roots=tsa_roots)
        yield from check_case(bag, seal)
    finally:
        source.close()


def _open_source(path: Path, progress: Progress) -> Source:
    try:
        if path.is_dir():
            return ProgressSource(FolderSource(path), progress)
        if not path.is_file():
            raise NotAPackage(f"There is no package at {path}.")
        with path.open("rb") as file:
            is_zip = path.suffix.lower() == ".zip" or file.read(2) == b"PK"
        if not is_zip:
            raise NotAPackage(f"{path} is neither a folder nor a zip.")
        progress.total = path.stat().st_size
        return ProgressSource(ZipSource(path, on_read=progress.step), progress)
    except OSError as error:
        raise NotAPackage(f"{path} cannot be read ({error.strerror}).") from None
