"""Looking at pictures. Runs only in the child, inside the fence."""

import io
import os
from importlib import import_module
from typing import Any, BinaryIO, cast

from PIL import (
    AvifImagePlugin,
    ExifTags,
    Image,
    ImageCms,
    ImageFile,
    ImageOps,
    UnidentifiedImageError,
    __version__,
)

from bluelamp.records.evidence.media import exif

Transpose = Image.Transpose
UPRIGHT = {
    2: (Transpose.FLIP_LEFT_RIGHT, "mirrored"),
    3: (Transpose.ROTATE_180, "turned by 180°"),
    4: (Transpose.FLIP_TOP_BOTTOM, "flipped top to bottom"),
    5: (Transpose.TRANSPOSE, "mirrored and turned"),
    6: (Transpose.ROTATE_270, "turned clockwise by 90°"),
    7: (Transpose.TRANSVERSE, "mirrored and turned"),
    8: (Transpose.ROTATE_90, "turned anticlockwise by 90°"),
}
"""What undoes each EXIF orientation (EXIF 2.32, tag 0x0112)."""
QUALITY = 82
IMPORTED_LATE = (
    "copy", "PIL.ImageColor", "PIL.ImageFilter", "PIL.ImagePalette", "PIL.ImageSequence",
    "encodings.ascii", "encodings.cp1252", "encodings.latin_1", "encodings.utf_16", "encodings.utf_16_le",
)  # fmt: skip
"""What Pillow and Python import only when a picture calls for it."""
TOO_LARGE = "It is {0:,} × {1:,} pixels, more than is safe to open."


def load_libraries(decoder: str) -> None:
    """Import everything that looking will need: nothing can be imported inside the fence."""
    Image.init()
    for module in IMPORTED_LATE:
        import_module(module)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    if decoder == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
        pillow_heif.options.DECODE_THREADS = 1


def look(
    source: BinaryIO, job: dict[str, Any], answer: dict[str, Any], places: dict[str, int]
) -> None:
    """Read the facts of the picture into `answer`, then make its two previews. May raise anything
    at all.
    """
    limits = job["limits"]
    Image.MAX_IMAGE_PIXELS = None  # held to the job's own limit below, before anything is decoded
    try:
        opened = Image.open(source, formats=[job["decoder"]])
    except UnidentifiedImageError:
        answer["problem"] = "It could not be opened: it is damaged, or not what it says it is."
        raise
    width, height = opened.size
    answer["capture"].update(width=width, height=height)
    if width * height > limits["pixels"]:
        answer["problem"] = TOO_LARGE.format(width, height)
        return
    opened.draft("", (limits["view_px"], limits["view_px"]))
    image, cut = _loaded(source, opened, job)
    # Only now: reading the EXIF of a PNG decodes all of it, whatever its size, and swallows its
    # faults.
    capture = answer["capture"]
    capture.update(exif.facts_of(image))
    orientation = _orientation(image, capture)
    if orientation >= 5:
        capture.update(width=height, height=width)
    if cut:
        capture["truncated"] = "truncated" in cut
        fault = "cut short" if capture["truncated"] else "damaged"
        answer["problem"] = f"The picture is {fault}. The part that could be read is shown."
    view, how = upright_srgb(image, orientation, limits["view_px"])
    write_previews(view, how, limits, answer, places, larger="view")


def _loaded(
    source: BinaryIO, image: ImageFile.ImageFile, job: dict[str, Any]
) -> tuple[Image.Image, str]:
    """The decoded picture, and the decoder's complaint where a part of it could not be read, or
    "".
    """
    try:
        image.load()
    except (OSError, SyntaxError, ValueError) as wrong:
        complaint = str(wrong) or "unreadable"
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        source.seek(0)
        image = Image.open(source, formats=[job["decoder"]])
        image.draft("", (job["limits"]["view_px"],) * 2)
        image.load()
        return image, complaint
    return image, ""


def _orientation(image: Image.Image, capture: dict[str, Any]) -> int:
    """The turn still to be undone. HEIC and AVIF decoders have undone theirs by now and say 1."""
    try:
        orientation = int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (ValueError, TypeError, SyntaxError, OSError):
        orientation = 1
    if orientation not in UPRIGHT:
        orientation = 1
    capture["orientation"] = int(image.info.get("original_orientation") or 0) or orientation
    return orientation


def upright_srgb(image: Image.Image, orientation: int, size: int) -> tuple[Image.Image, list[str]]:
    """A smaller copy of `image`, upright, in sRGB, on white, with nothing else carried over; and
    how it was made.
    """
    how = []
    profile = image.info.get("icc_profile")
    image = _plain_mode(image)
    if max(image.size) > size:
        image.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=2.0)
        how.append(f"made smaller to fit {size} pixels")
    if orientation in UPRIGHT:
        turn, words = UPRIGHT[orientation]
        image = image.transpose(turn)
        how.append(words)
    if image.mode in ("RGBA", "LA"):
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image.convert("RGBA"))
        image = white.convert("RGB")
        how.append("laid on white")
    if profile:
        image, words = _to_srgb(image, profile)
        how.append(words)
    clean = Image.new("RGB", image.size)
    clean.paste(image.convert("RGB"))
    return clean, how


def _plain_mode(image: Image.Image) -> Image.Image:
    """Bring rare pixel layouts to one of L, LA, RGB, RGBA, CMYK."""
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    if image.mode.startswith("I") or image.mode == "F":
        image = image.convert("F")
        low, high = cast("tuple[float, float]", image.getextrema())
        factor = 255.0 / ((high - low) or 1.0)
        return image.point(lambda value: value * factor - low * factor).convert("L")
    return image.convert(
        "RGBA" if "transparency" in image.info or image.mode in ("PA", "La", "RGBa") else "RGB"
    )


def _to_srgb(image: Image.Image, profile: bytes) -> tuple[Image.Image, str]:
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = "".join(c for c in ImageCms.getProfileDescription(given) if c.isprintable()).strip()[
            :60
        ]
        turned = ImageCms.profileToProfile(
            image, given, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image, "colours left as they were: the colour profile could not be read"
    return turned or image, f"colours brought to sRGB from {name or 'its own profile'}"


def write_previews(
    view: Image.Image,
    how: list[str],
    limits: dict[str, Any],
    answer: dict[str, Any],
    places: dict[str, int],
    *,
    larger: str,
) -> None:
    """Write the larger picture and the thumbnail as JPEG, and say in `answer` how each was made."""
    thumbnail = (
        ImageOps.contain(view, (limits["thumbnail_px"],) * 2) if _is_over(view, limits) else view
    )
    for kind, picture, place in (("thumbnail", thumbnail, "thumbnail"), (larger, view, "larger")):
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=QUALITY, progressive=True)
        with os.fdopen(places[place], "wb", closefd=False) as out:
            out.write(buffer.getvalue())
        steps = (
            [*how, f"made smaller to fit {limits['thumbnail_px']} pixels"]
            if picture is not view
            else how
        )
        made_by = f"saved as JPEG (quality {QUALITY}) without metadata, by Pillow {__version__}"
        words = ", ".join([*steps, made_by])
        answer["made"].append({"kind": kind, "how": words[0].upper() + words[1:] + "."})


def _is_over(view: Image.Image, limits: dict[str, Any]) -> bool:
    return max(view.size) > int(limits["thumbnail_px"])
