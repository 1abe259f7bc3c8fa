"""The languages of the public site: English, and Welsh under `/cy/` for the pages that have it.

The address alone says the language. No cookie and no browser setting does, so that a link shows the
same page to whoever it is sent to.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

WELSH = "cy"
WELSH_PREFIX = f"/{WELSH}/"
TRANSLATED_PATHS = ("/firearms/", "/requests/", "/pay/", "/copy/", "/papers/", "/stop-search/")
"""The parts of the public site that have Welsh. `urls.py` serves them under `/cy/` too."""
BOTH_LANGUAGES_PATH = "/"
"""The path of a cookie for pages in both languages: `/firearms/` and `/cy/firearms/` share no
other."""


ENGLISH_FLAG = "english"
"""Is in the address of a page whose reader comes from the Welsh pages."""


class NotInWelsh(Exception):
    """A form has no Welsh yet, or not all of it: half a form in each language would be worse than
    either. Answered by leading to its English pages.
    """


class LanguageLink(NamedTuple):
    """A language that a page can be read in. `href` is "" for the one that it is in."""

    code: str
    name: str
    href: str


class LanguageOfPath:
    """Middleware that answers in Welsh under `/cy/` and in English elsewhere, and says which.

    Django's own would ask the browser and a cookie too. It also leaves the language on after the
    response, for whatever the thread does next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_welsh = request.path_info.startswith(WELSH_PREFIX)
        with translation.override(WELSH if is_welsh else settings.LANGUAGE_CODE):
            response = self.get_response(request)
        # The first page of a form is behind a redirect, and is to say why it is in English.
        if ENGLISH_FLAG in request.GET and request.method == "GET" and response.get("Location"):
            joint = "&" if "?" in response["Location"] else "?"
            response["Location"] += f"{joint}{ENGLISH_FLAG}=1"
        response.headers.setdefault("Content-Language", WELSH if is_welsh else "en-GB")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Lead to the English page where a form has no Welsh."""
        if not isinstance(exception, NotInWelsh):
            return None
        query = request.GET.copy()
        query[ENGLISH_FLAG] = "1"
        return HttpResponseRedirect(f"{english_path(request.path)}?{query.urlencode()}")


def is_welsh() -> bool:
    """Return whether the language that is active now is Welsh."""
    return translation.get_language() == WELSH


def active_language() -> str:
    """Return the language to store with what somebody sends now: "cy" or "en"."""
    return WELSH if is_welsh() else "en"


def data_text(text: str) -> str | SafeString:
    """Return a sentence of our data in the active language, or in English and marked so.

    What staff wrote themselves has no Welsh, and a screen reader must not read it as Welsh.
    """
    if not is_welsh() or not text:
        return text
    welsh = translation.gettext(text)
    return welsh if welsh != text else format_html('<span lang="en-GB">{}</span>', text)


def english_path(path: str) -> str:
    """Return the path of the same page in English."""
    return path.removeprefix(WELSH_PREFIX[:-1])


def in_active_language(path: str) -> str:
    """Return the path of the same page in the language that is active now, where it has it.

    For a path that was stored in another language.
    """
    english = english_path(path)
    if is_welsh() and english.startswith(TRANSLATED_PATHS):
        return WELSH_PREFIX[:-1] + english
    return english


def english_only_note(request: HttpRequest) -> str:
    """Return a note, in Welsh, for whoever came from a Welsh address to a page without Welsh."""
    if ENGLISH_FLAG not in request.GET:
        return ""
    with translation.override(WELSH):
        return translation.gettext(
            "This form is not in Welsh yet, so its questions are in English."
        )


def list_language_links(request: HttpRequest) -> tuple[LanguageLink, ...]:
    """Return the languages of a page, English first; none where it has only one."""
    path, english = request.path, english_path(request.path)
    if not english.startswith(TRANSLATED_PATHS):
        return ()
    # What was sent with POST is not sent again by a link, so the page is asked for anew.
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    is_welsh_page = path.startswith(WELSH_PREFIX)
    return (
        LanguageLink("en", "English", english + query if is_welsh_page else ""),
        LanguageLink(WELSH, "Cymraeg", "" if is_welsh_page else f"/{WELSH}{path}{query}"),
    )
