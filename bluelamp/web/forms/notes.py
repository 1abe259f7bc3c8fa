"""Notes of question sets, from their Markdown to HTML. HTML in a note stays text."""

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup

_CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "link_open": "govuk-link",
}
_MARKDOWN = MarkdownIt("zero").enable(["emphasis", "link", "list", "newline", "escape", "entity"])


@lru_cache(maxsize=2048)
def render_markdown(text: str) -> Markup:
    """Return a note as HTML: paragraphs, lists, bold, italics and links, with GOV.UK's classes."""
    tokens = _MARKDOWN.parse(text)
    for block in tokens:
        for token in (block, *(block.children or ())):
            if token.type in _CLASSES:
                token.attrSet("class", _CLASSES[token.type])
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    # Safe: HTML is switched off, so the renderer escapes whatever the note has, and it refuses
    # links that run scripts.
    return Markup(html)
