"""Previews of honest and of hostile originals."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from bluelamp.records.evidence.media.media_info import MIB, PreviewResult, WorkerLimits
from bluelamp.records.evidence.media.previews import make_previews
from tests import media_samples

# A worker gives way to everything else, so on a busy machine each preview takes minutes.
pytestmark = pytest.mark.timeout(1200)
QUICK = WorkerLimits(cpu_seconds=10)


def _make(
    folder: Path, data: bytes, *, name: str = "", limits: WorkerLimits = QUICK
) -> PreviewResult:
    original = folder / "original"
    original.write_bytes(data)
    result = make_previews(original, folder / "previews", limits=limits, claimed_name=name)
    assert original.read_bytes() == data
    assert not list((folder / "previews").glob(".making-*"))
    return result


def _encode(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _open_picture(result: PreviewResult, kind: str) -> Image.Image:
    preview = next(preview for preview in result.pictures if preview.kind == kind)
    with Image.open(preview.path) as image:
        image.load()
        assert image.size == (preview.width, preview.height)
        return image


def test_it_works(tmp_path: Path) -> None:
    result = _make(tmp_path, media_samples.rotated_jpeg_with_gps(), name="IMG_0001.jpg")
    assert result.problem == ""
    assert [preview.kind for preview in result.pictures] == ["thumbnail", "view"]
    thumbnail, view = result.pictures
    assert (thumbnail.width, thumbnail.height) == (240, 320)
    assert (view.width, view.height) == (480, 640)
    assert view.media_type == "image/jpeg"
    assert view.sha256 == hashlib.sha256(view.path.read_bytes()).hexdigest()
    assert view.method.startswith(
        "Rotated clockwise by 90°, saved as JPEG (quality 82) without metadata, by Pillow"
    )
    for kind in ("thumbnail", "view"):
        assert media_samples.looks_upright(_open_picture(result, kind))
    capture = result.capture
    assert (capture.latitude, capture.longitude) == media_samples.LONDON_POSITION
    assert (capture.make, capture.model, capture.orientation) == ("Lampworks", "Phone 3", 6)
    assert (capture.width, capture.height) == (480, 640)
    assert capture.captured_at is not None
    assert capture.captured_at.isoformat() == media_samples.CAPTURED_AT


def test_sandbox_applies_here(tmp_path: Path) -> None:
    limits = _make(tmp_path, media_samples.rotated_jpeg_with_gps()).sandbox
    for limit in ("memory", "processor time", "file size", "files", "network"):
        assert limits[limit], limit


def test_previews_hold_no_metadata(tmp_path: Path) -> None:
    for preview in _make(tmp_path, media_samples.rotated_jpeg_with_gps()).pictures:
        data = preview.path.read_bytes()
        for secret in (b"Exif", b"Lampworks", b"secret", b"ICC_PROFILE", b"2026:03:03"):
            assert secret not in data
        with Image.open(preview.path) as image:
            assert not image.getexif()


def test_heic_is_rotated_once(tmp_path: Path) -> None:
    result = _make(tmp_path, media_samples.heic_with_gps())
    assert result.problem == ""
    assert media_samples.looks_upright(_open_picture(result, "view"))
    assert (result.capture.latitude, result.capture.longitude) == media_samples.LONDON_POSITION
    assert (result.capture.width, result.capture.height, result.capture.orientation) == (
        480,
        640,
        6,
    )


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_every_kind_with_an_orientation_is_made_upright(tmp_path: Path, kind: str) -> None:
    stored = media_samples.upright(480, 640).transpose(Image.Transpose.ROTATE_90)
    result = _make(tmp_path, _encode(stored, kind, exif=media_samples.exif_with_gps(6)))
    assert (result.problem, result.detail) == ("", "")
    assert media_samples.looks_upright(_open_picture(result, "view"))
    assert (result.capture.width, result.capture.height) == (480, 640)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "I", "F", "CMYK"])
def test_rare_pixel_layouts(tmp_path: Path, mode: str) -> None:
    image = Image.linear_gradient("L")
    if mode == "I;16":
        data = _encode(
            Image.frombytes("I;16", (2, 1), b"\x00\x00\xff\xff").resize((64, 64), 0), "PNG"
        )
    elif mode == "LA":
        image.putalpha(128)
        data = _encode(image, "PNG")
    else:
        data = _encode(image.convert(mode), "TIFF" if mode in ("I", "F", "CMYK") else "PNG")
    result = _make(tmp_path, data)
    assert (result.problem, result.detail) == ("", "")
    low, high = _open_picture(result, "view").convert("L").getextrema()
    assert high - low > 100


def test_transparency_becomes_white(tmp_path: Path) -> None:
    result = _make(tmp_path, _encode(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
    assert _open_picture(result, "view").getpixel((25, 25)) == (255, 255, 255)


def test_animation_shows_its_first_picture(tmp_path: Path) -> None:
    frames = [media_samples.upright(), Image.new("RGB", (640, 480))]
    result = _make(tmp_path, _encode(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert media_samples.looks_upright(_open_picture(result, "view"), tolerance=40)


@pytest.mark.parametrize("shape", ["Landscape", "Portrait"])
def test_all_orientations_of_real_photos_come_out_the_same(
    tmp_path: Path, shared_data: Path, shape: str
) -> None:
    def small(number: int) -> Image.Image:
        data = (shared_data / f"images/exif-orientation-examples/{shape}_{number}.jpg").read_bytes()
        folder = tmp_path / str(number)
        folder.mkdir()
        result = _make(folder, data)
        assert result.problem == ""
        picture = _open_picture(result, "thumbnail")
        assert (picture.width > picture.height) == (shape == "Landscape")
        return picture.resize((32, 32), Image.Resampling.BOX).convert("L")

    # The examples have their number painted in the middle, so the average is compared and not each
    # pixel.
    upright = small(1)
    for number in (0, *range(2, 9)):
        off = ImageStat.Stat(ImageChops.difference(upright, small(number))).mean[0]
        turned_off = min(
            ImageStat.Stat(ImageChops.difference(upright, upright.transpose(turn))).mean[0]
            for turn in Image.Transpose
        )
        assert off < 8 < turned_off, (number, off, turned_off)


@pytest.mark.parametrize(
    ("name", "size", "make"),
    [
        ("iphone_13_pro_max.HEIC", (1200, 1600), "Apple"),
        ("HMD_Nokia_8.3_5G.heif", (1200, 1600), ""),
        ("HMD_Nokia_8.3_5G_hdr.heif", (1600, 1200), ""),
    ],
)
def test_twelve_megapixel_heic_fits_in_the_sandbox(
    tmp_path: Path, shared_data: Path, name: str, size: tuple[int, int], make: str
) -> None:
    data = (shared_data / "images/heic" / name).read_bytes()
    result = _make(tmp_path, data, name=name, limits=replace(QUICK, memory_bytes=512 * MIB))
    assert (result.problem, result.detail) == ("", "")
    assert _open_picture(result, "view").size == size
    assert result.capture.make == make


def test_wide_gamut_photo_is_converted_to_srgb(tmp_path: Path, shared_data: Path) -> None:
    data = (shared_data / "images/heic/iphone_13_pro_max.HEIC").read_bytes()
    result = _make(tmp_path, data)
    assert "colours converted to sRGB from Display P3" in result.pictures[1].method
    assert result.capture.captured_text == "2022-02-16T12:55:41+01:00"


@pytest.mark.parametrize(
    ("name", "place", "written"),
    [
        ("phones/gps/DSCN0010.jpg", (43.4674483, 11.8851267), "2008-10-22T16:28:39"),
        (
            "phones/mobile/HMD_Nokia_8.3_5G.jpg",
            (60.1467056, 24.9067722),
            "2022-08-14T14:12:31+03:00",
        ),
        ("phones/mobile/jolla.jpg", (None, None), "2014-09-21T16:00:56"),
    ],
)
def test_time_and_place_of_real_phone_photos(
    tmp_path: Path,
    shared_data: Path,
    name: str,
    place: tuple[float | None, float | None],
    written: str,
) -> None:
    result = _make(tmp_path, (shared_data / "images" / name).read_bytes())
    assert (result.problem, result.detail) == ("", "")
    assert (result.capture.latitude, result.capture.longitude) == place
    assert result.capture.captured_text == written
    assert (result.capture.captured_at is None) == ("+" not in written)


def test_text_ends_at_its_nul_and_seconds_may_be_unknown(tmp_path: Path) -> None:
    capture = _make(tmp_path, media_samples.jpeg_of_an_old_camera()).capture
    assert (capture.make, capture.model) == ("Lampworks", "MAVICA")
    assert (capture.latitude, capture.longitude) == (51.5, -0.1333333)


def test_truncated_picture_shows_what_arrived(tmp_path: Path) -> None:
    whole = media_samples.phone_jpeg_2mb()
    result = _make(tmp_path, whole[: len(whole) // 2])
    assert (
        result.problem == "The picture is incomplete. The preview shows the part that can be read."
    )
    assert result.capture.truncated
    top = media_samples.corners_of(_open_picture(result, "view"))[:2]
    assert (
        max(
            abs(actual - expected)
            for actual, expected in zip(top[0], media_samples.CORNERS[0], strict=True)
        )
        < 90
    )


def test_damaged_picture_says_so(tmp_path: Path) -> None:
    whole = bytearray(_encode(media_samples.upright(), "PNG"))
    at = whole.index(b"IDAT") + 400
    whole[at : at + 400] = b"\xff" * 400
    result = _make(tmp_path, bytes(whole))
    assert result.problem == "The picture is damaged. The preview shows the part that can be read."
    assert not result.capture.truncated


def test_truncated_heic_says_so(tmp_path: Path) -> None:
    whole = media_samples.heic_with_gps()
    result = _make(tmp_path, whole[: len(whole) - 200])
    assert result.capture.truncated
    assert result.problem.startswith(
        f"The file is incomplete. It should be at least {len(whole):,} bytes"
    )


def test_picture_followed_by_a_second_one_is_shown(tmp_path: Path) -> None:
    both = _encode(
        media_samples.upright(), "MPO", save_all=True, append_images=[Image.new("RGB", (640, 480))]
    )
    result = _make(tmp_path, both, name="IMG_0001.jpg")
    assert (result.problem, result.detail, result.media.is_mislabelled) == ("", "", False)
    assert media_samples.looks_upright(_open_picture(result, "view"))


def test_decompression_bomb_is_not_decoded(tmp_path: Path) -> None:
    result = _make(tmp_path, media_samples.bomb_png())
    assert result.pictures == ()
    assert result.problem == (
        "The picture is 60,000 × 60,000 pixels, which is too large to open safely. "
        "The original is stored exactly as it was received."
    )
    assert (result.capture.width, result.capture.height) == (60_000, 60_000)


def test_bomb_under_the_pixel_limit_meets_the_memory_limit(tmp_path: Path) -> None:
    side = 8_000
    image = _encode(Image.new("RGBA", (side, side)), "PNG", compress_level=1)
    result = _make(tmp_path, image, limits=replace(QUICK, memory_bytes=220 * MIB))
    assert result.pictures == ()
    assert result.problem.startswith("The file needs too much memory to open safely.")


def test_mislabelled_picture_is_shown_and_described(tmp_path: Path) -> None:
    result = _make(tmp_path, _encode(media_samples.upright(), "PNG"), name="photo.jpg")
    assert result.media.is_mislabelled
    assert result.media.media_type == "image/png"
    assert len(result.pictures) == 2


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "photo.jpg"),
        (b"MZ\x90\x00" + bytes(500), "clip.mp4"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "drawing.svg"),
        (b"", "empty.jpg"),
        (b"%PDF-1.7\n", "letter.pdf"),
        (b"just words", "note.txt"),
    ],
)
def test_other_files_get_no_preview(tmp_path: Path, data: bytes, name: str) -> None:
    result = _make(tmp_path, data, name=name)
    assert result.pictures == ()
    assert not list(tmp_path.glob("previews/*"))


def test_previews_are_replaced(tmp_path: Path) -> None:
    _make(tmp_path, media_samples.rotated_jpeg_with_gps())
    second = _make(tmp_path, _encode(Image.new("RGB", (10, 10), "white"), "PNG"))
    assert _open_picture(second, "view").size == (10, 10)
    assert sorted(path.name for path in (tmp_path / "previews").iterdir()) == [
        "thumbnail.jpg",
        "view.jpg",
    ]


@pytest.mark.parametrize(
    "start",
    [
        b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"RIFF\xff\xff\x00\x00WEBPVP8 ",
        b"II*\x00\x08\x00\x00\x00",
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42",
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm",
    ],
    ids=["jpeg", "png", "webp", "tiff", "heic", "mp4", "webm"],
)
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rest=st.binary(max_size=2000))
def test_no_bytes_raise(tmp_path: Path, start: bytes, rest: bytes) -> None:
    result = _make(tmp_path, start + rest)
    assert result.pictures or result.problem


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    position=st.integers(min_value=0),
    damage=st.binary(min_size=1, max_size=40),
    sample=st.integers(0, 2),
)
def test_damaged_original_never_raises(
    tmp_path: Path, position: int, damage: bytes, sample: int
) -> None:
    samples = (
        media_samples.rotated_jpeg_with_gps(),
        media_samples.heic_with_gps(),
        media_samples.small_mp4(seconds=1),
    )
    whole = samples[sample]
    at = position % len(whole)
    result = _make(tmp_path, whole[:at] + damage + whole[at + len(damage) :])
    assert result.pictures or result.problem
