"""The answers of a page for the eye."""

from bluelamp.foundation.forms.rules.answers import PageStep, RowText


def show_page(page: PageStep) -> list[RowText]:
    """Return the answers of a page for the eye."""
    return page.rows
