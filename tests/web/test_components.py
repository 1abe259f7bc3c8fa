"""Our own components: what was typed stays and is escaped, and errors belong to their fields."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from lxml import html as lxml_html

from bluelamp.web.jinja import environment

PAGES = environment()
NAUGHTY = "\"><script>alert(1)</script> £ 'x' \u202e 田中さん"


def render_macro(component: str, call: str, **context: Any) -> Any:
    """Return the markup of one macro as a tree."""
    name = call.partition("(")[0]
    source = f"{{% from 'components/{component}.html.jinja' import {name} %}}{{{{ {call} }}}}"
    return lxml_html.fragment_fromstring(
        PAGES.from_string(source).render({"values": {}, "errors": {}} | context),
        create_parent="div",
    )


FIELDS = {
    "text_field": "text_field('it', 'Name', values, errors)",
    "textarea_field": "textarea_field('it', 'What?', values, errors, limit=500)",
    "radios_field": "radios_field('it', 'Which?', [('a', 'A'), ('b', 'B')], values, errors)",
    "checkboxes_field": (
        "checkboxes_field('it', 'Which?', [('a', 'A'), ('b', 'B')], values, errors)"
    ),
    "select_field": "select_field('it', 'Which?', [('a', 'A'), ('b', 'B')], values, errors)",
    "date_time_field": "date_time_field('it', 'When?', values, errors)",
    "file_field": "file_field('it', 'Photos', errors, token='t')",
    "offence_picker": "offence_picker('it', values, errors)",
    "place_picker": "place_picker('it', values, errors)",
}


@pytest.mark.parametrize("call", FIELDS.values(), ids=FIELDS)
def test_it_works(call: str) -> None:
    """The error summary's link lands on a control, and the control is described by the error."""
    tree = render_macro("fields", call, errors={"it": "Tell us this."})
    [control] = tree.xpath("//*[@id='it']")
    assert control.tag in {"input", "textarea", "select"}
    assert control.get("type") != "hidden"
    described = " ".join(tree.xpath("//@aria-describedby"))
    [message] = tree.xpath("//p[contains(@class, 'govuk-error-message')]")
    assert message.get("id") in described
    assert "Tell us this." in message.text_content()


@pytest.mark.parametrize(
    ("call", "values"),
    [
        (FIELDS["text_field"], {"it": NAUGHTY}),
        (FIELDS["textarea_field"], {"it": NAUGHTY}),
        (FIELDS["date_time_field"], {"it_day": NAUGHTY, "it_time": NAUGHTY}),
        (FIELDS["offence_picker"], {"it": NAUGHTY, "it_text": NAUGHTY}),
    ],
)
def test_what_was_typed_stays(call: str, values: dict[str, str]) -> None:
    tree = render_macro("fields", call, values=values)
    assert not tree.xpath("//script")
    for name, value in values.items():
        [control] = tree.xpath(f"//*[@name='{name}']")
        assert (control.get("value") or control.text_content().lstrip("\n")) == value


@pytest.mark.parametrize("values", [{"it": ["a", "b"]}, QueryDict("it=a&it=b")])
def test_every_tick_stays(values: Any) -> None:
    tree = render_macro("fields", FIELDS["checkboxes_field"], values=values)
    assert [box.get("value") for box in tree.xpath("//input[@checked]")] == ["a", "b"]


def test_a_typeahead_without_scripts_is_a_search_step() -> None:
    tree = render_macro(
        "fields",
        "offence_picker('it', values, errors, choices=[('C1', 'Arson')])",
        values={"it": "C1"},
    )
    assert [
        radio.get("value") for radio in tree.xpath("//input[@type='radio'][@name='it'][@checked]")
    ] == ["C1"]
    assert tree.xpath("//button[@name='find'][@value='it']")
    assert tree.xpath("//input[@type='hidden'][@name='it'][@disabled]")


def test_the_error_summary_links_to_each_field() -> None:
    tree = render_macro(
        "page", "error_summary(errors)", errors={"it": "Tell us this.", "": "Try again."}
    )
    assert tree.xpath("//a/@href") == ["#it"]
    assert len(tree.xpath("//li")) == 2
    assert render_macro("page", "error_summary({})").text_content().strip() == ""


def test_a_timeline_and_its_times() -> None:
    at = datetime(2026, 7, 3, 13, 30, tzinfo=UTC)
    tree = render_macro(
        "record",
        "timeline(entries)",
        entries=[{"title": NAUGHTY, "at": at, "by": "Ada"}, {"title": "Next"}],
    )
    assert tree.xpath("//time/@datetime") == ["2026-07-03T14:30+01:00"]
    assert len(tree.xpath("//li")) == 2
    assert not tree.xpath("//script")


def test_rows_say_what_is_missing() -> None:
    tree = render_macro(
        "record",
        "summary_rows(rows)",
        rows=[("Suspect", None), ("Where", ["A", "B"]), {"label": "X", "value": 0}],
    )
    assert [" ".join(row.text_content().split()) for row in tree.xpath("//dd")] == [
        "Not given",
        "AB",
        "0",
    ]


def test_a_queue_names_its_cells_for_a_phone() -> None:
    columns = [{"key": "ref", "label": "Reference"}, {"key": "what", "label": "What"}]
    tree = render_macro(
        "lists",
        "queue_table(columns, rows)",
        columns=columns,
        rows=[{"href": "/x", "ref": "R1", "what": NAUGHTY}],
    )
    assert tree.xpath("//th[@scope='row']/a/@href") == ["/x"]
    assert tree.xpath("//td/@data-label") == ["What"]
    assert (
        "There is nothing here"
        in render_macro("lists", "queue_table(columns, [])", columns=columns).text_content()
    )


def test_pages() -> None:
    page = Paginator(range(500), 25).page(4)
    tree = render_macro("lists", "pagination(page, '&state=new')", page=page)
    assert "?page=5&state=new" in tree.xpath("//a/@href")
    assert tree.xpath("//li[contains(@class, 'current')]//a/@aria-current") == ["page"]


def test_photos_have_a_name_and_a_way_in() -> None:
    items = [
        {"href": "/1", "src": "/1.jpg", "alt": "", "name": "IMG_1", "kind": "photo"},
        {"href": "/2", "name": "a.mp4", "kind": "video"},
    ]
    tree = render_macro("record", "gallery(items)", items=items)
    assert [link.text_content().split()[-1] for link in tree.xpath("//a")] == ["IMG_1", "a.mp4"]
