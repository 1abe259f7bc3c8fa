"""What every form promises: archival, tagged, its own fonts, and words that are only ever words."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from bluelamp.casework.casefiles.documents import Document, make_documents, mg11
from bluelamp.foundation.documents.printable_text import can_draw, replace_undrawable_characters
from tests.casework.casefiles.example_case import CASE, STATEMENT


def _fonts(reader: PdfReader) -> dict[str, DictionaryObject]:
    fonts: dict[str, DictionaryObject] = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            base = font.get_object()
            fonts[str(base["/BaseFont"])] = (
                base["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            )
    return fonts


@pytest.mark.parametrize("document", make_documents(case=CASE), ids=lambda document: document.name)
def test_it_works(document: Document) -> None:
    reader = PdfReader(BytesIO(document.pdf))
    root = reader.trailer["/Root"]
    assert "/StructTreeRoot" in root  # type: ignore[operator]
    assert bool(root["/MarkInfo"]["/Marked"])  # type: ignore[index]
    assert root["/Lang"] == "en-GB"  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert reader.metadata
    assert reader.metadata.title
    xmp = root["/Metadata"].get_object().get_data().decode()  # type: ignore[index]
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    fonts = _fonts(reader)
    assert fonts
    for name, descriptor in fonts.items():
        assert "NotoSans" in name.replace("-", ""), name
        assert {"/FontFile2", "/FontFile3"} & set(descriptor), f"{name} is not embedded"


def _alternatives(element: DictionaryObject) -> list[str]:
    children = element.get("/K", [])
    texts = [str(element["/Alt"])] if "/Alt" in element else []
    for child in children if isinstance(children, list) else [children]:
        part = child.get_object()
        if isinstance(part, DictionaryObject):
            texts += _alternatives(part)
    return texts


def test_the_signature_has_an_alternative_text() -> None:
    root = PdfReader(BytesIO(mg11(case=CASE, statement=STATEMENT))).trailer["/Root"]
    assert _alternatives(root["/StructTreeRoot"]).count("Signature of Esi Mensah") == 2  # type: ignore[index]


@pytest.mark.parametrize(
    "markup",
    [
        '#import "/etc/passwd": *',
        "#panic(1)",
        "$ x^2 $ *bold* _it_ @ref <label> `raw` // gone",
        "= Heading",
        "- item",
        "\\ backslash \\u{41}",
        "#{sys.inputs}",
        "/* gone */",
        "\"quotes\" and 'quotes' --- ...",
        "£640, Llŷr, ŵyneb, Zoë, Łukasz, Đorđe, Ñandú",
    ],
)
def test_user_text_is_never_markup(markup: str) -> None:
    text = (
        PdfReader(BytesIO(mg11(case=CASE, statement=replace(STATEMENT, text=markup))))
        .pages[0]
        .extract_text()
    )
    assert markup in " ".join(text.split())


def test_every_naughty_string_makes_a_valid_form(shared_data: Path) -> None:
    lines = (shared_data / "security" / "blns" / "blns.txt").read_text(encoding="utf-8").split("\n")
    strings = [line for line in lines if line and not line.startswith("#")]
    assert len(strings) > 400
    pdf = mg11(
        case=CASE, statement=replace(STATEMENT, text="\n".join(strings), maker_name=strings[0])
    )
    text = "".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())
    assert "undefined" in text
    for string in strings[::25]:
        mg11(
            case=CASE,
            statement=replace(STATEMENT, text=string, maker_name=string, occupation=string),
        )


@pytest.mark.parametrize(
    "name",
    [
        "محمد",
        "דוד",
        "王小明",
        "김철수",
        "さくら",
        "मोहन",
        "রহিম",
        "ਸਿੰਘ",
        "તેજસ",
        "தமிழ்",
        "తెలుగు",
        "ไทย",
        "አበበ",
        "გიორგი",
        "Արամ",
        "Иван",
        "Γιώργος",
        "Nguyễn",
    ],
)
def test_names_in_the_scripts_of_a_city_are_drawn(name: str) -> None:
    assert replace_undrawable_characters(name) == name
    pdf = mg11(case=CASE, statement=replace(STATEMENT, maker_name=name))
    assert "[U+" not in PdfReader(BytesIO(pdf)).pages[0].extract_text()


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("😀", "[U+1F600]"),
        ("a\u202eb", "a[U+202E]b"),
        ("\x00", "[U+0000]"),
        ("\ue000", "[U+E000]"),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree    four"),
        ("\u0301", "[U+0301]"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_a_character_without_a_glyph_is_printed_as_its_number(written: str, printed: str) -> None:
    assert replace_undrawable_characters(written) == printed


def test_the_form_explains_the_numbers() -> None:
    plain = PdfReader(BytesIO(mg11(case=CASE, statement=STATEMENT))).pages[0].extract_text()
    emoji = (
        PdfReader(BytesIO(mg11(case=CASE, statement=replace(STATEMENT, text="😀"))))
        .pages[0]
        .extract_text()
    )
    assert "exact text is in case.json" not in " ".join(plain.split())
    assert "exact text is in case.json" in " ".join(emoji.split())


def test_a_word_too_long_for_a_line_may_break() -> None:
    assert "\u200b" in replace_undrawable_characters("a" * 100)
    assert "\u200b" not in replace_undrawable_characters("a" * 48)
    assert can_draw("£")
    assert not can_draw("\u202e")
