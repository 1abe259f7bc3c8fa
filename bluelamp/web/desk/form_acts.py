"""What most forms of the desk do when they are sent: run a command, then say how it went."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect

from bluelamp.foundation.kernel.errors import Refused


def run_form(
    run: Callable[[], object],
    *,
    url: str,
    done: str,
    show_errors: Callable[[dict[str, str]], HttpResponse],
) -> HttpResponse:
    """Run a command that a form asks for, and lead to the page that says that it is done.

    Args:
        run: The command. What it returns is not needed: the page reads it anew.
        url: The page to lead to.
        done: What that page says, as a key of its success messages.
        show_errors: Shows the form again with what is wrong, by field.
    """
    try:
        run()
    except Refused as refused:
        return show_errors(refused.errors)
    # A redirect, so that loading the page again sends nothing twice.
    return redirect(f"{url}?done={done}")
