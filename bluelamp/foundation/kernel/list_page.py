"""Pages of a long list: how many there are, and which one is shown."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPage:
    """Which page of a list this is. `total` counts the rows of all pages; `page` starts at 1."""

    total: int
    page: int
    pages: int


def count_pages(total: int, *, size: int) -> int:
    """Return how many pages of `size` rows a list has: one at least, so that an empty one shows.

    >>> count_pages(0, size=50), count_pages(50, size=50), count_pages(51, size=50)
    (1, 1, 2)
    """
    return max(1, -(-total // size))  # rounded up


def choose_page(page: int, *, total: int, size: int) -> tuple[int, int]:
    """Return which page to show for the one that was asked for, and how many there are.

    A page that a filter made shorter shows its end and not an error.

    >>> choose_page(9, total=120, size=50), choose_page(-1, total=0, size=50)
    ((3, 3), (1, 1))
    """
    pages = count_pages(total, size=size)
    return min(max(1, page), pages), pages


def read_page(rows: QuerySet[M], *order: Any, page: int, size: int) -> list[M]:
    """Return the rows of one page of a list, in an order that ends with the id.

    First the ids alone and then the rows, in a second query. To skip 100,000 entries of an index
    takes 10 ms; to skip the rows themselves, with what is joined to each, takes a second.
    """
    first = (page - 1) * size
    ids = list(rows.order_by(*order).values_list("pk", flat=True)[first : first + size])
    by_id = {row.pk: row for row in rows.filter(pk__in=ids).order_by()}
    # Between the two queries a row may have left the list.
    return [by_id[row_id] for row_id in ids if row_id in by_id]
