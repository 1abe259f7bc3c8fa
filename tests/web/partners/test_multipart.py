"""The API's reader of multipart bodies, compared with Django's on bodies that are generated."""

import io
from dataclasses import dataclass

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bluelamp.web.partners.multipart import FormPart, MalformedBody, parse_multipart

BOUNDARY = "b0undary"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
DELIMITER = b"--" + BOUNDARY.encode()


@dataclass(frozen=True)
class SentPart:
    """A part as a sender means it."""

    name: str
    filename: str | None
    media_type: str | None
    content: bytes

    def encode(self) -> bytes:
        header = f'Content-Disposition: form-data; name="{_quote(self.name)}"'
        if self.filename is not None:
            header += f'; filename="{_quote(self.filename)}"'
        if self.media_type is not None:
            header += f"\r\nContent-Type: {self.media_type}"
        return header.encode() + b"\r\n\r\n" + self.content


def _quote(text: str) -> str:
    return text.replace('"', '\\"')


def encode_body(parts: list[SentPart]) -> bytes:
    lines = b"".join(DELIMITER + b"\r\n" + part.encode() + b"\r\n" for part in parts)
    return lines + DELIMITER + b"--\r\n"


class _Recorder(FileUploadHandler):
    """Django's own upload handlers, but for keeping every file in memory and in order."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[tuple[str, str, bytes]] = []
        self._chunks: list[bytes] = []

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self._chunks = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._chunks.append(raw_data)

    def file_complete(self, file_size: int) -> None:
        self.files.append((str(self.field_name), str(self.file_name), b"".join(self._chunks)))


Fields = list[tuple[str, str]]
Files = list[tuple[str, str, bytes]]


def read_with_django(body: bytes) -> tuple[Fields, Files] | None:
    """Return the fields and the files that Django reads, or None when it refuses."""
    recorder = _Recorder()
    meta = {"CONTENT_TYPE": CONTENT_TYPE, "CONTENT_LENGTH": str(len(body))}
    try:
        fields, _ = MultiPartParser(meta, io.BytesIO(body), [recorder], "utf-8").parse()
    except (MultiPartParserError, SuspiciousOperation, RequestDataTooBig):
        return None
    return sorted((name, value) for name, values in fields.lists() for value in values), sorted(
        recorder.files
    )


def as_django_would(parts: list[FormPart]) -> tuple[Fields, Files]:
    """Return our parts as Django would give them out.

    It decodes fields and replaces what is not UTF-8, shortens the names of files, and drops a file
    whose name is then empty.
    """
    fields: Fields = []
    files: Files = []
    for part in parts:
        content = bytes(part.content)
        if not part.filename:
            fields.append((part.name, content.decode("utf-8", "replace")))
        elif filename := MultiPartParser.sanitize_file_name(None, part.filename):  # type: ignore[arg-type]
            files.append((part.name, filename, content))
    return sorted(fields), sorted(files)


# Without backslashes: Python's reader of headers, which both use, misreads one before a quote.
TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\\"), max_size=20
)
NAMES = TEXT.map(lambda text: text.strip(" ")).filter(bool)
CONTENTS = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        [b"", b"\r\n", b"\r\n\r\n", b"--", b"\r\n--", b"\r\n--b0undar", b"\xff\xd8" * 99]
    ),
    # More than one of the chunks that Django reads.
    st.integers(65_300, 65_600).map(lambda size: b"x\r\n-" * (size // 4) + b"-" * (size % 4)),
).filter(lambda content: DELIMITER not in content)
PARTS = st.lists(
    st.builds(
        SentPart,
        name=NAMES,
        filename=st.none() | TEXT,
        media_type=st.none() | st.sampled_from(["image/jpeg", "text/plain; charset=utf-8", ""]),
        content=CONTENTS,
    ),
    max_size=5,
)
FRAGMENTS = st.sampled_from(
    [
        b"\r\n",
        b"\n",
        b"\r",
        b"--",
        DELIMITER,
        b"\r\n" + DELIMITER,
        b"\r\n" + DELIMITER + b"--",
        b"\r\n\r\n",
        b'Content-Disposition: form-data; name="x"\r\n\r\n',
        b"Content-Transfer-Encoding: base64\r\n",
        b"content-disposition: form-data; name=a; name=b\r\n",
        b"; filename*=utf-8''%41",
        b'"',
        b"\\",
        b" ",
        b"\t",
        b"\x00",
        b"\xff",
        b":",
        b";",
    ]
)


def test_it_works() -> None:
    sent_parts = [
        SentPart("report", None, "application/json", b"{}"),
        SentPart("files", 'Zoë\'s "car".jpg', "image/jpeg", b"\xff\xd8\r\n--\r\n"),
    ]
    parts = parse_multipart(encode_body(sent_parts), content_type=CONTENT_TYPE)
    assert [
        SentPart(part.name, part.filename, part.media_type, bytes(part.content)) for part in parts
    ] == sent_parts


@settings(max_examples=200, deadline=None)
@given(sent_parts=PARTS)
def test_well_formed_bodies_are_read_as_sent(sent_parts: list[SentPart]) -> None:
    body = encode_body(sent_parts)
    parts = parse_multipart(body, content_type=CONTENT_TYPE)
    assert [(part.name, bytes(part.content)) for part in parts] == [
        (part.name, part.content) for part in sent_parts
    ]
    assert [part.filename for part in parts] == [part.filename for part in sent_parts]
    assert read_with_django(body) == as_django_would(parts)


@settings(max_examples=500, deadline=None)
@given(
    sent_parts=PARTS,
    damage=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), FRAGMENTS | st.binary(max_size=5)),
        min_size=1,
        max_size=4,
    ),
)
def test_what_is_accepted_is_read_as_django_reads_it(
    sent_parts: list[SentPart], damage: list[tuple[float, int, bytes]]
) -> None:
    """A damaged body is refused, or both readers find the same parts, names and bytes in it."""
    body = encode_body(sent_parts)
    for place, cut, fragment in damage:
        start = int(place * len(body))
        body = body[:start] + fragment + body[start + cut :]
    try:
        parts = parse_multipart(body, content_type=CONTENT_TYPE)
    except MalformedBody:
        event("refused")
        return
    event(f"{len(parts)} parts accepted")
    assert read_with_django(body) == as_django_would(parts)


PART = DELIMITER + b'\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (PART + b"\r\nhalf a phot", "The body ends before its last boundary."),
        (
            b"preamble\r\n" + PART + b"\r\nx\r\n" + DELIMITER + b"--",
            "The body does not begin with its boundary.",
        ),
        (
            PART + b"\r\nx\r\n" + DELIMITER + b"--\r\n" + PART + b"\r\ny",
            "Something follows the last boundary.",
        ),
        (
            PART + b"\r\nx" + DELIMITER + b"y\r\n" + DELIMITER + b"--",
            "A boundary is not on a line of its own.",
        ),
        (
            PART + b"\r\nx\r\n" + DELIMITER + b"y\r\n" + DELIMITER + b"--",
            "A boundary is not on a line of its own.",
        ),
        (
            PART + b'Content-Disposition: form-data; name="b"\r\n\r\nx\r\n' + DELIMITER + b"--",
            "A part's headers are not readable.",
        ),
        (
            PART + b"Content-Transfer-Encoding: base64\r\n\r\neA==\r\n" + DELIMITER + b"--",
            "A part has a Content-Transfer-Encoding. Send it without one.",
        ),
        ((PART + b"\r\nx\r\n") * 51 + DELIMITER + b"--", "There are more than 50 parts."),
    ],
)
def test_refused(body: bytes, reason: str) -> None:
    """Django's reader accepts each of these, some with other parts than were sent."""
    assert read_with_django(body) is not None
    with pytest.raises(MalformedBody) as error:
        parse_multipart(body, content_type=CONTENT_TYPE)
    assert error.value.detail == reason
