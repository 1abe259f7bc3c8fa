"""What a file is by its bytes."""

import io
from pathlib import Path

import pytest

from bluelamp.records.evidence.media.sniffing import sniff
from tests import media_samples


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "original"
    path.write_bytes(data)
    return path


def _picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    media_samples.upright(64, 48).save(buffer, kind)
    return buffer.getvalue()


def test_it_works(tmp_path: Path) -> None:
    original = _file(tmp_path, media_samples.rotated_jpeg_with_gps())
    facts = sniff(original, claimed_name="IMG_0001.JPG", claimed_type="image/jpeg")
    assert (facts.family, facts.media_type, facts.extension) == ("image", "image/jpeg", ".jpg")
    assert not facts.lies
    assert facts.may_show_inline
    assert facts.sentence == "This is a JPEG picture."
    assert facts.size == original.stat().st_size


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
def test_pictures_are_known_by_their_bytes(tmp_path: Path, kind: str, media_type: str) -> None:
    assert sniff(_file(tmp_path, _picture(kind))).media_type == media_type


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
def test_other_kinds_are_known_by_their_bytes(
    tmp_path: Path, data: bytes, family: str, media_type: str
) -> None:
    facts = sniff(_file(tmp_path, data))
    assert (facts.family, facts.media_type) == (family, media_type)
    assert not facts.lies
    assert not (facts.family == "active" and facts.may_show_inline)


HTML = b"<html><body><script>alert(1)</script></body></html>"


@pytest.mark.parametrize(
    ("name", "declared", "data", "sentence"),
    [
        (
            "photo.jpg",
            "image/jpeg",
            _picture("PNG"),
            "The name ends in .jpg, as a JPEG picture does, but this is a PNG picture.",
        ),
        (
            "photo.jpg",
            "",
            HTML,
            "The name ends in .jpg, as a JPEG picture does, but this is a web page.",
        ),
        (
            "clip.mp4",
            "video/mp4",
            b"MZ\x90\x00" + bytes(200),
            "The name ends in .mp4, as an MP4 video does, but this is a program.",
        ),
        ("", "image/png", HTML, "It was sent as a PNG picture, but this is a web page."),
        (
            "photo.jpg",
            "",
            b"\x00\x01\x02 unknown",
            "The name ends in .jpg, as a JPEG picture does, but this is a file of a kind we do not recognise.",
        ),
        ("invoice.invoice", "", b"MZ\x90\x00", "It was not sent as one, but this is a program."),
        (
            "photo.jpg.exe",
            "",
            media_samples.rotated_jpeg_with_gps(),
            "The name ends in .exe, as a program does, but this is a JPEG picture.",
        ),
    ],
)
def test_a_lie_is_told_in_plain_words(
    tmp_path: Path, name: str, declared: str, data: bytes, sentence: str
) -> None:
    facts = sniff(_file(tmp_path, data), claimed_name=name, claimed_type=declared)
    assert facts.lies
    assert facts.sentence == sentence
    assert not facts.may_show_inline


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
def test_an_honest_name_is_not_called_a_lie(
    tmp_path: Path, name: str, declared: str, data: bytes
) -> None:
    assert not sniff(_file(tmp_path, data), claimed_name=name, claimed_type=declared).lies


def test_every_real_picture_and_video_is_honest(shared_data: Path) -> None:
    real = [
        path
        for folder in ("images", "video")
        for path in (shared_data / folder).rglob("*.*")
        if path.suffix.lower() in (".jpg", ".heic", ".heif", ".mp4", ".mkv", ".webm", ".ivf")
    ]
    assert len(real) > 30
    lying = {path.name: sniff(path, claimed_name=path.name).sentence for path in real}
    assert not [name for name, said in lying.items() if "but this is" in said]
    assert not [path.name for path in real if sniff(path).family not in ("image", "video")]


@pytest.mark.parametrize("late_index", [True, False])
def test_a_recording_that_is_cut_is_seen_to_be(tmp_path: Path, late_index: bool) -> None:
    whole = media_samples.small_mp4(late_index=late_index)
    assert sniff(_file(tmp_path, whole)).cut_short == ""
    for kept in (40, len(whole) // 3, len(whole) // 2, len(whole) - 1):
        assert sniff(_file(tmp_path, whole[:kept])).cut_short.startswith("The file is cut short"), (
            kept
        )


@pytest.mark.parametrize("name", ["foreman_vp9.webm", "foreman_vp9.mkv"])
def test_a_matroska_recording_that_is_cut_is_seen_to_be(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    whole = (shared_data / "video/foreman/samples" / name).read_bytes()
    assert sniff(_file(tmp_path, whole)).cut_short == ""
    assert sniff(_file(tmp_path, whole[:60_000])).cut_short == (
        f"The file is cut short: it should be at least {len(whole):,} bytes and 60,000 arrived."
    )
