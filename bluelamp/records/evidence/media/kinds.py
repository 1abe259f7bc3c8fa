"""The kinds of file that are recognised by their bytes: what they are called, and what may be done
with them.
"""

from dataclasses import dataclass, replace
from typing import Literal

Family = Literal["image", "video", "audio", "pdf", "text", "active", "other"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of file.

    Attributes:
        extensions, media_types: Every honest name for it, the usual one first.
        decoder: The Pillow format or FFmpeg demuxer that the worker may use, "" where no preview is
            made.
        inline: Whether the original may be shown inside a page. Never for "active" kinds, which can
            run or hold script.
    """

    name: str
    family: Family
    extensions: tuple[str, ...]
    media_types: tuple[str, ...]
    decoder: str = ""
    inline: bool = False


def _make_decodable_kind(
    name: str, family: Family, extensions: str, types: str, decoder: str, *, inline: bool = False
) -> Kind:
    return Kind(
        name=name,
        family=family,
        extensions=tuple(extensions.split()),
        media_types=tuple(types.split()),
        decoder=decoder,
        inline=inline,
    )


def _make_active_kind(name: str, extensions: str, types: str) -> Kind:
    return Kind(
        name=name,
        family="active",
        extensions=tuple(extensions.split()),
        media_types=tuple(types.split()),
    )


JPEG = _make_decodable_kind(
    "JPEG picture",
    "image",
    "jpg jpeg jpe jfif mpo",
    "image/jpeg image/jpg image/pjpeg",
    "JPEG",
    inline=True,
)
PNG = _make_decodable_kind(
    "PNG picture", "image", "png apng", "image/png image/apng", "PNG", inline=True
)
WEBP = _make_decodable_kind("WebP picture", "image", "webp", "image/webp", "WEBP", inline=True)
GIF = _make_decodable_kind("GIF picture", "image", "gif", "image/gif", "GIF", inline=True)
AVIF = _make_decodable_kind(
    "AVIF picture", "image", "avif avifs", "image/avif image/avif-sequence", "AVIF", inline=True
)
HEIC = _make_decodable_kind(
    "HEIC picture",
    "image",
    "heic heif heics heifs hif",
    "image/heic image/heif image/heic-sequence image/heif-sequence",
    "HEIF",
)
TIFF = _make_decodable_kind(
    "TIFF picture", "image", "tif tiff dng", "image/tiff image/x-adobe-dng", "TIFF"
)

# One container, many names: phones write QuickTime brands into .mp4 and the reverse, so the names
# are shared.
_ISO_VIDEO = "mp4 m4v mov qt 3gp 3g2 3gpp"
_ISO_TYPES = "video/quicktime video/3gpp video/3gpp2 video/x-m4v"
MP4 = _make_decodable_kind(
    "MP4 video", "video", _ISO_VIDEO, f"video/mp4 {_ISO_TYPES}", "mov", inline=True
)
MOV = _make_decodable_kind(
    "QuickTime video", "video", "mov qt mp4 m4v 3gp", f"{_ISO_TYPES} video/mp4", "mov"
)
THREE_GP = _make_decodable_kind(
    "3GP video",
    "video",
    "3gp 3g2 3gpp mp4 m4v",
    "video/3gpp video/3gpp2 audio/3gpp video/mp4",
    "mov",
)
WEBM = _make_decodable_kind(
    "WebM video", "video", "webm weba", "video/webm audio/webm", "matroska", inline=True
)
MKV = _make_decodable_kind(
    "Matroska video",
    "video",
    "mkv mka mk3d",
    "video/x-matroska video/matroska audio/x-matroska",
    "matroska",
)
AVI = _make_decodable_kind(
    "AVI video", "video", "avi divx", "video/x-msvideo video/avi video/msvideo", "avi"
)
IVF = _make_decodable_kind("IVF video", "video", "ivf", "video/x-ivf", "ivf")
MPEG_TS = _make_decodable_kind(
    "MPEG transport stream", "video", "ts mts m2ts", "video/mp2t", "mpegts"
)
MPEG_PS = _make_decodable_kind("MPEG video", "video", "mpg mpeg vob", "video/mpeg", "mpeg")
ASF = _make_decodable_kind(
    "Windows Media file",
    "video",
    "wmv asf wma",
    "video/x-ms-wmv video/x-ms-asf audio/x-ms-wma",
    "asf",
)

MP3 = _make_decodable_kind(
    "MP3 recording", "audio", "mp3 mp2 mpga", "audio/mpeg audio/mp3", "mp3", inline=True
)
M4A = _make_decodable_kind(
    "M4A recording",
    "audio",
    "m4a m4b mp4 aac",
    "audio/mp4 audio/x-m4a audio/m4a audio/aac",
    "mov",
    inline=True,
)
AAC = _make_decodable_kind(
    "AAC recording", "audio", "aac", "audio/aac audio/x-aac audio/aacp", "aac"
)
WAV = _make_decodable_kind(
    "WAV recording",
    "audio",
    "wav wave",
    "audio/wav audio/x-wav audio/wave audio/vnd.wave",
    "wav",
    inline=True,
)
OGG = _make_decodable_kind(
    "Ogg recording",
    "audio",
    "ogg oga opus ogv spx",
    "audio/ogg audio/opus video/ogg application/ogg",
    "ogg",
    inline=True,
)
OGV = _make_decodable_kind("Ogg video", "video", "ogv ogg ogx", "video/ogg application/ogg", "ogg")
FLAC = _make_decodable_kind("FLAC recording", "audio", "flac", "audio/flac audio/x-flac", "flac")
AMR = _make_decodable_kind("AMR recording", "audio", "amr awb", "audio/amr audio/amr-wb", "amr")

PDF = Kind(
    name="PDF document",
    family="pdf",
    extensions=("pdf",),
    media_types=("application/pdf", "application/x-pdf"),
    inline=True,
)
TEXT = Kind(
    name="text",
    family="text",
    extensions=(
        "txt",
        "csv",
        "tsv",
        "log",
        "md",
        "json",
        "jsonl",
        "geojson",
        "xml",
        "gpx",
        "kml",
        "eml",
        "ics",
        "vcf",
        "srt",
        "vtt",
        "yaml",
        "yml",
        "ini",
    ),
    media_types=(
        "text/plain",
        "text/csv",
        "text/markdown",
        "text/xml",
        "application/json",
        "application/xml",
        "application/geo+json",
        "application/gpx+xml",
        "message/rfc822",
        "text/calendar",
        "text/vcard",
        "text/vtt",
    ),
)

PROGRAM = _make_active_kind(
    "program",
    "exe dll scr com msi sys elf so dylib apk jar class dex",
    "application/vnd.microsoft.portable-executable application/x-msdownload "
    "application/x-executable",
)
SCRIPT = _make_active_kind(
    "script",
    "sh bash bat cmd ps1 vbs js mjs py pl rb php hta wsf",
    "text/x-script application/javascript text/javascript application/x-sh",
)
HTML = _make_active_kind(
    "web page", "html htm xhtml mhtml mht shtml", "text/html application/xhtml+xml"
)
SVG = _make_active_kind("SVG drawing", "svg svgz", "image/svg+xml")

ZIP = Kind(
    name="ZIP archive or office document",
    family="other",
    extensions=("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "kmz"),
    media_types=(
        "application/zip",
        "application/x-zip-compressed",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
)
UNKNOWN = Kind(
    name="file of a kind we do not recognise",
    family="other",
    extensions=("bin",),
    media_types=("application/octet-stream",),
)
EMPTY = Kind(
    name="empty file", family="other", extensions=(), media_types=("application/octet-stream",)
)

# What a video's container is called when it holds sound alone. Its other names stay honest: a
# browser says "video/mp4" of every .mp4.
SOUND_ONLY = {
    kind: replace(kind, name=name, family="audio", media_types=(media_type, *kind.media_types))
    for kind, name, media_type in (
        (MP4, "MP4 sound recording", "audio/mp4"),
        (MOV, "QuickTime sound recording", "audio/mp4"),
        (THREE_GP, "3GP sound recording", "audio/3gpp"),
        (WEBM, "WebM sound recording", "audio/webm"),
        (MKV, "Matroska sound recording", "audio/x-matroska"),
        (ASF, "Windows Media sound recording", "audio/x-ms-wma"),
    )
}

# Kinds that a file name or a declared type can claim. Where several kinds share a name, the first
# here describes the claim.
CLAIMABLE: tuple[Kind, ...] = (
    JPEG,
    PNG,
    WEBP,
    GIF,
    AVIF,
    HEIC,
    TIFF,
    MP4,
    MOV,
    THREE_GP,
    WEBM,
    MKV,
    AVI,
    IVF,
    MPEG_TS,
    MPEG_PS,
    ASF,
    MP3,
    M4A,
    AAC,
    WAV,
    OGG,
    FLAC,
    AMR,
    PDF,
    TEXT,
    PROGRAM,
    SCRIPT,
    HTML,
    SVG,
    ZIP,
)

# Reversed, so that the first kind that owns a name is the one that stays in the dictionary.
_BY_EXTENSION = {name: kind for kind in reversed(CLAIMABLE) for name in kind.extensions}
# Reversed, so that of two kinds with one media type the first in the list counts.
_BY_MEDIA_TYPE = {name: kind for kind in reversed(CLAIMABLE) for name in kind.media_types}


def kind_for_extension(extension: str) -> Kind | None:
    """Return the kind that a file name extension claims, or None where it claims none.

    Args:
        extension: Without its dot, in lower case.
    """
    return _BY_EXTENSION.get(extension)


def kind_for_media_type(media_type: str) -> Kind | None:
    """Return the kind that a declared media type claims, or None where it claims none.

    Args:
        media_type: Without parameters, in lower case.
    """
    return _BY_MEDIA_TYPE.get(media_type)
