"""The Welsh catalogue: which sentences it must have, and bringing it up to date.

Somebody who knows Welsh edits `msgstr` in `bluelamp/locale/cy/LC_MESSAGES/django.po` and nothing
else. `python -m tests.locale.catalogue` then compiles it, drops sentences that are no longer used,
and adds those of the translated pages that have no Welsh yet, with an empty `msgstr`.
"""

from datetime import UTC, datetime
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.locale.catalogue import PACKAGE, extract_catalogue

WELSH_CATALOGUE = PACKAGE / "locale" / "cy" / "LC_MESSAGES" / "django.po"
COMPILED = WELSH_CATALOGUE.with_suffix(".mo")
# After a number Welsh has the singular, whose first letter changes after 2 (2 ddiwrnod, 3 diwrnod).
PLURAL_FORMS = "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2)"
HEADER = f"""\
# The Welsh of the public pages of firearms licensing, requests and payments. Edit only msgstr, then
# run `python -m tests.locale.catalogue`. docs/how-to/correct-the-welsh.md says more.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: cy\\n"
"MIME-Version: 1.0\\n"
"Plural-Forms: {PLURAL_FORMS};\\n"
"""

# Every sentence of these must have Welsh.
TRANSLATED_PLACES = (
    "web/components/codes.html.jinja",
    "web/components/fields.html.jinja",
    "web/components/languages.html.jinja",
    "web/components/questions.html.jinja",
    "web/fields.py",
    "web/formats.py",
    "web/force.py",
    "web/forms/",
    "web/public/confirming.py",
    "web/public/firearms/",
    "web/public/firearms_performance.py",
    "web/public/pay/",
    "web/public/requests/",
    "web/script_texts.py",
    "web/templates/errors/",
    "web/templates/forms/",
    "web/templates/layouts/base.html.jinja",
    "web/templates/layouts/exit.html.jinja",
    "web/templates/layouts/public.html.jinja",
    "web/templates/public/confirm.html.jinja",
    "web/templates/public/firearms",
    "web/templates/public/message_language.html.jinja",
    "web/templates/public/pay/",
    "web/templates/public/requests/",
    "web/templates/public/paper.html.jinja",
    "web/templates/public/paper_code.html.jinja",
    "web/templates/public/paper_ended.html.jinja",
    "web/templates/public/search_record.html.jinja",
    "services/firearms/documents/",
    "services/requests/data/",
)


def read_welsh_catalogue() -> Catalog:
    """Return the Welsh catalogue in the repository."""
    with WELSH_CATALOGUE.open("rb") as file:
        return read_po(file, locale="cy")


def must_have_welsh(locations: list[tuple[str, int]]) -> bool:
    """Return whether a sentence stands in one of the places that are in Welsh throughout."""
    names = [name.removeprefix(f"{PACKAGE.name}/") for name, _line in locations]
    return any(name.startswith(TRANSLATED_PLACES) for name in names)


def has_welsh(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Return whether a `msgstr` is filled in, in each of its forms."""
    return all(string) if isinstance(string, tuple | list) else bool(string)


def compile_welsh(catalogue: Catalog) -> bytes:
    """Return the compiled catalogue, without what has no Welsh: that stays English."""
    # One date for ever: the file would change with every run.
    filled = Catalog(locale="cy", fuzzy=False, creation_date=datetime(2026, 1, 1, tzinfo=UTC))
    filled.mime_headers = [("Plural-Forms", PLURAL_FORMS)]
    for message in catalogue:
        if message.id and has_welsh(message.string):
            filled.add(message.id, message.string)
    buffer = BytesIO()
    write_mo(buffer, filled)
    return buffer.getvalue()


def write_welsh_catalogue() -> None:
    """Bring the Welsh catalogue and its compiled form up to date with the English one."""
    written = read_welsh_catalogue()
    catalogue = Catalog(locale="cy", fuzzy=False)
    catalogue.mime_headers = [("Plural-Forms", PLURAL_FORMS)]
    for message in extract_catalogue():
        existing = written.get(message.id) if message.id else None
        is_filled = existing is not None and has_welsh(existing.string)
        if message.id and (is_filled or must_have_welsh(message.locations)):
            string = existing.string if existing else ""
            catalogue.add(message.id, string, locations=message.locations)
    buffer = BytesIO()
    write_po(buffer, catalogue, width=100, sort_output=True, include_lineno=False, omit_header=True)
    WELSH_CATALOGUE.write_text(f"{HEADER}\n{buffer.getvalue().decode().lstrip()}", encoding="utf-8")
    COMPILED.write_bytes(compile_welsh(read_welsh_catalogue()))
