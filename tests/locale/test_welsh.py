"""The Welsh catalogue has every sentence of the translated pages, and its compiled form is new."""

import re
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from django.utils.functional import Promise
from django.utils.translation import override

from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.forms.rules import list_sentences
from bluelamp.foundation.payments.messages import FAILURE_ADVICE, FAILURES
from bluelamp.services.firearms import messages as firearms
from bluelamp.services.requests.messages import STATE_TITLES
from bluelamp.web.formats import format_duration
from tests.locale.catalogue import PACKAGE, extract_catalogue
from tests.locale.test_catalogue import PLACEHOLDER
from tests.locale.welsh import (
    COMPILED,
    compile_welsh,
    has_welsh,
    must_have_welsh,
    read_welsh_catalogue,
)

ADVICE = "run `python -m tests.locale.catalogue`, and write what is empty in the Welsh catalogue"
SETS = sorted(
    path.stem
    for path in (PACKAGE / "services").glob("*/question_sets/*.yaml")
    if "." not in path.stem
)
MessageId = str | tuple[str, ...] | list[str]
TAG = re.compile(r"</?[a-z]+")
# The same in both languages: names of services, and sentences that are only a placeholder.
SAME = {"GOV.UK Notify", "GOV.UK Pay", "%(name)s: %(problem)s"}


def test_it_works() -> None:
    welsh = read_welsh_catalogue()
    missing = [
        message.id
        for message in extract_catalogue()
        if message.id and must_have_welsh(message.locations) and not _has_welsh(welsh, message.id)
    ]
    assert missing == [], ADVICE


def test_no_sentence_is_left_over() -> None:
    english = {str(message.id) for message in extract_catalogue()}
    assert [m.id for m in read_welsh_catalogue() if str(m.id) not in english] == [], ADVICE


def test_the_compiled_catalogue_is_new() -> None:
    # Not byte by byte: the header names the release of the library that wrote it.
    compiled = read_mo(BytesIO(COMPILED.read_bytes()))
    expected = read_mo(BytesIO(compile_welsh(read_welsh_catalogue())))
    assert _texts(compiled) == _texts(expected), ADVICE


def test_placeholders_and_tags_are_those_of_the_english() -> None:
    for message in _filled():
        for welsh in _strings(message.string):
            # A plural may leave the number out of its singular, but knows no other placeholder.
            english = _strings(message.id)[-1]
            assert sorted(PLACEHOLDER.findall(welsh)) == sorted(PLACEHOLDER.findall(english)), welsh
            assert "%" not in PLACEHOLDER.sub("", welsh).replace("%%", ""), welsh
            assert sorted(TAG.findall(welsh)) == sorted(TAG.findall(english)), welsh


def test_spaces_around_are_those_of_the_english() -> None:
    for message in _filled():
        english = _strings(message.id)[0]
        for welsh in _strings(message.string):
            assert welsh[:1].isspace() == english[:1].isspace(), welsh
            assert welsh[-1:].isspace() == english[-1:].isspace(), welsh


def test_no_error_message_gained_a_full_stop() -> None:
    for message in _filled():
        english = _strings(message.id)[0]
        for welsh in _strings(message.string):
            assert welsh.endswith(".") == english.endswith("."), welsh


def test_it_is_welsh() -> None:
    copied = [
        message.id
        for message in read_welsh_catalogue()
        if message.id and message.string == message.id and message.id not in SAME
    ]
    assert copied == []


@pytest.mark.parametrize(
    "titles",
    [
        firearms.CERTIFICATE_STATES,
        firearms.CERTIFICATE_TITLES,
        firearms.KIND_TITLES,
        firearms.MISSING_TITLES,
        firearms.NEXT_STEPS,
        firearms.NOTICE_TITLES,
        firearms.NOTICE_WAYS,
        firearms.OTHER_KIND_TITLES,
        firearms.STAGE_OWNERS,
        firearms.STAGE_TITLES,
        FAILURES,
        FAILURE_ADVICE,
        STATE_TITLES,
    ],
)
def test_what_applicants_read_of_a_record_is_welsh(titles: Mapping[str, str | Promise]) -> None:
    english = {code: str(title) for code, title in titles.items()}
    with override("cy"):
        same = [str(title) for code, title in titles.items() if str(title) == english[code]]
    assert same == []


def test_a_number_takes_the_right_form() -> None:
    with override("cy"):
        assert [format_duration(timedelta(days=days)) for days in (2, 3)] == [
            "2 ddiwrnod",
            "3 diwrnod",
        ]


def _has_welsh(catalogue: Catalog, message_id: MessageId) -> bool:
    message = catalogue.get(message_id)
    return message is not None and has_welsh(message.string)


def _texts(catalogue: Catalog) -> list[str]:
    return sorted(f"{message.id} = {message.string}" for message in catalogue if message.id)


def _filled() -> list[Message]:
    """Return the messages with Welsh, without the header."""
    return [m for m in read_welsh_catalogue() if m.id and has_welsh(m.string)]


def _strings(string: MessageId | None) -> list[str]:
    return [string] if isinstance(string, str) else list(string or ())


@pytest.mark.parametrize("name", SETS)
def test_every_question_is_welsh(name: str) -> None:
    question_set = built_in_files()[name].question_set
    welsh = question_set.translations.get("cy", {})
    missing = [sentence for sentence in list_sentences(question_set) if sentence not in welsh]
    assert missing == [], f"write them in {name}.cy.yaml; until then the form is in English"
    # A label has no full stop, and a line of Markdown stays one.
    for english, text in welsh.items():
        assert text.strip(), english
        assert english.count("\n") == text.count("\n"), text
        assert english.endswith(".") == text.endswith("."), text
