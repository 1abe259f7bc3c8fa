"""Files that macOS and Windows leave in any folder that somebody opens: no part of a package.

They are named and left alone: nothing reads them, and nothing in a package may have such a name.
"""

from collections.abc import Iterator

from bluelamp.foundation.kernel.check import Check
from bluelamp.records.evidence.verify.check import failure, success
from bluelamp.records.evidence.verify.source import Source

_MACOS_FOLDER = "__macosx"
_NAMES = {".ds_store", "thumbs.db", "desktop.ini"}
_MACOS_PREFIX = "._"
_MAX_NAMED_FILES = 20


def is_leftover(path: str) -> bool:
    """Return whether a path has a name that only macOS or Windows gives to a file of its own.

    >>> is_leftover("data/documents/._MG5.pdf"), is_leftover("data/documents/MG5.pdf")
    (True, False)
    """
    *folders, name = path.casefold().split("/")
    return name in _NAMES or name.startswith(_MACOS_PREFIX) or _MACOS_FOLDER in [*folders[:1], name]


def remove_leftovers(source: Source) -> list[str]:
    """Take these files out of what is checked, and return their paths."""
    leftovers = sorted(path for path in source.sizes if is_leftover(path))
    for path in leftovers:
        del source.sizes[path]
    source.folders -= {folder for folder in source.folders if is_leftover(folder)}
    return leftovers


def check_leftovers(leftovers: list[str]) -> Iterator[Check]:
    """Name the files that are no part of the package, in one line."""
    if not leftovers:
        return
    # A name that is not one of macOS's own companions ("._…") comes first: it says more.
    by_interest = sorted(leftovers, key=lambda path: path.rpartition("/")[2].startswith("._"))
    more = len(leftovers) - _MAX_NAMED_FILES
    yield success(
        ", ".join(by_interest[:_MAX_NAMED_FILES]) + (f" and {more} more" if more > 0 else ""),
        "Left by macOS or Windows, not part of the package. It was not read.",
    )


def check_listed_names(listed: set[str]) -> Iterator[Check]:
    """Refuse a package that lists such a name, because its file would not have been checked."""
    for path in sorted(path for path in listed if is_leftover(path)):
        yield failure(path, "A manifest lists it, but no file of a package has such a name.")
