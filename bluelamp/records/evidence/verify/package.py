"""Check a whole package, from its container inwards."""

import io
from collections.abc import Iterator
from pathlib import Path

from bluelamp.foundation.kernel.check import Check
from bluelamp.foundation.kernel.terminal.command_line import Progress
from bluelamp.records.evidence.verify.bagit import Bag, check_bag
from bluelamp.records.evidence.verify.case import check_case
from bluelamp.records.evidence.verify.check import Unreadable, failure
from bluelamp.records.evidence.verify.leftovers import (
    check_leftovers,
    check_listed_names,
    remove_leftovers,
)
from bluelamp.records.evidence.verify.pins import Pins
from bluelamp.records.evidence.verify.profile import check_profile
from bluelamp.records.evidence.verify.seal import Seal, check_seal
from bluelamp.records.evidence.verify.source import FolderSource, ProgressSource, Source
from bluelamp.records.evidence.verify.zip_source import ZipSource


class NotAPackage(ValueError):
    """The path leads to nothing that could be a package. The message is one sentence."""


def verify_package(
    path: Path, *, pins: Pins | None = None, progress: Progress | None = None
) -> Iterator[Check]:
    """Check a package, folder or zip, and yield each check as it is made.

    The package is consistent only if every check passed. It is proven only if `pins` had both the
    keys and the roots that the reader trusts.

    Args:
        pins: The keys and roots that the reader trusts. Without them, the enclosed ones are used.
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
        yield from check_leftovers(remove_leftovers(source))
        bag, seal = Bag(source), Seal()
        yield from check_bag(bag)
        yield from check_listed_names({path for paths in bag.manifests.values() for path in paths})
        yield from check_profile(bag)
        yield from check_seal(bag, seal, pins or Pins())
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
