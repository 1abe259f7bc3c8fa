"""A holder in the benchmark: signed in to My licences with a reference and a one-time code."""

from collections.abc import Iterator

from bench.client import Client
from bench.visitors import linked_pages, newest_code, read_code, submit_form

_PREFIXES = ("/firearms/", "/pay/", "/requests/")


def holder_pages(origin: str, reference: str, name: str) -> Iterator[tuple[Client, str]]:
    """Yield the pages of My licences for whoever has a certificate or an application.

    Args:
        origin: The instance's address.
        reference: The certificate's number, or the application's reference.
        name: What the figures call this visitor.
    """
    client = Client(origin, name=name)
    before = newest_code(origin)
    submit_form(client, "/firearms/my/", {"reference": reference})
    submit_form(client, "/firearms/my/code/", {"code": read_code(origin, before=before)})
    first = "/firearms/my/licences/"
    if reference.startswith("FL/"):
        first = "/firearms/my/application/"
    yield from linked_pages(client, first, prefixes=_PREFIXES)
