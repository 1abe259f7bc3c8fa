"""Inspect pictures. Runs only in the worker, inside the sandbox."""

import io
import os
from importlib import import_module
from typing import Any, BinaryIO, Literal, cast

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
from bluelamp.records.evidence.media.worker_job import WorkerAnswer, WorkerJob

_Transpose = Image.Transpose
# What undoes each EXIF orientation (EXIF 2.32, tag 0x0112), and how to say so. From 5 upwards,
# width and height change places.
_ORIENTATION_FIXES = {
    2: (_Transpose.FLIP_LEFT_RIGHT, "mirrored"),
    3: (_Transpose.ROTATE_180, "rotated by 180°"),
    4: (_Transpose.FLIP_TOP_BOTTOM, "flipped top to bottom"),
    5: (_Transpose.TRANSPOSE, "mirrored and rotated"),
    6: (_Transpose.ROTATE_270, "rotated clockwise by 90°"),
    7: (_Transpose.TRANSVERSE, "mirrored and rotated"),
    8: (_Transpose.ROTATE_90, "rotated anticlockwise by 90°"),
}
FIRST_SIDEWAYS_ORIENTATION = 5
_JPEG_QUALITY = 82
# What Pillow and Python import only when a picture calls for it.
_LATE_IMPORTS = (
    "copy",
    "PIL.ImageColor",
    "PIL.ImageFilter",
    "PIL.ImagePalette",
    "PIL.ImageSequence",
    "encodings.ascii",
    "encodings.cp1252",
    "encodings.latin_1",
    "encodings.utf_16",
    "encodings.utf_16_le",
)
TOO_LARGE = "The picture is {0:,} × {1:,} pixels, which is too large to open safely."

OutputPlaces = dict[Literal["thumbnail", "larger"], int]


def load_libraries(decoder: str) -> None:
    """Import everything that `inspect` will need: nothing can be imported inside the sandbox."""
    Image.init()
    for module in _LATE_IMPORTS:
        import_module(module)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    if decoder == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
        pillow_heif.options.DECODE_THREADS = 1


def inspect(source: BinaryIO, job: WorkerJob, answer: WorkerAnswer, places: OutputPlaces) -> None:
    """Read what the picture says of itself into `answer`, then write its two previews.

    Args:
        places: The numbers of the descriptors to write the pictures to.

    Raises:
        Exception: Anything at all, as the decoders please.
    """
    limits = job["limits"]
    # Pillow's own limit only warns, or refuses too early; the job's limit is applied below, before
    # anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    try:
        # Only the decoder that the bytes call for: Pillow would otherwise try them all.
        encoded = Image.open(source, formats=[job["decoder"]])
    except UnidentifiedImageError:
        answer["problem"] = (
            "The file could not be opened. It is damaged, or it is not what it says it is."
        )
        raise
    width, height = encoded.size
    answer["capture"].update(width=width, height=height)
    if width * height > limits["pixels"]:
        answer["problem"] = TOO_LARGE.format(width, height)
        return
    # A JPEG decoder can leave out detail as it reads, which saves most of the time and memory.
    encoded.draft("", (limits["view_px"], limits["view_px"]))
    image, complaint = _decode_image(source, encoded, job)
    # Only now: reading the EXIF of a PNG decodes all of it, whatever its size, and swallows its
    # faults.
    capture = answer["capture"]
    capture.update(exif.read_exif(image))
    orientation = _read_orientation(image, capture)
    if orientation >= FIRST_SIDEWAYS_ORIENTATION:
        capture.update(width=height, height=width)
    if complaint:
        capture["truncated"] = "truncated" in complaint
        fault = "incomplete" if capture["truncated"] else "damaged"
        answer["problem"] = f"The picture is {fault}. The preview shows the part that can be read."
    view, steps = upright_srgb(image, orientation, limits["view_px"])
    write_previews(view, steps, limits, answer, places, larger="view")


def _decode_image(
    source: BinaryIO, image: ImageFile.ImageFile, job: WorkerJob
) -> tuple[Image.Image, str]:
    """Return the decoded picture, and the decoder's complaint where a part could not be read, or
    "".
    """
    try:
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        complaint = str(error) or "unreadable"
        # A second time from the start, now keeping what can be read.
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        source.seek(0)
        image = Image.open(source, formats=[job["decoder"]])
        image.draft("", (job["limits"]["view_px"],) * 2)
        image.load()
        return image, complaint
    return image, ""


def _read_orientation(image: Image.Image, capture: dict[str, Any]) -> int:
    """Return the EXIF orientation still to be undone, and note in `capture` what the file said.

    HEIC and AVIF decoders have undone theirs by now and say 1; `original_orientation` is what
    pillow-heif found.
    """
    try:
        # The tag may hold anything, and Pillow raises as it finds it.
        orientation = int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (ValueError, TypeError, SyntaxError, OSError):
        orientation = 1
    if orientation not in _ORIENTATION_FIXES:
        orientation = 1
    capture["orientation"] = int(image.info.get("original_orientation") or 0) or orientation
    return orientation


def upright_srgb(image: Image.Image, orientation: int, size: int) -> tuple[Image.Image, list[str]]:
    """Return a smaller copy of `image`, upright, in sRGB, on white, and the steps that made it.

    Args:
        orientation: The EXIF orientation to undo.
        size: The longest side of the copy, in pixels.
    """
    steps = []
    profile = image.info.get("icc_profile")
    image = _to_common_mode(image)
    if max(image.size) > size:
        image.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=2.0)
        steps.append(f"resized to fit {size} pixels")
    if orientation in _ORIENTATION_FIXES:
        transpose, step = _ORIENTATION_FIXES[orientation]
        image = image.transpose(transpose)
        steps.append(step)
    if image.mode in ("RGBA", "LA"):
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image.convert("RGBA"))
        image = white.convert("RGB")
        steps.append("placed on white")
    if profile:
        image, step = _convert_to_srgb(image, profile)
        steps.append(step)
    # Pasted into a new image, because a conversion would carry over the metadata in `info`.
    clean = Image.new("RGB", image.size)
    clean.paste(image.convert("RGB"))
    return clean, steps


def _to_common_mode(image: Image.Image) -> Image.Image:
    """Return a picture with a rare pixel layout as one of L, LA, RGB, RGBA, CMYK."""
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    if image.mode.startswith("I") or image.mode == "F":
        # 16-bit and floating-point greys: stretched over 0 to 255, or they would come out white.
        image = image.convert("F")
        low, high = cast("tuple[float, float]", image.getextrema())
        factor = 255.0 / ((high - low) or 1.0)
        return image.point(lambda value: value * factor - low * factor).convert("L")
    return image.convert(
        "RGBA" if "transparency" in image.info or image.mode in ("PA", "La", "RGBa") else "RGB"
    )


def _convert_to_srgb(image: Image.Image, profile: bytes) -> tuple[Image.Image, str]:
    try:
        source_profile = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        description = ImageCms.getProfileDescription(source_profile)
        name = "".join(c for c in description if c.isprintable()).strip()[:60]
        converted = ImageCms.profileToProfile(
            image, source_profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image, "colours left unchanged because the colour profile could not be read"
    return converted or image, f"colours converted to sRGB from {name or 'its own profile'}"


def write_previews(
    view: Image.Image,
    steps: list[str],
    limits: dict[str, Any],
    answer: WorkerAnswer,
    places: OutputPlaces,
    *,
    larger: Literal["view", "poster"],
) -> None:
    """Write the larger picture and the thumbnail as JPEG, and note in `answer` how each was made.

    Args:
        view: The larger picture.
        steps: What was done to make it.
        larger: What kind of preview the larger picture is.
    """
    thumbnail = view
    thumbnail_steps = steps
    thumbnail_px = int(limits["thumbnail_px"])
    if max(view.size) > thumbnail_px:
        thumbnail = ImageOps.contain(view, (thumbnail_px, thumbnail_px))
        thumbnail_steps = [*steps, f"resized to fit {thumbnail_px} pixels"]
    _write_jpeg(thumbnail, places["thumbnail"])
    _add_picture_to_answer(answer, "thumbnail", thumbnail_steps)
    _write_jpeg(view, places["larger"])
    _add_picture_to_answer(answer, larger, steps)


def _write_jpeg(picture: Image.Image, descriptor: int) -> None:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_JPEG_QUALITY, progressive=True)
    with os.fdopen(descriptor, "wb", closefd=False) as output:
        output.write(buffer.getvalue())


def _add_picture_to_answer(answer: WorkerAnswer, kind: str, steps: list[str]) -> None:
    last_step = f"saved as JPEG (quality {_JPEG_QUALITY}) without metadata, by Pillow {__version__}"
    method = ", ".join([*steps, last_step])
    answer["pictures"].append({"kind": kind, "method": f"{method[0].upper()}{method[1:]}."})
