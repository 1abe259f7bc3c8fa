"""Find out what a file is from its bytes, whatever it is called."""

import re
from pathlib import Path, PurePosixPath

import puremagic

from bluelamp.records.evidence.media import kinds
from bluelamp.records.evidence.media.containers import describe_truncation
from bluelamp.records.evidence.media.kinds import Kind
from bluelamp.records.evidence.media.media_info import MediaInfo
from bluelamp.records.evidence.media.tracks import is_sound_only

_HEAD_BYTES = 64 * 1024
# Media types that senders use when they do not know: they claim nothing.
_NO_CLAIM = (
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/x-tus-octet-stream",
)

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
# The first packet of a Theora stream, which stands in one of the file's first pages.
_OGG_VIDEO = b"\x80theora"
_OGG_FIRST_PAGES = 4096
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


def detect_media(path: Path, *, claimed_name: str = "", claimed_type: str = "") -> MediaInfo:
    """Return what the file at `path` is, and whether that is what it was called.

    Reads at most 64 KiB, the container's outer lengths and the kinds of its tracks.

    Args:
        claimed_name: The file name that the sender gave, "" where there was none. The path itself
            claims nothing.
        claimed_type: The media type that the sender declared.

    Raises:
        OSError: The file cannot be read at all.
    """
    with path.open("rb") as source:
        head = source.read(_HEAD_BYTES)
        size = path.stat().st_size
        kind = detect_kind(head)
        if kind in kinds.SOUND_ONLY and is_sound_only(source, head, container=kind.decoder):
            kind = kinds.SOUND_ONLY[kind]
        truncation = describe_truncation(source, container=kind.decoder)
    mismatch = _describe_mismatch(kind, claimed_name, claimed_type)
    media_type, extension = _media_type_and_extension(kind, head)
    return MediaInfo(
        family=kind.family,
        kind=kind.name,
        media_type=media_type,
        extension=extension,
        size=size,
        claimed_name=claimed_name,
        claimed_type=claimed_type,
        is_mislabelled=bool(mismatch),
        description=mismatch or f"This is {_with_article(kind.name)}.",
        decoder=kind.decoder,
        may_show_inline=kind.inline and not mismatch,
        truncation=truncation,
    )


def detect_kind(head: bytes) -> Kind:
    """Return the kind of a file from its first 64 KiB."""
    if not head:
        return kinds.EMPTY
    # "MZ" alone is also how plain text may begin; a program has zero bytes soon after.
    if head.startswith(_EXECUTABLES) or (head.startswith(b"MZ") and b"\x00" in head[:64]):
        return kinds.PROGRAM
    if head.startswith(b"OggS") and _OGG_VIDEO in head[:_OGG_FIRST_PAGES]:
        return kinds.OGV
    for prefix, kind in _PREFIXES:
        if head.startswith(prefix):
            return kind
    return (
        _detect_by_structure(head)
        or _detect_text(head)
        or _detect_by_puremagic(head)
        or kinds.UNKNOWN
    )


def _detect_by_structure(head: bytes) -> Kind | None:
    """Return a kind whose mark is not at the very beginning, or needs more than a prefix."""
    if head[:4] == b"RIFF":
        return {b"WEBP": kinds.WEBP, b"AVI ": kinds.AVI, b"WAVE": kinds.WAV}.get(head[8:12])
    if head[:4] == b"\x1aE\xdf\xa3":
        return kinds.WEBM if b"webm" in head[:64] else kinds.MKV
    if head[4:8] == b"ftyp":
        return _detect_by_brand(head)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"pnot"):
        return kinds.MOV
    if b"%PDF-" in head[:1024]:
        return kinds.PDF
    # MPEG transport packets are 188 bytes long and begin with 0x47.
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return kinds.MPEG_TS
    # ADTS: twelve sync bits, then layer 0.
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return kinds.AAC
    if _is_mpeg_audio(head):
        return kinds.MP3
    return None


def _detect_by_brand(head: bytes) -> Kind:
    """Return the kind of an ISO base media file from its brands.

    ISO/IEC 14496-12, 4.3; HEIF is ISO/IEC 23008-12.
    """
    length = min(int.from_bytes(head[:4], "big"), 512, len(head))
    major = head[8:12]
    # The compatible brands follow the major brand and its version, four bytes each.
    compatible = (head[start : start + 4] for start in range(16, length - 3, 4))
    brands = frozenset([major, *compatible])
    for kind_brands, kind in _ISO_BRANDS:
        if brands & kind_brands:
            return kind
    if major == b"crx ":  # Canon raw pictures: no decoder of ours reads them
        return kinds.UNKNOWN
    if major == b"qt  ":
        return kinds.MOV
    if major[:3] in (b"3gp", b"3g2"):
        return kinds.THREE_GP
    return kinds.M4A if major in (b"M4A ", b"M4B ") else kinds.MP4


# Kilobits a second and samples a second, by their index in the frame header.
_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_SAMPLE_RATES = (44100, 48000, 32000)


def _is_mpeg_audio(head: bytes) -> bool:
    """Return whether two MPEG-1 layer III frames stand in a row (ISO/IEC 11172-3, 2.4.1.3).

    One alone is too easily met by chance.
    """
    position = 0
    # Two, because any text may hold the eleven bits that one begins with.
    for _ in range(2):
        frame = head[position : position + 4]
        if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xFE != 0xFA:
            return False
        bitrate, rate = frame[2] >> 4, (frame[2] >> 2) & 3
        # "Free" and "bad" bit rates, and the reserved sampling rate: no frame length follows from
        # them.
        if bitrate in (0, 15) or rate == 3:
            return False
        position += 144_000 * _BITRATES[bitrate] // _SAMPLE_RATES[rate] + ((frame[2] >> 1) & 1)
    return True


def _detect_text(head: bytes) -> Kind | None:
    """Return text, or one of the two kinds of text that a browser would run."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        utf8_text = head.decode("utf-16", errors="replace").encode()
        # The head may end in the middle of a character, so the last one does not count.
        is_readable = b"\xef\xbf\xbd" not in utf8_text[:-4]
    else:
        utf8_text, is_readable = head, b"\x00" not in head and _is_utf8_or_latin(head)
    if not is_readable:
        return None
    if _DRAWING.search(utf8_text):
        return kinds.SVG
    if _WEB_PAGE.search(utf8_text):
        return kinds.HTML
    return kinds.TEXT


def _is_utf8_or_latin(head: bytes) -> bool:
    has_controls = any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    if has_controls:
        return False
    is_cut = len(head) == _HEAD_BYTES
    try:
        # A full head may end in the middle of a character.
        (head[:-3] if is_cut else head).decode("utf-8")
    except UnicodeDecodeError as error:
        if is_cut and error.start >= _HEAD_BYTES - 6:
            return True
        # Windows text in cp1252: mostly letters, no controls.
        return sum(byte > 126 for byte in head) * 5 < len(head)
    return True


def _detect_by_puremagic(head: bytes) -> Kind | None:
    """Return what puremagic makes of the rest, or None.

    Its answer only names the file; nothing is opened or shown because of it.
    """
    try:
        best = puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError, IndexError):
        return None
    extension = best.extension.lstrip(".").lower()
    # A kind that we know by its bytes would have been found above, so puremagic must be wrong.
    if best.confidence < 0.4 or not extension or kinds.kind_for_extension(extension):
        return None
    return Kind(
        name=f"{extension.upper()} file",
        family="other",
        extensions=(extension,),
        media_types=(best.mime_type or "application/octet-stream",),
    )


def _media_type_and_extension(kind: Kind, head: bytes) -> tuple[str, str]:
    """Return the media type and the extension (with its dot) to store the file under."""
    extension = f".{kind.extensions[0]}" if kind.extensions else ""
    if kind is kinds.PROGRAM and head.startswith(b"\x7fELF"):
        return "application/x-executable", ".elf"
    return kind.media_types[0], extension


def _describe_mismatch(kind: Kind, claimed_name: str, claimed_type: str) -> str:
    """Return a sentence saying how the claim is untrue, or "" where it is true or there is none."""
    extension = PurePosixPath(claimed_name.replace("\\", "/")).suffix.lstrip(".").lower()
    claimed = kinds.kind_for_extension(extension) if extension else None
    if claimed and not _is_honest_claim(kind, extension in kind.extensions, claimed):
        return (
            f"The name ends in .{extension}, like {_with_article(claimed.name)}, "
            f"but this is {_with_article(kind.name)}."
        )
    has_known_extension = claimed is not None
    media_type = claimed_type.partition(";")[0].strip().lower()
    claimed = kinds.kind_for_media_type(media_type) if media_type not in _NO_CLAIM else None
    if claimed and not _is_honest_claim(kind, media_type in kind.media_types, claimed):
        return (
            f"The file was sent as {_with_article(claimed.name)}, "
            f"but it is {_with_article(kind.name)}."
        )
    has_any_claim = bool(extension) or media_type not in _NO_CLAIM
    # A name or a type that means nothing to us must not hide something that can run.
    if kind.family == "active" and not has_known_extension and not claimed and has_any_claim:
        return f"This is {_with_article(kind.name)}, but it was not sent as one."
    return ""


def _is_honest_claim(kind: Kind, is_own_name: bool, claimed: Kind) -> bool:
    """Return whether a claim is honest.

    A script has no mark of its own in its bytes, so plain text may be called a script.
    """
    return is_own_name or (kind is kinds.TEXT and claimed is kinds.SCRIPT)


def _with_article(name: str) -> str:
    """Return a kind's name with "a" or "an"; "text" has neither."""
    if name == "text":
        return "text"
    # Spelt out letter by letter, these begin with a vowel: "an MP3".
    is_spelt_out = name.split()[0] in ("MP3", "MP4", "M4A", "MPEG", "SVG", "FLAC")
    return f"{'an' if is_spelt_out or name[0] in 'AEIOaeio' else 'a'} {name}"
