"""Where a package is read from: a folder, or a zip left closed."""

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from bluelamp.foundation.kernel.command_line import Progress
from bluelamp.records.evidence.verify.check import Unreadable

BLOCK = 1 << 20


class Source(Protocol):
    """The files of a package by their paths inside it, with `/` between the parts."""

    sizes: dict[str, int]
    findings: list[tuple[str, str]]

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes; raises Unreadable, at the latest at the end, if they are not
        whole.
        """
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


class Folder:
    """A package as a folder. Links and devices in it are findings, and are not read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.sizes: dict[str, int] = {}
        self.findings: list[tuple[str, str]] = []
        self._walk(path, "")
        self.findings += collisions(self.sizes)

    def _walk(self, folder: Path, prefix: str) -> None:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                name = prefix + entry.name
                mode = entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode):
                    self._walk(Path(entry.path), name + "/")
                elif stat.S_ISREG(mode):
                    self.sizes[name] = entry.stat(follow_symlinks=False).st_size
                else:
                    self.findings.append(
                        (name, "This is a link or a device, not a file; it was not read.")
                    )

    def chunks(self, name: str) -> Iterator[bytes]:
        try:
            descriptor = os.open(self._path / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with os.fdopen(descriptor, "rb") as file:
                while block := file.read(BLOCK):
                    yield block
        except OSError as error:
            raise Unreadable(f"It cannot be read ({error.strerror}).") from None

    def close(self) -> None:
        """Do nothing: files are open only while they are read."""


class Watched:
    """Another source, whose bytes are counted as they are read."""

    def __init__(self, source: Source, progress: Progress) -> None:
        self._source = source
        self._progress = progress
        self.sizes = source.sizes
        self.findings = source.findings
        progress.total += sum(source.sizes.values())

    def chunks(self, name: str) -> Iterator[bytes]:
        for block in self._source.chunks(name):
            self._progress.step(len(block))
            yield block

    def close(self) -> None:
        """Close the other source."""
        self._source.close()


def read(source: Source, name: str, *, limit: int = 64 << 20) -> bytes:
    """Return a small file whole; raises Unreadable if it is missing or larger than `limit`
    bytes.
    """
    if name not in source.sizes:
        raise Unreadable("It is missing.")
    if source.sizes[name] > limit:
        raise Unreadable(f"It is larger than the {limit >> 20} MiB that such a file may be.")
    return b"".join(source.chunks(name))


def unsafe_path(path: str) -> str:
    """Say what is wrong with a path that must stay inside its package; empty if nothing is."""
    if path.startswith(("/", "~")) or re.match(r"[A-Za-z]:", path):
        return "The path does not start inside the package."
    if "\\" in path or any(not letter.isprintable() for letter in path):
        return "The path holds a character that has no place in one."
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "The path leaves its folder."
    return ""


def collisions(names: Iterable[str]) -> list[tuple[str, str]]:
    """Find names that some computers would take for one another (case, Unicode composition)."""
    seen: dict[str, str] = {}
    found = []
    for name in names:
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
        if key in seen:
            found.append(
                (name, f"Its name and that of {seen[key]} are the same on some computers.")
            )
        seen.setdefault(key, name)
    return found
