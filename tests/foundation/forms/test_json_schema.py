"""The JSON Schema of question sets, for editors that check a file as it is written."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bluelamp.foundation.forms.rules import question_set_schema
from bluelamp.foundation.forms.rules.yaml_reader import read_yaml
from tests.foundation.forms.test_bad_sets import SET

SCHEMA_FILE = Path(__file__).parents[3] / "contracts" / "question-set.schema.json"
BUILT_IN_SETS = sorted(Path(__file__).parents[3].glob("bluelamp/*/*/question_sets/*.yaml"))


def _validate(content: Any) -> None:
    jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text("utf-8"))).validate(content)


def test_it_works() -> None:
    _validate(read_yaml(SET).content)


def test_schema_is_the_published_one() -> None:
    """After a change on purpose, write the file anew as this test's message has it."""
    text = json.dumps(question_set_schema(), indent=2, ensure_ascii=False) + "\n"
    assert SCHEMA_FILE.read_text("utf-8") == text


def test_schema_refuses_an_unknown_name() -> None:
    with pytest.raises(jsonschema.ValidationError, match="lable"):
        _validate(read_yaml(SET.replace("label: Remark", "lable: Remark")).content)


def test_schema_knows_which_fields_of_a_moment_have_labels() -> None:
    worded = SET.replace("label: When}", "label: When, field_labels: {on: Which day?}}")
    _validate(read_yaml(worded).content)
    with pytest.raises(jsonschema.ValidationError, match="until"):
        _validate(read_yaml(worded.replace("{on:", "{until:")).content)


@pytest.mark.parametrize("path", BUILT_IN_SETS, ids=lambda path: path.stem)
def test_built_in_set_follows_the_schema(path: Path) -> None:
    # Translations stand beside the sets: `report.cy.yaml`.
    if "." not in path.stem:
        _validate(read_yaml(path.read_text("utf-8")).content)
