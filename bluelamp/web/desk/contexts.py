"""Shapes of the dictionaries that the desk's views hand to its templates."""

from datetime import datetime
from typing import Any, NamedTuple, NotRequired, TypedDict
from uuid import UUID


class Tag(NamedTuple):
    """A state in words and the colour of its tag: grey, blue, green, yellow or red."""

    text: str
    colour: str


class ListRow(TypedDict):
    """One line of a short list: a link, what it's about, and where it stands."""

    href: str
    text: str
    detail: str
    tag: NotRequired[Tag]
    is_high_harm: NotRequired[bool]


class ListSection(TypedDict):
    """A list on the home page: how many there are, and the first few."""

    total: int
    rows: list[ListRow]


class Notice(TypedDict):
    """Something on the home page that needs attention, as a link."""

    href: str
    text: str


class TimelineEntry(TypedDict):
    """One entry of a timeline. `link` is the text of the link to `href`."""

    at: datetime
    title: str
    by: NotRequired[str]
    text: NotRequired[str]
    href: NotRequired[str]
    link: NotRequired[str]


class GalleryItem(TypedDict):
    """One item in a gallery.

    `src` is the preview's URL, or "" where there is none; `note` may be HTML; `kind` is photo,
    video, audio or file; `state` is the result of the virus scan.
    """

    id: UUID
    href: str
    src: str
    name: str
    kind: str
    note: str
    state: str


class NextStep(TypedDict):
    """Something to do next. `href` is "" where this person may not do it."""

    text: str
    href: str
    link: str


class Deadline(TypedDict):
    """A duty towards a report, and how long is left in words."""

    text: str
    when: str


class MapContext(TypedDict):
    """Where a place is.

    `map` is what the `map_tile` macro draws (empty where the place has no position), `streets` the
    names of the nearest streets, `letters` the map letter of each nearby crime by its id.
    """

    map: dict[str, Any]
    streets: list[str]
    letters: dict[UUID, str]
