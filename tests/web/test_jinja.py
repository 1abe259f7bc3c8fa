"""The environment: strict for our templates, lenient for GOV.UK's, and translated."""

import pytest
from django.test import override_settings
from django.utils import translation
from jinja2 import UndefinedError

from bluelamp.web.jinja import compile_all, environment

PAGES = environment()
INPUT = (
    "{% from 'govuk_frontend_jinja/components/input/macro.html' import govukInput %}"
    "{{ govukInput({'id': 'it', 'name': 'it', 'label': {'text': 'Name'}}) }}"
)


def render(source: str, **context: object) -> str:
    return PAGES.from_string(source).render(context)


def test_it_works() -> None:
    assert render("{{ url('report-what') }}") == "/report/what/"
    assert render("{{ size | bytes }}", size=2_100_000) == "2.1 MB"
    compile_all()


@pytest.mark.parametrize(
    "source", ["{{ mistyped }}", "{{ person.mistyped }}", "{% if person.mistyped %}{% endif %}"]
)
def test_a_mistyped_name_raises_an_error(source: str) -> None:
    with pytest.raises(UndefinedError):
        render(source, person={"name": "Ada"})


def test_govuk_macros_may_read_what_was_not_given() -> None:
    assert 'name="it"' in render(INPUT)


def test_a_macro_of_ours_that_calls_govuk_stays_strict() -> None:
    source = INPUT + "{{ mistyped }}"
    with pytest.raises(UndefinedError):
        render(source)


def test_what_is_filled_into_a_sentence_is_escaped() -> None:
    assert render("{{ _('Hello %(name)s', name=name) }}", name="<b>") == "Hello &lt;b&gt;"
    source = "{% trans name=name %}<p>Hello {{ name }}</p>{% endtrans %}"
    assert render(source, name="<b>") == "<p>Hello &lt;b&gt;</p>"


def test_a_sentence_loses_its_line_breaks() -> None:
    assert render("{% trans %}\n  Report\n  a crime\n{% endtrans %}") == "Report a crime"


@override_settings(USE_I18N=True)
def test_a_sentence_is_in_the_active_language() -> None:
    """Django's own Welsh catalogue has the months: no page needs to ask for a language."""
    from datetime import date

    with translation.override("cy"):
        assert render("{{ on | day }}", on=date(2026, 3, 3)) == "3 Mawrth 2026"
