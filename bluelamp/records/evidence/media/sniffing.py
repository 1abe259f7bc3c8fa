"""What a file is by its bytes, whatever it is called."""

import re
from pathlib import Path, PurePosixPath

import puremagic

from bluelamp.records.evidence.media import kinds
from bluelamp.records.evidence.media.containers import cut_short
from bluelamp.records.evidence.media.facts import MediaFacts
from bluelamp.records.evidence.media.kinds import Kind

HEAD = 64 * 1024
NO_CLAIM = ("", "application/octet-stream", "binary/octet-stream", "application/x-tus-octet-stream")

_ISO_BRANDS: tuple[tuple[frozenset[bytes], Kind], ...] = (
    (frozenset([b"avif", b"avis"]), kinds.AVIF),
    (
        frozenset(
            [
                b"heic",
                b"heix",
                b"heim",
                b"heis",
                b"hevc",
                b"hevx",
                b"hevm",
                b"hevs",
                b"mif1",
                b"msf1",
            ]
        ),
        kinds.HEIC,
    ),
)
_WEB_PAGE = re.compile(
    rb"<(!doctype\s+html|html|head|body|script|iframe|object|embed|meta|form|frameset)[\s>/]",
    re.IGNORECASE,
)
_DRAWING = re.compile(rb"<(\w+:)?svg[\s>]", re.IGNORECASE)
_EXECUTABLES = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
)
_PREFIXES: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", kinds.JPEG),
    (b"\x89PNG\r\n\x1a\n", kinds.PNG),
    (b"GIF87a", kinds.GIF),
    (b"GIF89a", kinds.GIF),
    (b"II*\x00", kinds.TIFF),
    (b"MM\x00*", kinds.TIFF),
    (b"II+\x00", kinds.TIFF),
    (b"MM\x00+", kinds.TIFF),
    (b"DKIF\x00\x00", kinds.IVF),
    (b"\x00\x00\x01\xba", kinds.MPEG_PS),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", kinds.ASF),
    (b"ID3", kinds.MP3),
    (b"fLaC", kinds.FLAC),
    (b"OggS", kinds.OGG),
    (b"#!AMR", kinds.AMR),
    (b"#!", kinds.SCRIPT),
    (b"PK\x03\x04", kinds.ZIP),
    (b"PK\x05\x06", kinds.ZIP),
)


def sniff(path: Path, *, claimed_name: str = "", claimed_type: str = "") -> MediaFacts:
    """Say what the file at `path` is, and whether that is what it was called.

    `claimed_name` is the name the sender gave ("" where there was none; the path itself claims
    nothing) and `claimed_type` the declared media type. Reads at most 64 KiB and the outer lengths.
    Raises OSError only where the file cannot be read at all.
    """
    with path.open("rb") as source:
        head = source.read(HEAD)
        size = path.stat().st_size
        kind = kind_of(head)
        cut = cut_short(source, container=kind.decoder)
    lie = _lie(kind, claimed_name, claimed_type)
    media_type, extension = _true_names(kind, head)
    return MediaFacts(
        family=kind.family,
        kind=kind.name,
        media_type=media_type,
        extension=extension,
        size=size,
        claimed_name=claimed_name,
        claimed_type=claimed_type,
        lies=bool(lie),
        sentence=lie or f"This is {_a(kind.name)}.",
        decoder=kind.decoder,
        may_show_inline=kind.inline and not lie,
        cut_short=cut,
    )


def kind_of(head: bytes) -> Kind:
    """The kind of a file from its first 64 KiB."""
    if not head:
        return kinds.EMPTY
    if head.startswith(_EXECUTABLES) or (head.startswith(b"MZ") and b"\x00" in head[:64]):
        return kinds.PROGRAM
    for prefix, kind in _PREFIXES:
        if head.startswith(prefix):
            return kind
    return _by_structure(head) or _by_text(head) or _by_puremagic(head) or kinds.UNKNOWN


def _by_structure(head: bytes) -> Kind | None:
    """Kinds whose mark is not at the very beginning, or needs more than a prefix."""
    if head[:4] == b"RIFF":
        return {b"WEBP": kinds.WEBP, b"AVI ": kinds.AVI, b"WAVE": kinds.WAV}.get(head[8:12])
    if head[:4] == b"\x1aE\xdf\xa3":
        return kinds.WEBM if b"webm" in head[:64] else kinds.MKV
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"pnot"):
        return kinds.MOV
    if b"%PDF-" in head[:1024]:
        return kinds.PDF
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return kinds.MPEG_TS
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return kinds.AAC
    if _is_mpeg_audio(head):
        return kinds.MP3
    return None


def _by_brand(head: bytes) -> Kind:
    """An ISO base media file by its brands (ISO/IEC 14496-12, 4.3; HEIF is ISO/IEC 23008-12)."""
    length = min(int.from_bytes(head[:4], "big"), 512, len(head))
    major = head[8:12]
    brands = frozenset([major, *(head[at : at + 4] for at in range(16, length - 3, 4))])
    for known, kind in _ISO_BRANDS:
        if brands & known:
            return kind
    if major == b"crx ":
        return kinds.UNKNOWN
    if major == b"qt  ":
        return kinds.MOV
    if major[:3] in (b"3gp", b"3g2"):
        return kinds.THREE_GP
    return kinds.M4A if major in (b"M4A ", b"M4B ") else kinds.MP4


_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_SAMPLE_RATES = (44100, 48000, 32000)


def _is_mpeg_audio(head: bytes) -> bool:
    """Two MPEG-1 layer III frames in a row (ISO/IEC 11172-3, 2.4.1.3): one alone is too easily met
    by chance.
    """
    place = 0
    for _ in range(2):
        frame = head[place : place + 4]
        if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xFE != 0xFA:
            return False
        bitrate, rate = frame[2] >> 4, (frame[2] >> 2) & 3
        if bitrate in (0, 15) or rate == 3:
            return False
        place += 144_000 * _BITRATES[bitrate] // _SAMPLE_RATES[rate] + ((frame[2] >> 1) & 1)
    return True


def _by_text(head: bytes) -> Kind | None:
    """Text, and the two kinds of text that a browser would run."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = head.decode("utf-16", errors="replace").encode()
        readable = b"\xef\xbf\xbd" not in plain[:-4]
    else:
        plain, readable = head, b"\x00" not in head and _is_utf8_or_latin(head)
    if not readable:
        return None
    if _DRAWING.search(plain):
        return kinds.SVG
    if _WEB_PAGE.search(plain):
        return kinds.HTML
    return kinds.TEXT


def _is_utf8_or_latin(head: bytes) -> bool:
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    if controls:
        return False
    try:
        head[:-3].decode("utf-8") if len(head) == HEAD else head.decode("utf-8")
    except UnicodeDecodeError as wrong:
        if len(head) == HEAD and wrong.start >= HEAD - 6:
            return True
        # Windows text in cp1252: mostly letters, no controls.
        return sum(byte > 126 for byte in head) * 5 < len(head)
    return True


def _by_puremagic(head: bytes) -> Kind | None:
    """Ask puremagic about the rest. Its answer only names the file; nothing is opened or shown on
    the strength of it.
    """
    try:
        best = puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError, IndexError):
        return None
    extension = best.extension.lstrip(".").lower()
    if best.confidence < 0.4 or not extension or kinds.kind_of_extension(extension):
        return None
    return Kind(
        name=f"{extension.upper()} file",
        family="other",
        extensions=(extension,),
        media_types=(best.mime_type or "application/octet-stream",),
    )


def _true_names(kind: Kind, head: bytes) -> tuple[str, str]:
    """The media type and the ending (with its dot) to keep the file under."""
    extension = f".{kind.extensions[0]}" if kind.extensions else ""
    if kind is kinds.PROGRAM and head.startswith(b"\x7fELF"):
        return "application/x-executable", ".elf"
    return kind.media_types[0], extension


def _lie(kind: Kind, claimed_name: str, claimed_type: str) -> str:
    """The sentence that says how the claim is untrue, or "" where it is true or there is none."""
    extension = PurePosixPath(claimed_name.replace("\\", "/")).suffix.lstrip(".").lower()
    by_name = kinds.kind_of_extension(extension) if extension else None
    if by_name and not _same(kind, extension in kind.extensions, by_name):
        return f"The name ends in .{extension}, as {_a(by_name.name)} does, but this is {_a(kind.name)}."
    media_type = claimed_type.partition(";")[0].strip().lower()
    by_type = kinds.kind_of_media_type(media_type) if media_type not in NO_CLAIM else None
    if by_type and not _same(kind, media_type in kind.media_types, by_type):
        return f"It was sent as {_a(by_type.name)}, but this is {_a(kind.name)}."
    if (
        kind.family == "active"
        and not by_name
        and not by_type
        and (extension or media_type not in NO_CLAIM)
    ):
        return f"It was not sent as one, but this is {_a(kind.name)}."
    return ""


def _same(kind: Kind, owns_the_name: bool, claimed: Kind) -> bool:
    """Whether the claim is honest. A script has no mark of its own, so plain text may be called a
    script.
    """
    return owns_the_name or (kind is kinds.TEXT and claimed is kinds.SCRIPT)


def _a(name: str) -> str:
    if name == "text":
        return "text"
    spelt_out = name.split()[0] in ("MP3", "MP4", "M4A", "MPEG", "SVG", "FLAC")
    return f"{'an' if spelt_out or name[0] in 'AEIOaeio' else 'a'} {name}"
