"""What a file is by its bytes."""

import io
from pathlib import Path

import pytest

from bluelamp.records.evidence.media.detection import detect_media
from tests import media_samples


def _write_file(folder: Path, data: bytes) -> Path:
    path = folder / "original"
    path.write_bytes(data)
    return path


def _encode_picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    media_samples.upright(64, 48).save(buffer, kind)
    return buffer.getvalue()


def test_it_works(tmp_path: Path) -> None:
    original = _write_file(tmp_path, media_samples.rotated_jpeg_with_gps())
    media = detect_media(original, claimed_name="IMG_0001.JPG", claimed_type="image/jpeg")
    assert (media.family, media.media_type, media.extension) == ("image", "image/jpeg", ".jpg")
    assert not media.is_mislabelled
    assert media.may_show_inline
    assert media.description == "This is a JPEG picture."
    assert media.size == original.stat().st_size


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
        ("TIFF", "image/tiff"),
        ("AVIF", "image/avif"),
    ],
)
def test_pictures(tmp_path: Path, kind: str, media_type: str) -> None:
    assert detect_media(_write_file(tmp_path, _encode_picture(kind))).media_type == media_type


MP3 = b"\xff\xfb\x90\x00" + bytes(413)


@pytest.mark.parametrize(
    ("data", "family", "media_type"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image", "image/heic"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", "image", "image/avif"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "video", "video/quicktime"),
        (b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x00\x00isom3gp4", "video", "video/3gpp"),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00isommp42", "audio", "audio/mp4"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video", "video/webm"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "video", "video/x-matroska"),
        (b"RIFF\x24\x00\x00\x00AVI LIST", "video", "video/x-msvideo"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio", "audio/wav"),
        (b"OggS\x00\x02" + bytes(30), "audio", "audio/ogg"),
        (b"OggS\x00\x02" + bytes(22) + b"\x80theora" + bytes(30), "video", "video/ogg"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00", "audio", "audio/mpeg"),
        (MP3 + MP3, "audio", "audio/mpeg"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf", "application/pdf"),
        (b"Dear officer,\r\nit was \xc2\xa340.\r\n", "text", "text/plain"),
        ("Zoë said so".encode("utf-16"), "text", "text/plain"),
        (b"<p>No page, only a tag", "text", "text/plain"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "active", "application/vnd.microsoft.portable-executable"),
        (b"\x7fELF\x02\x01\x01\x00", "active", "application/x-executable"),
        (b"#!/bin/sh\nrm -rf /\n", "active", "text/x-script"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html>", "active", "text/html"),
        ("<html><script>".encode("utf-16"), "active", "text/html"),
        (
            b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
            "active",
            "image/svg+xml",
        ),
        (b"PK\x03\x04\x14\x00", "other", "application/zip"),
        (b"\x00\x01\x02\x03 nothing known", "other", "application/octet-stream"),
        (b"", "other", "application/octet-stream"),
    ],
)
def test_other_kinds(tmp_path: Path, data: bytes, family: str, media_type: str) -> None:
    media = detect_media(_write_file(tmp_path, data))
    assert (media.family, media.media_type) == (family, media_type)
    assert not media.is_mislabelled
    assert not (media.family == "active" and media.may_show_inline)


HTML = b"<html><body><script>alert(1)</script></body></html>"


@pytest.mark.parametrize(
    ("name", "declared", "data", "description"),
    [
        (
            "photo.jpg",
            "image/jpeg",
            _encode_picture("PNG"),
            "The name ends in .jpg, like a JPEG picture, but this is a PNG picture.",
        ),
        (
            "photo.jpg",
            "",
            HTML,
            "The name ends in .jpg, like a JPEG picture, but this is a web page.",
        ),
        (
            "clip.mp4",
            "video/mp4",
            b"MZ\x90\x00" + bytes(200),
            "The name ends in .mp4, like an MP4 video, but this is a program.",
        ),
        ("", "image/png", HTML, "The file was sent as a PNG picture, but it is a web page."),
        (
            "photo.jpg",
            "",
            b"\x00\x01\x02 unknown",
            "The name ends in .jpg, like a JPEG picture, "
            "but this is a file of a kind we do not recognise.",
        ),
        ("invoice.invoice", "", b"MZ\x90\x00", "This is a program, but it was not sent as one."),
        (
            "photo.jpg.exe",
            "",
            media_samples.rotated_jpeg_with_gps(),
            "The name ends in .exe, like a program, but this is a JPEG picture.",
        ),
    ],
)
def test_mislabelled_file_is_described(
    tmp_path: Path, name: str, declared: str, data: bytes, description: str
) -> None:
    media = detect_media(_write_file(tmp_path, data), claimed_name=name, claimed_type=declared)
    assert media.is_mislabelled
    assert media.description == description
    assert not media.may_show_inline


@pytest.mark.parametrize(
    ("name", "declared", "data"),
    [
        ("clip.mov", "video/quicktime", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"),
        ("IMG.HEIC", "image/heif", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"),
        ("notes.csv", "text/csv; charset=utf-8", b"a,b\n1,2\n"),
        ("run.py", "", b"print(1)\n"),
        ("letter.docx", "application/octet-stream", b"PK\x03\x04\x14\x00"),
        ("cctv.dav", "", b"\x00\x01\x02\x03 nothing known"),
        ("../../etc/passwd\x00.jpg", "", media_samples.rotated_jpeg_with_gps()),
    ],
)
def test_honest_name_is_not_mislabelled(
    tmp_path: Path, name: str, declared: str, data: bytes
) -> None:
    assert not detect_media(
        _write_file(tmp_path, data), claimed_name=name, claimed_type=declared
    ).is_mislabelled


def test_no_real_picture_or_video_is_mislabelled(shared_data: Path) -> None:
    real = [
        path
        for folder in ("images", "video")
        for path in (shared_data / folder).rglob("*.*")
        if path.suffix.lower() in (".jpg", ".heic", ".heif", ".mp4", ".mkv", ".webm", ".ivf")
    ]
    assert len(real) > 30
    mislabelled = [
        path.name for path in real if detect_media(path, claimed_name=path.name).is_mislabelled
    ]
    assert not mislabelled
    assert not [path.name for path in real if detect_media(path).family not in ("image", "video")]


@pytest.mark.parametrize(
    ("container", "codec", "name", "media_type"),
    [
        ("mp4", "aac", "memo.mp4", "audio/mp4"),
        ("mov", "aac", "memo.mov", "audio/mp4"),
        ("3gp", "aac", "memo.3gp", "audio/3gpp"),
        ("webm", "libopus", "memo.webm", "audio/webm"),
        ("matroska", "libopus", "memo.mkv", "audio/x-matroska"),
        ("asf", "wmav2", "memo.wma", "audio/x-ms-wma"),
    ],
)
@pytest.mark.parametrize("has_video", [False, True])
def test_recording_without_video_is_sound(
    tmp_path: Path, container: str, codec: str, name: str, media_type: str, has_video: bool
) -> None:
    data = media_samples.sound(container, codec, has_video=has_video)
    media = detect_media(_write_file(tmp_path, data), claimed_name=name)
    assert media.family == ("video" if has_video else "audio")
    assert (media.media_type == media_type) is not has_video
    assert (media.is_mislabelled, media.truncation) == (False, "")
    assert ("sound" in media.description) is not has_video


@pytest.mark.parametrize("late_index", [True, False])
def test_truncated_recording_is_detected(tmp_path: Path, late_index: bool) -> None:
    whole = media_samples.small_mp4(late_index=late_index)
    assert detect_media(_write_file(tmp_path, whole)).truncation == ""
    for length in (40, len(whole) // 3, len(whole) // 2, len(whole) - 1):
        assert detect_media(_write_file(tmp_path, whole[:length])).truncation.startswith(
            "The file is incomplete"
        ), length


@pytest.mark.parametrize("name", ["foreman_vp9.webm", "foreman_vp9.mkv"])
def test_truncated_matroska_is_detected(shared_data: Path, tmp_path: Path, name: str) -> None:
    whole = (shared_data / "video/foreman/samples" / name).read_bytes()
    assert detect_media(_write_file(tmp_path, whole)).truncation == ""
    assert detect_media(_write_file(tmp_path, whole[:60_000])).truncation == (
        f"The file is incomplete. It should be at least {len(whole):,} bytes "
        "but only 60,000 arrived."
    )
