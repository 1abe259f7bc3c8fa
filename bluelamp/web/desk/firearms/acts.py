"""What the forms of applications and certificates do when they are sent."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from django.http import HttpResponse, HttpResponseRedirect

from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused

T = TypeVar("T")
DECISION_DONE = {
    "posted": "The notice goes by first class post",
    "receipt": "Receipt of the notice recorded",
    "appeal": "Appeal recorded",
    "appeal-ended": "Result of the appeal recorded",
    "appeal-confirmed": "Appeal confirmed. The decision is turned round",
}
"""What the pages of applications and certificates alike say of a decision's notice and appeal."""


class ShowPage(Protocol):
    """Shows the page that a form was sent from, with what is wrong."""

    def __call__(self, *, errors: dict[str, str], form: str = "", status: int) -> HttpResponse: ...


def find_act(acts: Mapping[str, T], verb: str) -> T:
    """Return what a verb in the address does.

    Raises:
        NotFound: There is no such verb.
    """
    if verb not in acts:
        raise NotFound("There is no such page.")
    return acts[verb]


def run_act(
    run: Callable[[], str], *, url: str, form: str, show_page: ShowPage, no_authority: str = ""
) -> HttpResponse:
    """Do what a form asks for, and lead to its page, which says that it is done.

    Args:
        run: Does it, and returns what the page then says, as a key of its success messages.
        url: The page to lead to.
        form: Which of the page's forms was sent, to be shown open with its errors.
        show_page: Shows the page with what is wrong.
        no_authority: What the page says to somebody without authority in writing, "" where the
            page for what nobody may do is right.

    Raises:
        NotPermitted: The actor may not do it, and there is no such sentence.
    """
    try:
        done = run()
    except Refused as refused:
        return show_page(errors=dict(refused.errors), form=form, status=422)
    except Conflict as conflict:
        # Somebody else was first: no field is wrong, so none of the forms is shown open.
        return show_page(errors={"": conflict.message}, status=409)
    except NotPermitted:
        if not no_authority:
            raise
        return show_page(errors={"": no_authority}, status=403)
    # To load the page again must not do it again.
    return HttpResponseRedirect(f"{url}?done={done}")
