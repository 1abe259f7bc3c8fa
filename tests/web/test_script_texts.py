"""What scripts show is marked for translation: no sentence stands in a script itself."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client

from bluelamp.web.script_texts import SCRIPT_TEXTS

SCRIPTS = sorted((Path(__file__).resolve().parents[2] / "bluelamp/web/static/js").glob("*.js"))
CALL = re.compile(r'\btext\("(\w+)"(?:, \{ ?([^}]*?) ?\})?\)')
SENTENCE = re.compile(r"""["'`][A-Z][a-z’']+ [^"'`]+["'`]""")


@pytest.mark.django_db
def test_it_works() -> None:
    page = Client().get("/").content.decode()
    data = re.search(r'<template id="script-texts">(.*?)</template>', page)
    assert data is not None
    assert json.loads(data[1]) == {key: str(text) for key, text in SCRIPT_TEXTS.items()}


def test_every_key_is_used_and_has_a_text() -> None:
    used = {key for script in SCRIPTS for key, _ in CALL.findall(script.read_text())}
    assert used == set(SCRIPT_TEXTS)


def test_every_placeholder_is_filled() -> None:
    for script in SCRIPTS:
        for key, values in CALL.findall(script.read_text()):
            given = {pair.partition(":")[0].strip() for pair in values.split(",") if pair.strip()}
            assert given == set(re.findall(r"%\((\w+)\)s", str(SCRIPT_TEXTS[key]))), key


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_sentence_is_written_in_a_script(script: Path) -> None:
    code = re.sub(r"//[^\n]*", "", script.read_text())
    assert SENTENCE.findall(code) == []
