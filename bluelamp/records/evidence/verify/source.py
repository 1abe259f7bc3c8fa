"""Where a package is read from: a folder, or a zip that is not unpacked."""

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from bluelamp.foundation.kernel.terminal.command_line import Progress
from bluelamp.records.evidence.verify.check import Unreadable

BLOCK_BYTES = 1 << 20
_MIB = 1 << 20


class Source(Protocol):
    """The files of a package by their paths inside it, with `/` between the parts.

    `sizes` is in bytes. `folders` are the paths of all folders, without a last `/`. `faults` are
    (path, sentence) pairs about the source itself, such as a link in a folder; the path is ""
    where it is about the whole.
    """

    sizes: dict[str, int]
    folders: set[str]
    faults: list[tuple[str, str]]

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes.

        Raises:
            Unreadable: The bytes are not whole. It is raised at the latest at the end.
        """
        ...

    def close(self) -> None:
        """Close every open file."""
        ...


class FolderSource:
    """A package as a folder. Links and devices in it are faults, and are not read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.sizes: dict[str, int] = {}
        self.folders: set[str] = set()
        self.faults: list[tuple[str, str]] = []
        self._walk(path, "")
        self.faults += find_collisions(self.sizes)

    def _walk(self, folder: Path, prefix: str) -> None:
        with os.scandir(folder) as entries:
            # Sorted, so that the report of one package is the same on every computer.
            for entry in sorted(entries, key=lambda entry: entry.name):
                name = prefix + entry.name
                # A link could lead out of the package, to whatever the checking computer has.
                mode = entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode):
                    self.folders.add(name)
                    self._walk(Path(entry.path), name + "/")
                elif stat.S_ISREG(mode):
                    self.sizes[name] = entry.stat(follow_symlinks=False).st_size
                else:
                    self.faults.append(
                        (name, "This is a link or a device, not a file. It was not read.")
                    )

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes. Raises Unreadable."""
        try:
            # O_NOFOLLOW, because somebody may have put a link there since the folder was listed.
            descriptor = os.open(self._path / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with os.fdopen(descriptor, "rb") as file:
                while block := file.read(BLOCK_BYTES):
                    yield block
        except OSError as error:
            raise Unreadable(f"It cannot be read ({error.strerror}).") from None

    def close(self) -> None:
        """Do nothing, because a file is only open while it is read."""


class ProgressSource:
    """Another source, with a progress bar that counts the bytes read from it."""

    def __init__(self, source: Source, progress: Progress) -> None:
        self._source = source
        self._progress = progress
        self.sizes = source.sizes
        self.folders = source.folders
        self.faults = source.faults
        progress.total += sum(source.sizes.values())

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes. Raises Unreadable."""
        for block in self._source.chunks(name):
            self._progress.step(len(block))
            yield block

    def close(self) -> None:
        """Close the other source."""
        self._source.close()


def read_file(source: Source, name: str, *, limit: int = 64 * _MIB) -> bytes:
    """Return a small file whole.

    Args:
        limit: The most bytes that such a file may have.

    Raises:
        Unreadable: The file is missing, too large, or not whole.
    """
    if name not in source.sizes:
        raise Unreadable("It is missing.")
    if source.sizes[name] > limit:
        raise Unreadable(f"It is larger than the {limit // _MIB} MiB that such a file may be.")
    return b"".join(source.chunks(name))


def describe_path_fault(path: str) -> str:
    """Return what is wrong with a path that must stay inside its package, or "" if it is safe.

    >>> describe_path_fault("data/../../etc/passwd")
    'The path leaves its folder.'
    """
    # "~" and "C:" lead elsewhere on some systems, whatever they mean on this one.
    if path.startswith(("/", "~")) or re.match(r"[A-Za-z]:", path):
        return "The path does not start inside the package."
    if "\\" in path or any(not letter.isprintable() for letter in path):
        return "The path has a character that no path may have."
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "The path leaves its folder."
    return ""


def find_collisions(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the names that some computers take for one another, each with a sentence.

    Some file systems ignore case, and some the way in which Unicode composes an accent.
    """
    names_by_key: dict[str, str] = {}
    collisions = []
    for name in names:
        # Twice, because casefold can undo the composed form.
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
        if key in names_by_key:
            collisions.append(
                (name, f"Its name and that of {names_by_key[key]} are the same on some computers.")
            )
        names_by_key.setdefault(key, name)
    return collisions
