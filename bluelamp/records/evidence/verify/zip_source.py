"""Read a zip without unpacking it, and refuse what no honest zip contains.

Python's zipfile reads the directory at the end. Everything else is read here, so that every byte of
the container is accounted for: each local header must repeat the directory, members may neither
overlap nor leave gaps, and each must end exactly where it says, with the size and the CRC that it
says.
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
from bluelamp.records.evidence.verify.leftovers import is_leftover
from bluelamp.records.evidence.verify.source import (
    BLOCK_BYTES,
    describe_path_fault,
    find_collisions,
)

# Section numbers are those of PKWARE's APPNOTE.TXT 6.3.10.
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")  # 4.3.7
_DIRECTORY_END = struct.Struct("<4s4H2LH")  # 4.3.16
_EXTRA_HEADER = struct.Struct("<2H")  # 4.5.1
_UNICODE_PATH = 0x7075  # 4.6.9
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800  # flags, 4.4.4
_ZIP64_SIZE = 0xFFFFFFFF  # the size is in the extra field, which zipfile has read
_DESCRIPTOR_BYTES = 24
# A bomb is large and shrinks a lot. Text shrinks a lot too, but is small.
_MAX_RATIO = 100
_MAX_UNPACKED_BYTES = 100 << 20
_MAX_MEMBERS = 200_000


class ZipSource:
    """A package as a zip.

    Raises:
        Unreadable: The zip is hostile. It says which member, before any member is read.
    """

    def __init__(self, path: Path, *, on_read: Callable[[int], None] = lambda _: None) -> None:
        """Open a zip and check its headers.

        Args:
            on_read: Called with the number of bytes, for those that are read here and now.
        """
        self.sizes: dict[str, int] = {}
        self.folders: set[str] = set()
        self.faults: list[tuple[str, str]] = []
        self._on_read = on_read
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
        _refuse_hostile_members(members)
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
        """Check that the members fill the zip, one after another, up to its directory."""
        self._starts: dict[str, int] = {}
        self._members: dict[str, zipfile.ZipInfo] = {}
        base = _base_folder(members)
        end = 0
        for member in sorted(members, key=lambda member: member.header_offset):
            start = self._check_local_header(member, expected=end)
            end = start + member.compress_size
            if member.flag_bits & _STREAMED:
                end = self._descriptor_end(member, end)
            # What macOS puts beside the package's folder keeps its whole name.
            name = member.filename.removeprefix(base)
            if member.is_dir():
                self.folders.add(name.removesuffix("/"))
            else:
                self._starts[name], self._members[name] = start, member
                self.sizes[name] = member.file_size
        self.folders.discard("")
        if end != directory:
            raise Unreadable("The zip has bytes between its last member and its directory.")

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a member's bytes. Raises Unreadable."""
        member, position = self._members[name], self._starts[name]
        # -15: raw deflate, without a zlib header.
        inflate = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
        unread, size, crc = member.compress_size, 0, 0
        packed = b""
        while unread or packed:
            if not packed:
                self._file.seek(position)
                packed = self._file.read(min(BLOCK_BYTES, unread))
                if not packed:
                    raise Unreadable("The zip ends in the middle of it.")
                position, unread = position + len(packed), unread - len(packed)
            if inflate:
                try:
                    # The limit keeps a bomb from filling memory. The rest is in unconsumed_tail.
                    block = inflate.decompress(packed, BLOCK_BYTES)
                except zlib.error:
                    raise Unreadable("Its compressed bytes are damaged.") from None
                if inflate.unused_data:
                    raise Unreadable("There are more compressed bytes after its end.")
                packed = inflate.unconsumed_tail
            else:
                block, packed = packed, b""
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

    def _check_local_header(self, member: zipfile.ZipInfo, *, expected: int) -> int:
        """Compare the header before a member with the directory.

        Returns:
            Where the member's bytes start.
        """
        # Programs that read from the front would find other files than those that read the
        # directory.
        if member.header_offset != expected:
            raise Unreadable(
                f"{member.filename}: the zip's members overlap or leave a gap before it."
            )
        self._file.seek(expected)
        raw = self._file.read(_LOCAL_HEADER.size)
        if len(raw) < _LOCAL_HEADER.size:
            raise Unreadable(f"{member.filename}: the zip ends before it.")
        signature, _, flags, method, time, date, crc, packed_size, size, name_size, extra_size = (
            _LOCAL_HEADER.unpack(raw)
        )
        name = self._file.read(name_size)
        is_streamed = flags & _STREAMED  # sizes and CRC are 0 here, and follow the member
        agrees = (
            signature == b"PK\x03\x04"
            and (flags, method) == (member.flag_bits, member.compress_type)
            and _dos_date_time(date, time) == member.date_time
            and name == member.orig_filename.encode("utf-8" if flags & _UTF8 else "cp437")
            and (crc == member.CRC or (is_streamed and crc == 0))
            and (
                packed_size in (member.compress_size, _ZIP64_SIZE)
                or (is_streamed and packed_size == 0)
            )
            and (size in (member.file_size, _ZIP64_SIZE) or (is_streamed and size == 0))
        )
        if not agrees:
            raise Unreadable(
                f"{member.filename}: its header in the zip does not repeat what the directory says."
            )
        for extra in (self._file.read(extra_size), member.extra):
            if _has_other_name(extra, name):
                raise Unreadable(f"{member.filename}: the zip has a second name for it.")
        start: int = expected + _LOCAL_HEADER.size + name_size + extra_size
        return start

    def _descriptor_end(self, member: zipfile.ZipInfo, end: int) -> int:
        """Return where the data descriptor after a streamed member ends (4.3.9).

        It has no fixed form: sizes of 4 or 8 bytes, with or without a signature.
        """
        self._file.seek(end)
        raw = self._file.read(_DESCRIPTOR_BYTES)
        crc, packed_size, size = member.CRC, member.compress_size, member.file_size
        for layout in ("<LLL", "<LQQ"):
            try:
                bare = struct.pack(layout, crc, packed_size, size)
            except struct.error:
                continue  # too large for 4 bytes
            for form in (b"PK\x07\x08" + bare, bare):
                if raw.startswith(form):
                    return end + len(form)
        raise Unreadable(
            f"{member.filename}: what follows it in the zip does not repeat what the directory "
            "says."
        )

    def _check_end(self, comment: bytes) -> None:
        """Check that the file ends with its directory's end and the comment, and nothing else."""
        self._file.seek(-(_DIRECTORY_END.size + len(comment)), 2)
        signature, *_, comment_size = _DIRECTORY_END.unpack(self._file.read(_DIRECTORY_END.size))
        if signature != b"PK\x05\x06" or comment_size != len(comment):
            raise Unreadable("The zip has bytes after its end.")

    def _check_comment(self, comment: bytes) -> None:
        """Compare the SHA-256 in the comment with the bytes before it (see `bag.zip_bag`)."""
        declared = comment.removeprefix(COMMENT)
        self._file.seek(0, 2)
        unread = self._file.tell() - len(comment)
        self._file.seek(0)
        digest = hashlib.sha256()
        while unread and (block := self._file.read(min(BLOCK_BYTES, unread))):
            digest.update(block)
            self._on_read(len(block))
            unread -= len(block)
        if declared == comment or declared != digest.hexdigest().encode():
            self.faults.append(
                ("", "The zip has changed since it was written: the SHA-256 in it differs.")
            )


def _has_other_name(extra: bytes, name: bytes) -> bool:
    """Return whether an extra field gives a second name, which some programs use (4.6.9)."""
    while len(extra) >= _EXTRA_HEADER.size:
        kind, size = _EXTRA_HEADER.unpack_from(extra)
        value, extra = extra[_EXTRA_HEADER.size :][:size], extra[_EXTRA_HEADER.size + size :]
        # One byte of version and four of CRC come before the name.
        if kind == _UNICODE_PATH and value[5:] != name:
            return True
    return False


def _dos_date_time(date: int, time: int) -> tuple[int, int, int, int, int, int]:
    """Return year, month, day, hour, minute and second (MS-DOS counts two seconds at a time)."""
    return (
        (date >> 9) + 1980,
        (date >> 5) & 15,
        date & 31,
        time >> 11,
        (time >> 5) & 63,
        (time & 31) * 2,
    )


def _refuse_hostile_members(members: list[zipfile.ZipInfo]) -> None:
    """Raise Unreadable for what no package has, going by the directory alone."""
    if len(members) > _MAX_MEMBERS:
        raise Unreadable(f"The zip has {len(members)} members, more than any package.")
    names: set[str] = set()
    for member in members:
        name = member.orig_filename
        if fault := describe_path_fault(name.removesuffix("/")):
            raise Unreadable(f"{name}: {fault}")
        if name in names:
            raise Unreadable(f"{name}: the zip has this name twice.")
        names.add(name)
        # The upper half holds the Unix mode; 0 where the zip was made on another system.
        kind = stat.S_IFMT(member.external_attr >> 16)
        is_folder_by_mode = kind == stat.S_IFDIR
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (
            is_folder_by_mode and not member.is_dir()
        ):
            raise Unreadable(f"{name}: this is a link or a device, not a file.")
        if member.flag_bits & _ENCRYPTED:
            raise Unreadable(f"{name}: this is encrypted.")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(f"{name}: this is compressed in a way that packages are not.")
        is_stored = member.compress_type == zipfile.ZIP_STORED
        if (is_stored and member.file_size != member.compress_size) or (
            member.is_dir() and member.file_size
        ):
            raise Unreadable(f"{name}: the sizes that the zip gives for it cannot be true.")
    if collisions := find_collisions(name.removesuffix("/") for name in names):
        raise Unreadable(": ".join(collisions[0]))
    unpacked_size = sum(member.file_size for member in members)
    packed_size = sum(member.compress_size for member in members)
    if unpacked_size > _MAX_UNPACKED_BYTES and unpacked_size > packed_size * _MAX_RATIO:
        raise Unreadable(
            f"The zip would unpack to {unpacked_size // max(packed_size, 1)} times its size."
        )


def _base_folder(members: list[zipfile.ZipInfo]) -> str:
    """Return the one folder that all members are in, with its slash (RFC 8493, 4), or ""."""
    names = [member.filename for member in members if not is_leftover(member.filename)]
    first = names[0].partition("/")[0] + "/" if names else ""
    is_common = all(name.startswith(first) for name in names)
    return first if is_common and first != "data/" else ""
