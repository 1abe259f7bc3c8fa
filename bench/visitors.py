"""Who visits pages in the benchmark: Esi, who reports and tracks her case, and the staff."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

from bench.client import Client

_YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
_OCCURRED_ON = {
    "day": str(_YESTERDAY.day),
    "month": str(_YESTERDAY.month),
    "year": str(_YESTERDAY.year),
    "time": "10pm",
}
_ANSWERS = {
    "what": {"kind": "criminal-damage"},
    "where": {"place_text": "SE15 4QL", "place": "", "address": "24 Rye Lane", "place_detail": ""},
    "when": {"when": "exact", **{f"on_{part}": value for part, value in _OCCURRED_ON.items()}},
    "story": {
        "narrative": "Somebody scratched my car from the bonnet to the boot.",
        "vrm": "AB12 CDE",
    },
    "you": {"role": "victim", "given_name": "Esi", "family_name": "Boateng"},
    "contact": {
        "email": "esi.bench@example.com",
        "is_safe_to_contact": "yes",
        "contact_preference": "email",
    },
}
_STEPS = tuple(f"/report/{slug}/" for slug in (*_ANSWERS, "files", "check"))
_REDIRECTS = (301, 302, 303)
_REFERENCE = re.compile(r"BL-[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}")


def public_pages(origin: str) -> Iterator[tuple[Client, str]]:
    """Yield the pages that need no account, and those of a report in progress, sent and tracked."""
    for path in (
        "/",
        "/accessibility/",
        "/privacy/",
        "/sign-in/",
        "/report/",
        "/track/",
        "/demo/outbox/",
    ):
        yield Client(origin), path
    esi = Client(origin)
    for path in ("/report/emergency/", "/report/fraud/"):
        yield esi, path
    submit_form(esi, "/report/", {"emergency": "no"})
    # a postcode in the City of London, which has a police force of its own
    submit_form(esi, "/report/where/", {**_ANSWERS["where"], "place_text": "EC3A 8AE"})
    yield esi, "/report/elsewhere/"
    for slug, answers in _ANSWERS.items():
        submit_form(esi, f"/report/{slug}/", answers)
    for path in _STEPS:
        yield esi, path
    submit_form(esi, "/report/check/", {"is_declared_true": "yes"})
    yield esi, "/report/done/"
    match = _REFERENCE.search(esi.get("/report/done/")[1].decode())
    if not match:
        raise RuntimeError("the report was not given a reference")
    submit_form(esi, "/track/", {"reference": match[0]})
    yield esi, "/track/code/"
    submit_form(esi, "/track/code/", {"code": read_code(origin)})
    yield esi, "/track/case/"


def linked_pages(
    client: Client, *first: str, prefixes: tuple[str, ...] = ("/desk/", "/partner/")
) -> Iterator[tuple[Client, str]]:
    """Yield these pages and those that can be reached from them by links: one of each kind.

    Args:
        client: Who visits.
        *first: Where to begin.
        prefixes: How the addresses of the pages begin; other links are not followed.

    Raises:
        RuntimeError: A page is not there, or not for this visitor: what is not measured must not
            look as if it were.
    """
    seen = {_page_kind(path) for path in first}
    waiting = list(first)
    while waiting:
        path = waiting.pop(0)
        status, page, headers = client.request("GET", path)
        if status in _REDIRECTS:
            continue  # to a page that is measured under its own address
        if status != 200:
            raise RuntimeError(f"{path} answered {client.name} {status}")
        if not headers.get("Content-Type", "").startswith("text/html"):
            continue  # a download
        yield client, path
        for link in _links(page.decode()):
            if link.startswith(prefixes) and _page_kind(link) not in seen:
                seen.add(_page_kind(link))
                waiting.append(link)


def staff_pages(origin: str, *, numbers: list[str]) -> Iterator[tuple[Client, str]]:
    """Yield the pages that the cast can reach, each from their own start pages.

    Args:
        origin: The instance's address.
        numbers: Crimes with much in them.
    """
    crimes = [f"/desk/crimes/{number.replace('/', '-')}/" for number in numbers]
    for user_name, start_pages in {
        "bilal": [*crimes, "/desk/", "/desk/search/?q=road"],
        "joy": [*crimes, "/desk/reports/"],
        "lena": ["/desk/audit/"],
        "hana": ["/partner/"],
    }.items():
        client = Client(origin)
        client.sign_in(user_name)
        yield from linked_pages(client, *start_pages)


def _page_kind(path: str) -> str:
    """Return an address without the parts that name one crime or person."""
    return re.sub(r"[^/]*\d[^/]*", "*", urlsplit(path).path)


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (link := dict(attrs).get("href")):
            self.links.append(link)


def _links(page: str) -> list[str]:
    parser = _Anchors()
    parser.feed(page)
    return [link.partition("#")[0] for link in parser.links]


def submit_form(client: Client, path: str, fields: dict[str, str]) -> None:
    """Send a form. Raises RuntimeError where it was refused."""
    status, page, _ = client.post_form(path, fields)
    if status != 302:
        raise RuntimeError(f"{path} answered {status}: {page[:2000]!r}")


def read_code(origin: str, *, before: str = "") -> str:
    """Return the newest code in the stand-in's outbox, as somebody reads it on their phone.

    Args:
        origin: The instance's address.
        before: The code that was the newest before another was asked for.
    """
    for _ in range(60):
        code = newest_code(origin)
        if code and code != before:
            return code
        time.sleep(0.5)
    raise RuntimeError("no code came")


def newest_code(origin: str) -> str:
    """Return the newest code in the stand-in's outbox, "" where there is none."""
    page = re.sub(r"<[^>]+>", " ", Client(origin).get("/demo/outbox/")[1].decode())
    match = re.search(r"\b(\d{6})\b", page)
    return match[1] if match else ""
