"""Each type of answer on a page: its control, its hint, its errors and what was typed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict
from lxml import html as lxml_html

from bluelamp.foundation.forms.rules import (
    QuestionSet,
    answer_type_names,
    parse_question_set,
    read_page,
)
from bluelamp.web.forms.notes import render_markdown
from bluelamp.web.forms.pages import html_errors, html_values, read_posted, view_page
from bluelamp.web.jinja import environment
from tests.foundation.forms.sets import JOURNEY

PAGES = environment()
AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
OFFERED = {
    "I know when", "I saw it fall", "It was between 2 times", "I’m not sure", "I forget"
}  # fmt: skip
NAUGHTY = "\"><script>alert(1)</script> £ 'x' \u202e 田中さん"
EXTRA_LINES = {
    "choice": "choices: [{value: a, label: A}, {value: b, label: B}]",
    "choices": "choices: [{value: a, label: A}, {value: b, label: B}]",
    "code": "options: {list: offences}",
    "identifier": "options: {scheme: imei}",
}


def make_set(*questions: str, notes: str = "[]", heading: str = "") -> QuestionSet:
    """Return a set with one page of these questions."""
    lines = "\n".join(f"          - {{{question}}}" for question in questions)
    return parse_question_set(
        f"""
name: sample
version: 1
title: Sample
sections:
  - id: only
    title: Only
    pages:
      - id: page
        title: The page
        {f"heading: {heading}" if heading else ""}
        notes: {notes}
        questions:
{lines}
"""
    )


def render_page(
    question_set: QuestionSet, texts: dict[str, str], *, page_id: str = "page", **options: Any
) -> Any:
    """Return a page with what was typed on it, and its errors, as a tree."""
    page = question_set.page(page_id)
    read = read_page(question_set, page_id, texts, values={}, at=AT)
    view = view_page(
        page,
        question_ids=read.question_ids,
        values=read.values,
        texts=texts,
        today=AT.date(),
        **options,
    )
    source = (
        "{% from 'components/questions.html.jinja' import page_questions %}"
        "{{ page_questions(view, values, errors) }}"
    )
    return lxml_html.fragment_fromstring(
        PAGES.from_string(source).render(
            view=view,
            values=html_values(page.questions, texts),
            errors=html_errors(page.questions, read.problems, texts),
        ),
        create_parent="div",
    )


@pytest.mark.parametrize("name", answer_type_names())
def test_it_works(name: str) -> None:
    """A missing answer's error leads to a control, which it describes."""
    extra = f", {EXTRA_LINES[name]}" if name in EXTRA_LINES else ""
    question = f"id: it, type: {name}, label: What is it?, missing: Tell us, hint: A hint{extra}"
    question_set = make_set(question)
    page = question_set.page("page")
    read = read_page(question_set, "page", {}, values={}, at=AT)
    errors = html_errors(page.questions, read.problems, {})
    assert list(errors.values()) == ["Tell us"]
    tree = render_page(question_set, {})
    [control] = tree.xpath(f"//*[@id='{next(iter(errors))}']")
    assert control.tag in {"input", "textarea", "select"}
    assert control.get("type") != "hidden"
    described = " ".join(tree.xpath("//@aria-describedby"))
    [message] = tree.xpath("//p[contains(@class, 'govuk-error-message')]")
    assert message.get("id") in described
    assert "A hint" in tree.text_content()


@pytest.mark.parametrize("name", ["text", "long_text", "email", "money", "postcode", "time"])
def test_what_was_typed_stays(name: str) -> None:
    tree = render_page(
        make_set(f"id: it, type: {name}, label: It, missing: Enter it"), {"it": NAUGHTY}
    )
    assert not tree.xpath("//script")
    [control] = tree.xpath("//*[@name='it']")
    assert (control.get("value") or control.text_content().lstrip("\n")) == NAUGHTY


def test_one_question_is_the_heading() -> None:
    tree = render_page(make_set("id: it, type: text, label: What is it?, missing: Enter it"), {})
    assert [h1.text_content().strip() for h1 in tree.xpath("//h1")] == ["What is it?"]
    with_heading = make_set(
        "id: it, type: text, label: What is it?, missing: Enter it", heading="About it"
    )
    assert [h1.text_content() for h1 in render_page(with_heading, {}).xpath("//h1")] == ["About it"]


def test_an_optional_question_says_so() -> None:
    tree = render_page(make_set("id: it, type: text, label: Middle name, required: false"), {})
    assert "Middle name (optional)" in tree.text_content()


def test_a_question_under_a_choice() -> None:
    tree = render_page(JOURNEY.question_set, {}, page_id="contact")
    [part] = tree.xpath("//*[contains(@class, 'govuk-radios__conditional')][.//*[@name='email']]")
    assert part.getprevious().xpath(".//input/@value") == ["email"]
    assert not part.xpath(".//*[@name='phone']")
    # What depends on more than one choice is shown once it is asked.
    assert not tree.xpath("//*[@name='shade']")
    shown = render_page(JOURNEY.question_set, {"colours": "red\nblue"}, page_id="contact")
    assert shown.xpath("//*[@name='shade']")


def test_several_choices_stay() -> None:
    tree = render_page(JOURNEY.question_set, {"colours": "red\nblue"}, page_id="contact")
    assert tree.xpath("//input[@name='colours'][@checked]/@value") == ["red", "blue"]
    posted = QueryDict("colours=red&colours=blue&born_day=1")
    texts = read_posted(JOURNEY.question_set.page("contact").questions, posted)
    assert (texts["colours"], texts["born_day"], texts["email"]) == ("red\nblue", "1", "")


def test_the_one_moment_and_the_first_of_two_are_apart() -> None:
    question_set = make_set(
        "id: when, type: when, label: When?, missing: Select when, options: {from: from, to: to}"
    )
    questions = question_set.page("page").questions
    exact = QueryDict("when=exact&on_day=1&on_month=3&on_year=2026&from_day=9&on_time=4pm")
    texts = read_posted(questions, exact)
    assert (texts["from_day"], texts["from_time"]) == ("1", "4pm")
    tree = render_page(question_set, {**texts, "from_day": "40"})
    assert tree.xpath("//*[@name='on_day']/@value") == ["40"]
    assert tree.xpath("//*[@name='from_day']/@value") == [""]
    assert tree.xpath("//*[@id='on-date-error']")
    between = read_posted(questions, QueryDict("when=between&on_day=1&from_day=9"))
    assert between["from_day"] == "9"


def test_a_set_words_what_is_known_of_a_moment() -> None:
    question_set = make_set(
        "id: lost, type: when, label: When?, missing: Select when,"
        " choices: [{value: exact, label: I saw it fall}, {value: unsure, label: I forget}],"
        " field_labels: {on: Which day?, to: When did you miss it?}"
    )
    tree = render_page(question_set, {})
    labels = [" ".join(one.text_content().split()) for one in tree.xpath("//label | //legend")]
    offered = [label for label in labels if label in OFFERED]
    # What the set does not word stays as it is, and all three are offered, in their order.
    assert offered == ["I saw it fall", "It was between 2 times", "I forget"]
    assert {"Which day?", "When did you miss it?"} <= set(labels)
    assert "What is the earliest it could have happened?" in labels
    assert "What date was it?" not in labels
    assert tree.xpath("//input[@name='lost']/@value") == ["exact", "between", "unsure"]


def test_a_set_words_yes_alone() -> None:
    question_set = make_set(
        "id: it, type: yes_no, label: It?, missing: Select it,"
        " choices: [{value: 'yes', label: 'Yes, all'}]"
    )
    tree = render_page(question_set, {})
    assert [one.text_content().strip() for one in tree.xpath("//label")] == ["Yes, all", "No"]


def test_what_we_filled_in_says_where_it_is_from() -> None:
    question_set = make_set("id: it, type: text, label: Name, missing: Enter it")
    sources = {"it": ("Grace", "your last application")}
    known = render_page(question_set, {"it": "Grace"}, sources=sources)
    assert "We filled this in from your last application" in known.text_content()
    changed = render_page(question_set, {"it": "Gracie"}, sources=sources)
    assert "We filled this in" not in changed.text_content()


def test_notes() -> None:
    notes = (
        "[{text: 'Call **999** or [101](tel:101)', look: inset},"
        " {text: 'Read <b>this</b>', look: details, title: More}, {text: Before, before: it}]"
    )
    tree = render_page(
        make_set("id: it, type: text, label: It, missing: Enter it", notes=notes), {}
    )
    assert tree.xpath("//*[@class='govuk-inset-text']//strong/text()") == ["999"]
    assert tree.xpath("//a[@class='govuk-link']/@href") == ["tel:101"]
    assert "Read <b>this</b>" in tree.xpath("//details")[0].text_content()


@pytest.mark.parametrize(
    "text", ["[x](javascript:alert(1))", "<script>alert(1)</script>", "![x](http://evil.example/a)"]
)
def test_a_note_runs_nothing(text: str) -> None:
    tree = lxml_html.fragment_fromstring(render_markdown(text), create_parent="div")
    assert not tree.xpath("//script | //img | //a[starts-with(@href, 'javascript')]")


def test_a_moment_has_no_words_of_a_crime() -> None:
    """What was lost or seen is not damaged, and the time may be left empty."""
    question_set = make_set("id: lost, type: when, label: When?, missing: Select when")
    html = render_page(question_set, {}).text_content()
    assert "undamaged" not in html
    assert "best guess" not in html
    assert html.count("Leave this empty if you do not know") == 3
