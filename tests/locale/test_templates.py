"""Every sentence of the public pages is marked for translation, and no path is written out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from lxml import html as lxml_html

from bluelamp.web.jinja import environment

WEB = Path(__file__).resolve().parents[2] / "bluelamp" / "web"
PAGES = environment()
FOLDERS = (
    "components",
    "templates/accounts",
    "templates/demo",
    "templates/errors",
    "templates/forms",
    "templates/layouts",
    "templates/public",
)
CHECKED = sorted(
    path.relative_to(WEB).as_posix()
    for folder in FOLDERS
    for path in (WEB / folder).rglob("*.jinja")
)
MARKS = {"_", "gettext", "ngettext"}
# Names that are the same in every language.
NAMES = {"Bluelamp"}
READ_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
WRITTEN_PATH = re.compile(r'(?:href|action|src)="/(?!/)')


# What stands in a block of its own but goes into a tag: class names and attributes.
CODE = re.compile(r'[a-z0-9_-]+|[a-z-]+="[^"]*"')


def unmarked(source: str, env: Environment = PAGES) -> list[str]:
    """Return what a reader would see of a template that is not marked."""
    tree = env.parse(source)
    markup = "".join(data for data in _walk(tree) if not isinstance(data, nodes.Const))
    constants = [data.value for data in _walk(tree) if isinstance(data, nodes.Const)]
    return [text for text in [*_texts_of_html(markup), *constants] if text not in NAMES]


def _walk(node: nodes.Node) -> Iterator[str | nodes.Const]:
    """Yield the HTML of a template, and each constant in it that looks like a label."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Const):
        # Values of HTML and of our macros are in lower case; sentences and labels are not.
        if isinstance(node.value, str) and re.match(r"[A-Z][a-z]|[A-Z] ", node.value):
            yield node
    elif _is_marked(node):
        return
    else:
        for child in node.iter_child_nodes():
            yield from _walk(child)


def _is_marked(node: nodes.Node) -> bool:
    """Return True for {{ _("…") }}, and for {% trans %}, which is parsed to the same."""
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in MARKS
    )


def _texts_of_html(markup: str) -> Iterator[str]:
    if "<html" in markup:
        tree = lxml_html.document_fromstring(markup)
    else:
        tree = lxml_html.fragment_fromstring(markup, create_parent="div")
    texts = list(tree.itertext())
    for name in READ_ATTRIBUTES:
        texts += tree.xpath(f"//@{name}")
    for text in texts:
        visible = " ".join(str(text).split()).strip(" –")
        if re.search(r"[A-Za-z]{2,}", visible) and not CODE.fullmatch(visible):
            yield visible


@pytest.mark.parametrize("name", CHECKED)
def test_it_works(name: str) -> None:
    assert unmarked((WEB / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Report a crime</p>", ["Report a crime"]),
        ("<html><head><title>Page</title></head><body></body></html>", ["Page"]),
        ('<p>{{ _("Report a crime") }}</p>', []),
        ("<p>{% trans %}Report a <b>crime</b>{% endtrans %}</p>", []),
        ('{{ submit("Continue") }}', ["Continue"]),
        ('{{ submit(_("Continue"), name="kind") }}', []),
        ('<nav aria-label="Back"></nav>', ["Back"]),
        ('<a class="govuk-link" href="{{ url }}">Back</a>', ["Back"]),
        ('<p>{{ "Yes" if is_safe else _("No") }}</p>', ["Yes"]),
        ("{% trans count=n %}{{ count }} file{% pluralize %}{{ count }} files{% endtrans %}", []),
    ],
)
def test_what_it_finds(source: str, expected: list[str]) -> None:
    assert unmarked(source) == expected


@pytest.mark.parametrize("name", CHECKED)
def test_paths_are_reversed(name: str) -> None:
    assert not WRITTEN_PATH.search((WEB / name).read_text(encoding="utf-8"))
