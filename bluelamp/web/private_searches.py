"""Keep what staff search for out of addresses (ASVS 5.0, 14.2.1).

A name in an address stays in the history of a shared computer and in the log of a proxy. So search
forms post what was entered to `?search`, and lead to the same page with it encrypted: people can
still go back to a result, reload it, or send its address to a colleague, who searches as themself.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from cryptography.fernet import InvalidToken, MultiFernet
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase

from bluelamp.foundation.kernel.secret_key import derive_fernet
from bluelamp.web.errors import error_page

PRIVATE_FIELDS = frozenset({"q", "person", "officer"})
"""The fields of search forms in which people enter names, addresses and numbers."""

# No name, number or reference that people enter begins with it.
_MARK = "~"
_FORM = "application/x-www-form-urlencoded"


class PrivateSearches:
    """Leads posted search forms to an address without what was entered, and reads it from there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        # The address says that it is a search: a body may be a large upload, for its view to read.
        # There is no check against forged requests, because nothing is done: whoever forges one
        # shows people a page that a link would have shown them.
        if "search" in request.GET and request.method == "POST" and request.content_type == _FORM:
            fields = request.POST.dict()
            return HttpResponseRedirect(f"{request.path}?{encode_search(fields)}", status=303)
        if any(value.startswith(_MARK) for value in _private_values(request.GET)):
            try:
                request.GET = _decrypt(request.GET)  # type: ignore[assignment]
            except InvalidToken:
                # The whole list would look like the result of the search.
                return error_page(request, status=404)
        return self.get_response(request)


def encode_search(values: Mapping[str, object]) -> str:
    """Return values as a query string, those of private fields encrypted, without empty ones."""
    fernet = _fernet()
    return urlencode(
        {
            name: _encrypt(fernet, str(value)) if name in PRIVATE_FIELDS else value
            for name, value in values.items()
            if value not in ("", None)
        }
    )


def _private_values(query: QueryDict) -> list[str]:
    return [value for name in PRIVATE_FIELDS for value in query.getlist(name)]


def _decrypt(query: QueryDict) -> QueryDict:
    fernet = _fernet()
    plain = query.copy()
    for name in PRIVATE_FIELDS & query.keys():
        value = str(query[name])
        if value.startswith(_MARK):
            plain[name] = fernet.decrypt(value.removeprefix(_MARK)).decode()
    return plain


def _encrypt(fernet: MultiFernet, text: str) -> str:
    return _MARK + fernet.encrypt(text.encode(errors="replace")).decode()


def _fernet() -> MultiFernet:
    # Derived at each use: settings may change in tests, and it takes microseconds.
    return derive_fernet(info=b"bluelamp.web.private_searches")
