"""What the lists say where a search found nothing."""

from bluelamp.foundation.kernel.text import is_searchable

UNSEARCHABLE = "Enter at least one letter or number to search"


def empty_search_message(q: str, otherwise: str) -> str:
    """Return what to say of a search without results: `otherwise`, unless it could find nothing."""
    return UNSEARCHABLE if q.strip() and not is_searchable(q) else otherwise
