import ast
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.functional import lazy

from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.problems import (
    Problem,
    is_code,
    register_messages,
    registered_codes,
    render_message,
)

PACKAGE = Path(__file__).resolve().parents[3] / "bluelamp"


def test_it_works() -> None:
    refused = Refused("kernel.text_too_long", field="reason", label="Reason", max_length=4000)
    assert refused.errors == {"reason": "Reason must be 4,000 characters or fewer"}
    assert (refused.message, refused.field) == (refused.errors["reason"], "reason")
    assert str(refused) == refused.message


def test_a_plain_sentence_stays_as_it_is() -> None:
    refused = Refused("Choose one or more crimes", field="numbers")
    assert refused.errors == {"numbers": "Choose one or more crimes"}
    assert Refused(errors={"a": "One.", "b": "Two."}).errors == {"a": "One.", "b": "Two."}
    assert Conflict("100% of the numbers are used").message == "100% of the numbers are used"


def test_each_field_has_its_first_problem() -> None:
    problems = [
        Problem("kernel.email_invalid", "email"),
        Problem("kernel.phone_invalid", "email"),
        Problem("kernel.phone_invalid", "phone"),
    ]
    refused = Refused(errors=problems)
    assert refused.problems == tuple(problems)
    assert list(refused.errors) == ["email", "phone"]
    assert refused.errors["email"].startswith("Enter an email address")
    assert (refused.field, refused.message) == ("email", refused.errors["email"])


def test_the_sentence_is_in_the_language_of_whoever_reads_it() -> None:
    def greeting() -> str:
        return "Nodwch eich enw" if translation.get_language() == "cy" else "Enter your name"

    register_messages("test", {"name_missing": lazy(greeting, str)()})
    refused = Refused("test.name_missing", field="name")
    assert refused.message == "Enter your name"
    with translation.override("cy"):
        assert refused.errors == {"name": "Nodwch eich enw"}


def test_params_are_written_as_people_write_them() -> None:
    register_messages("test", {"label": "Postcode", "all": "%(label)s, %(count)s, %(day)s"})
    text = render_message(
        "test.all", {"label": "test.label", "count": 1234, "day": date(2026, 3, 3)}
    )
    assert text == "Postcode, 1,234, 3 March 2026"
    with pytest.raises(TypeError):
        render_message("test.all", {"label": "", "count": True, "day": ""})


def test_a_code_without_a_sentence_is_a_fault() -> None:
    with pytest.raises(LookupError, match=r"messages\.py"):
        _ = Problem("kernel.no_such_thing").text


def _codes_in(path: Path) -> set[str]:
    """Return every code that a module gives to Problem, Refused or Conflict, or as a label."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    codes = set()
    for call in calls:
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        values = [keyword.value for keyword in call.keywords if keyword.arg == "label"]
        if name in {"Problem", "Refused", "Conflict"}:
            values += call.args[:1]
        codes |= {
            value.value
            for value in values
            if isinstance(value, ast.Constant)
            and isinstance(value.value, str)
            and is_code(value.value)
        }
    return codes


def test_every_code_has_a_sentence() -> None:
    codes = {code for path in PACKAGE.rglob("*.py") for code in _codes_in(path)}
    assert len(codes) > 20
    assert codes - registered_codes() == set()


def test_the_sentences_follow_the_design_system() -> None:
    for code in registered_codes():
        if code.startswith(("people.", "reports.", "reference.", "evidence.", "kernel.")):
            text = str(Problem(code).text)
            assert text[0].isupper() or text.startswith("%("), code
            assert not text.endswith("."), code
            assert "please" not in text.casefold(), code
