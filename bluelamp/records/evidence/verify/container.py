"""Read a zip without unpacking it, and refuse what no honest zip contains.

Python's zipfile reads the directory at the end; all else is read here, so that every byte of the
container is accounted for: each local header must repeat the directory, members may neither overlap
nor leave gaps, and each must end exactly where it says, with the size and CRC it says.
"""

import hashlib
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from bluelamp.records.evidence.bag import COMMENT
from bluelamp.records.evidence.verify.check import Unreadable
from bluelamp.records.evidence.verify.source import BLOCK, collisions, unsafe_path

_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800
_LARGEST_RATIO = 100
_SMALL_ENOUGH = 100 << 20
_MOST_MEMBERS = 200_000


class Zip:
    """A package as a zip. A hostile one raises Unreadable, with the member's name, before any
    member is read.
    """

    def __init__(self, path: Path, *, watch: Callable[[int], None] = lambda _: None) -> None:
        self.sizes: dict[str, int] = {}
        self.findings: list[tuple[str, str]] = []
        self._watch = watch
        try:
            with zipfile.ZipFile(path) as archive:
                members, comment, directory = archive.infolist(), archive.comment, archive.start_dir
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            ValueError,
            EOFError,
            OSError,
            struct.error,
        ) as error:
            raise Unreadable(f"The zip's directory cannot be read ({error}).") from None
        _refuse_hostile(members)
        self._file: BinaryIO = path.open("rb")
        try:
            self._read_headers(members, directory)
            self._check_end(comment)
            if comment:
                self._check_comment(comment)
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read_headers(self, members: list[zipfile.ZipInfo], directory: int) -> None:
        self._starts: dict[str, int] = {}
        self._members: dict[str, zipfile.ZipInfo] = {}
        base = _base(members)
        end = 0
        for member in sorted(members, key=lambda member: member.header_offset):
            start = self._local_header(member, expected=end)
            end = start + member.compress_size
            if member.flag_bits & _STREAMED:
                end = self._after_descriptor(member, end)
            if not member.is_dir():
                name = member.filename.removeprefix(base)
                self._starts[name], self._members[name] = start, member
                self.sizes[name] = member.file_size
        if end != directory:
            raise Unreadable("The zip holds bytes between its last member and its directory.")

    def chunks(self, name: str) -> Iterator[bytes]:
        member, position = self._members[name], self._starts[name]
        inflate = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
        left, size, crc = member.compress_size, 0, 0
        waiting = b""
        while left or waiting:
            if not waiting:
                self._file.seek(position)
                waiting = self._file.read(min(BLOCK, left))
                if not waiting:
                    raise Unreadable("The zip ends in the middle of it.")
                position, left = position + len(waiting), left - len(waiting)
            if inflate:
                try:
                    block = inflate.decompress(waiting, BLOCK)
                except zlib.error:
                    raise Unreadable("Its compressed bytes are damaged.") from None
                if inflate.unused_data:
                    raise Unreadable("Its compressed bytes go on after their end.")
                waiting = inflate.unconsumed_tail
            else:
                block, waiting = waiting, b""
            size, crc = size + len(block), zlib.crc32(block, crc)
            if size > member.file_size:
                raise Unreadable("It is larger than the zip says.")
            yield block
        if inflate:
            rest = inflate.flush()
            size, crc = size + len(rest), zlib.crc32(rest, crc)
            yield rest
        if (inflate and not inflate.eof) or size != member.file_size:
            raise Unreadable("It is shorter than the zip says.")
        if crc != member.CRC:
            raise Unreadable("Its bytes do not give the CRC that the zip says.")

    def _local_header(self, member: zipfile.ZipInfo, *, expected: int) -> int:
        """Hold the header before a member to the directory; return where the member's bytes
        start.
        """
        if member.header_offset != expected:
            raise Unreadable(
                f"{member.filename}: the zip's members overlap or leave a gap before it."
            )
        self._file.seek(expected)
        raw = self._file.read(_LOCAL.size)
        if len(raw) < _LOCAL.size:
            raise Unreadable(f"{member.filename}: the zip ends before it.")
        mark, _, flags, method, time, date, crc, packed, size, name_size, extra_size = (
            _LOCAL.unpack(raw)
        )
        name = self._file.read(name_size)
        when = (
            (date >> 9) + 1980,
            (date >> 5) & 15,
            date & 31,
            time >> 11,
            (time >> 5) & 63,
            (time & 31) * 2,
        )
        streamed = flags & _STREAMED
        agrees = (
            mark == b"PK\x03\x04"
            and (flags, method, when) == (member.flag_bits, member.compress_type, member.date_time)
            and name == member.orig_filename.encode("utf-8" if flags & _UTF8 else "cp437")
            and (crc == member.CRC or (streamed and crc == 0))
            and (packed in (member.compress_size, 0xFFFFFFFF) or (streamed and packed == 0))
            and (size in (member.file_size, 0xFFFFFFFF) or (streamed and size == 0))
        )
        if not agrees:
            raise Unreadable(
                f"{member.filename}: its header in the zip does not repeat what the directory says."
            )
        start: int = expected + _LOCAL.size + name_size + extra_size
        return start

    def _after_descriptor(self, member: zipfile.ZipInfo, end: int) -> int:
        """Return where the data descriptor after a streamed member ends."""
        self._file.seek(end)
        raw = self._file.read(24)
        crc, packed, size = member.CRC, member.compress_size, member.file_size
        for layout in ("<LLL", "<LQQ"):
            try:
                plain = struct.pack(layout, crc, packed, size)
            except struct.error:
                continue
            for form in (b"PK\x07\x08" + plain, plain):
                if raw.startswith(form):
                    return end + len(form)
        raise Unreadable(
            f"{member.filename}: what follows it in the zip does not repeat what the directory says."
        )

    def _check_end(self, comment: bytes) -> None:
        """The last thing in the file is the end of the directory with its comment: nothing hangs on
        behind.
        """
        self._file.seek(-(_END.size + len(comment)), 2)
        mark, *_, said = _END.unpack(self._file.read(_END.size))
        if mark != b"PK\x05\x06" or said != len(comment):
            raise Unreadable("The zip holds bytes after its end.")

    def _check_comment(self, comment: bytes) -> None:
        said = comment.removeprefix(COMMENT)
        self._file.seek(0, 2)
        left = self._file.tell() - len(comment)
        self._file.seek(0)
        digest = hashlib.sha256()
        while left and (block := self._file.read(min(BLOCK, left))):
            digest.update(block)
            self._watch(len(block))
            left -= len(block)
        if said == comment or said != digest.hexdigest().encode():
            self.findings.append(
                ("", "The zip has changed since it was written: its comment's SHA-256 differs.")
            )


def _refuse_hostile(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > _MOST_MEMBERS:
        raise Unreadable(f"The zip holds {len(members)} members, more than any package.")
    seen: set[str] = set()
    for member in members:
        name = member.orig_filename
        if problem := unsafe_path(name.removesuffix("/")):
            raise Unreadable(f"{name}: {problem}")
        if name in seen:
            raise Unreadable(f"{name}: the zip holds this name twice.")
        seen.add(name)
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR) > member.is_dir():
            raise Unreadable(f"{name}: this is a link or a device, not a file.")
        if member.flag_bits & _ENCRYPTED:
            raise Unreadable(f"{name}: this is encrypted.")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(f"{name}: this is compressed in a way that packages are not.")
        stored = member.compress_type == zipfile.ZIP_STORED
        if (stored and member.file_size != member.compress_size) or (
            member.is_dir() and member.file_size
        ):
            raise Unreadable(f"{name}: the sizes that the zip gives for it cannot be true.")
    if found := collisions(name.removesuffix("/") for name in seen):
        raise Unreadable(": ".join(found[0]))
    unpacked, packed = (
        sum(getattr(m, field) for m in members) for field in ("file_size", "compress_size")
    )
    if unpacked > _SMALL_ENOUGH and unpacked > packed * _LARGEST_RATIO:
        raise Unreadable(f"The zip would unpack to {unpacked // max(packed, 1)} times its size.")


def _base(members: list[zipfile.ZipInfo]) -> str:
    """Return the one folder that all members are in, with its slash; empty if there is none (RFC
    8493, 4).
    """
    names = [member.filename for member in members]
    first = names[0].partition("/")[0] + "/" if names else ""
    within = all(name.startswith(first) for name in names)
    return first if within and first != "data/" else ""
