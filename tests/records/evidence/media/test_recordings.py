"""What is read from video and sound, and the posters made of video."""

import io
import wave
from pathlib import Path

import pytest
from PIL import Image

from bluelamp.records.evidence.media.media_info import MIB, PreviewResult, WorkerLimits
from bluelamp.records.evidence.media.previews import make_previews
from tests import media_samples

# A worker gives way to everything else, so on a busy machine each preview takes minutes.
pytestmark = pytest.mark.timeout(1200)
HALF_A_GIGABYTE = WorkerLimits(memory_bytes=512 * MIB, cpu_seconds=10)


def _make(folder: Path, data: bytes) -> PreviewResult:
    original = folder / "original"
    original.write_bytes(data)
    result = make_previews(original, folder / "previews", limits=HALF_A_GIGABYTE)
    assert original.read_bytes() == data
    return result


def _open_poster(result: PreviewResult) -> Image.Image:
    with Image.open(
        next(preview.path for preview in result.pictures if preview.kind == "poster")
    ) as image:
        image.load()
        return image


def test_it_works(tmp_path: Path) -> None:
    result = _make(tmp_path, media_samples.small_mp4())
    assert (result.problem, result.detail) == ("", "")
    assert [preview.kind for preview in result.pictures] == ["thumbnail", "poster"]
    assert result.pictures[1].method.startswith("The frame at 0.00 seconds, read by FFmpeg (PyAV ")
    assert media_samples.looks_upright(_open_poster(result))
    capture = result.capture
    assert (capture.width, capture.height, capture.orientation) == (320, 240, 1)
    assert (capture.video_codec, capture.audio_codec, capture.duration) == ("h264", "", 2.0)
    assert (capture.frames_promised, capture.frames_found, capture.truncated) == (20, 20, False)
    assert (capture.latitude, capture.longitude) == media_samples.LONDON_POSITION
    assert capture.captured_at is not None
    assert capture.captured_at.isoformat() == media_samples.CAPTURED_AT


@pytest.mark.parametrize(
    "matrix",
    [
        (1, 0, 0, 1),
        (-1, 0, 0, 1),
        (-1, 0, 0, -1),
        (1, 0, 0, -1),
        (0, 1, 1, 0),
        (0, 1, -1, 0),
        (0, -1, -1, 0),
        (0, -1, 1, 0),
    ],
)
def test_poster_is_upright_for_every_display_matrix(
    tmp_path: Path, matrix: tuple[int, int, int, int]
) -> None:
    """The stored quarter at (x, y) is shown at (ax + cy, bx + dy): ISO/IEC 14496-12, 6.2.2."""
    a, b, c, d = matrix
    corners = [(-1, -1), (1, -1), (-1, 1), (1, 1)]
    stored = tuple(
        media_samples.CORNERS[corners.index((a * x + c * y, b * x + d * y))] for x, y in corners
    )
    result = _make(
        tmp_path, media_samples.turned_mp4(media_samples.small_mp4(colours=stored), matrix)
    )
    assert result.problem == ""
    poster = _open_poster(result)
    assert media_samples.looks_upright(poster)
    assert poster.size == ((240, 320) if a == 0 else (320, 240))
    assert (result.capture.width, result.capture.height) == poster.size


@pytest.mark.parametrize(
    ("name", "codec", "frames", "seconds"),
    [
        ("foreman/samples/foreman_h264.mp4", "h264", 60, 2.0),
        ("foreman/samples/foreman_hevc.mp4", "hevc", 60, 2.0),
        ("foreman/samples/foreman_vp9.webm", "vp9", 60, 2.0),
        ("foreman/samples/foreman_vp9.mkv", "vp9", 60, 2.0),
        ("foreman/samples/foreman_av1.ivf", "libdav1d", 250, 10.0),
        ("gopro/karma.mp4", "h264", 362, 13.0),
        ("mdn/crystal.mp4", "h264", 359, 12.0),
    ],
)
def test_real_recordings(
    tmp_path: Path, shared_data: Path, name: str, codec: str, frames: int, seconds: float
) -> None:
    result = _make(tmp_path, (shared_data / "video" / name).read_bytes())
    assert (result.problem, result.detail) == ("", "")
    assert len(result.pictures) == 2
    assert (result.capture.video_codec, result.capture.frames_found) == (codec, frames)
    assert result.capture.duration == pytest.approx(seconds, abs=0.1)
    low, high = _open_poster(result).convert("L").getextrema()
    assert high - low > 100


def test_missing_index_is_reported(tmp_path: Path) -> None:
    whole = media_samples.small_mp4()
    result = _make(tmp_path, whole[: whole.index(b"moov") - 4])
    assert result.pictures == ()
    assert result.capture.truncated
    assert result.problem == (
        "The file is incomplete. Its index (moov) is missing, so it cannot be played. "
        "The original is stored exactly as it was received."
    )


def test_truncated_recording_shows_what_arrived(tmp_path: Path) -> None:
    whole = media_samples.small_mp4(late_index=False)
    result = _make(tmp_path, whole[: len(whole) * 2 // 3])
    assert result.capture.truncated
    assert result.capture.frames_found < result.capture.frames_promised == 20
    assert result.problem == (
        "The video is incomplete. It should have 20 frames "
        f"but only {result.capture.frames_found} arrived."
    )
    assert media_samples.looks_upright(_open_poster(result))


def test_poster_is_not_a_blank_first_frame(tmp_path: Path) -> None:
    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="webm") as out:
        stream = out.add_stream("libvpx", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(10):
            picture = (
                media_samples.upright(320, 240) if number >= 5 else Image.new("RGB", (320, 240))
            )
            out.mux(stream.encode(av.VideoFrame.from_image(picture)))
        out.mux(stream.encode(None))
    result = _make(tmp_path, buffer.getvalue())
    assert result.pictures[1].method.startswith("The frame at 0.50 seconds")
    assert media_samples.looks_upright(_open_poster(result), tolerance=60)


def test_sound_has_a_duration_and_no_picture(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(16000 * 3))
    result = _make(tmp_path, buffer.getvalue())
    assert (result.problem, result.pictures) == ("", ())
    assert result.capture.duration == 3.0
    truncated = _make(tmp_path, buffer.getvalue()[:20_000])
    assert truncated.capture.truncated
    assert truncated.problem.startswith(
        "The file is incomplete. It should be at least 48,044 bytes but only 20,000 arrived."
    )


def test_voice_memo_in_a_container_for_video_needs_no_picture(tmp_path: Path) -> None:
    result = _make(tmp_path, media_samples.sound("3gp", "aac"))
    assert (result.problem, result.pictures, result.media.family) == ("", (), "audio")
    assert result.capture.audio_codec == "aac"
    assert result.capture.duration == pytest.approx(1.0, abs=0.1)


def test_playlist_is_never_followed(tmp_path: Path) -> None:
    """FFmpeg would open what a playlist names; its playlist readers are never asked."""
    for playlist in (
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ):
        assert _make(tmp_path, playlist).media.family == "text"
