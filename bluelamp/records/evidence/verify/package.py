"""A whole package, from its container inwards."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography import x509

from bluelamp.foundation.kernel.checkpoint import VerifierKey
from bluelamp.foundation.kernel.command_line import Progress
from bluelamp.records.evidence.verify.bagit import Bag, check_bag
from bluelamp.records.evidence.verify.case import check_case
from bluelamp.records.evidence.verify.check import Check, Unreadable, failed
from bluelamp.records.evidence.verify.container import Zip
from bluelamp.records.evidence.verify.profile import check_profile
from bluelamp.records.evidence.verify.seal import Seal, check_seal
from bluelamp.records.evidence.verify.source import Folder, Source, Watched


class NotAPackage(ValueError):
    """The path leads to nothing that could be a package; the message is one sentence."""


def verify_package(
    path: Path,
    *,
    log_key: VerifierKey | None = None,
    tsa_roots: Sequence[x509.Certificate] | None = None,
    progress: Progress | None = None,
) -> Iterator[Check]:
    """Check a package, folder or zip, yielding each check as it is made; it is good only if all
    passed.

    Args:
        log_key: the continuity log's public key as the reader has it; without it the enclosed one is taken.
        tsa_roots: roots the reader trusts for time stamps; without them the enclosed ones are taken.
        progress: is told of the bytes as they are read.

    Raises:
        NotAPackage: if `path` is neither a folder nor anything like a zip.
    """
    try:
        source = _open(path, progress or Progress("", stream=io.StringIO()))
    except Unreadable as error:
        yield failed(path.name, str(error))
        return
    try:
        for name, finding in source.findings:
            yield failed(name or path.name, finding)
        bag, seal = Bag(source), Seal()
        yield from check_bag(bag)
        yield from check_profile(bag)
        yield from check_seal(source, seal, log_key=log_key, tsa_roots=tsa_roots)
        yield from check_case(bag, seal)
    finally:
        source.close()


def _open(path: Path, progress: Progress) -> Source:
    try:
        if path.is_dir():
            return Watched(Folder(path), progress)
        if not path.is_file():
            raise NotAPackage(f"There is no package at {path}.")
        with path.open("rb") as file:
            looks_like_zip = path.suffix.lower() == ".zip" or file.read(2) == b"PK"
        if not looks_like_zip:
            raise NotAPackage(f"{path} is neither a folder nor a zip.")
        progress.total = path.stat().st_size
        return Watched(Zip(path, watch=progress.step), progress)
    except OSError as error:
        raise NotAPackage(f"{path} cannot be read ({error.strerror}).") from None
