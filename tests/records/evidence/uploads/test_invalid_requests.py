"""Requests that tus does not allow: each gets its status and a problem, and changes nothing."""

from uuid import uuid4

import pytest

from tests.records.evidence.uploads.server import TusClient


def test_it_works(tus: TusClient) -> None:
    response = tus.call("POST", "/uploads/", b"", upload_length="ten")
    assert response.status == 400
    assert b"upload-length must be a whole number" in response.body


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (412, {"tus_resumable": "0.2.2"}),
        (412, {"tus_resumable": "-"}),
        (400, {"upload_length": "-"}),
        (400, {"upload_length": "-1"}),
        (400, {"upload_length": "1e3"}),
        (413, {"upload_length": "9" * 30}),
        (413, {"upload_length": "9" * 5000}),
        (413, {"upload_length": "9" * 17}),
        (422, {"upload_length": "0"}),
        (400, {"upload_defer_length": "1"}),
        (400, {"upload_metadata": "filename ???"}),
        (400, {"upload_metadata": "filename /w=="}),
        (400, {"upload_metadata": "a YQ==,a YQ=="}),
        (400, {"upload_metadata": "filename AA=="}),
        (400, {"upload_metadata": "sha256 YQ=="}),
        (400, {"upload_metadata": "item YQ=="}),
    ],
)
def test_invalid_creation(tus: TusClient, status: int, headers: dict[str, str]) -> None:
    response = tus.call("POST", "/uploads/", b"", **{"upload_length": "10", **headers})
    assert response.status == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["tus-resumable"] == "1.0.0"


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (415, {"content_type": "application/octet-stream"}),
        (400, {"upload_offset": "-"}),
        (400, {"upload_offset": "x"}),
        (409, {"upload_offset": "5"}),
        (409, {"upload_offset": "8"}),
        (409, {"upload_offset": "9" * 30}),
        (400, {"upload_checksum": "md5 AAAA"}),
        (400, {"upload_checksum": "sha1 AAAA"}),
        (400, {"upload_checksum": "sha1 ???"}),
    ],
)
def test_invalid_chunk(tus: TusClient, status: int, headers: dict[str, str]) -> None:
    path = tus.create(10).headers["location"]
    good = {"upload_offset": "0", "content_type": "application/offset+octet-stream"}
    assert tus.call("PATCH", path, b"hello", **{**good, **headers}).status == status
    assert tus.head(path).offset == 0


def test_chunk_too_long_for_the_file(tus: TusClient) -> None:
    path = tus.create(10).headers["location"]
    assert tus.patch(path, 0, b"eleven byte").status == 413
    assert tus.patch(path, 0, b"eight by").status == 204
    assert tus.patch(path, 8, b"three").status == 413
    assert tus.head(path).offset == 8


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (415, {"content_type": "image/jpeg"}),
        (415, {"content_type": "-"}),
        (400, {"upload_checksum": "md5 AAAA"}),
        (400, {"upload_checksum": "sha256 AAAA"}),
    ],
)
def test_invalid_first_chunk_creates_nothing(
    tus: TusClient, status: int, headers: dict[str, str]
) -> None:
    before = set(tus.server.store.incoming_folder.glob("upload-*"))
    good = {"content_type": "application/offset+octet-stream"}
    assert tus.create(5, b"hello", **{**good, **headers}).status == status
    assert set(tus.server.store.incoming_folder.glob("upload-*")) == before


def test_first_chunk_with_a_wrong_checksum_leaves_an_upload(tus: TusClient) -> None:
    wrong = {
        "content_type": "application/offset+octet-stream",
        "upload_checksum": "sha1 " + "A" * 27 + "=",
    }
    created = tus.create(5, b"hello", **wrong)
    assert created.status == 460
    assert tus.patch(created.headers["location"], 0, b"hello").headers["bluelamp-item"]


def test_unknown_paths_and_methods(tus: TusClient) -> None:
    assert tus.head("/uploads/not-an-id").status == 404
    assert tus.head(f"/uploads/{uuid4()}").status == 404
    assert tus.call("GET", "/uploads/").status == 405
    assert tus.call("PUT", f"/uploads/{uuid4()}").status == 405
