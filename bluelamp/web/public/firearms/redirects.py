"""Where the pages of applicants and holders lead to when something is wrong."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bluelamp.web.public.refused_forms import redirect_to_form


def redirect_to_errors(name: str, errors: dict[str, str], values: dict[str, str]) -> HttpResponse:
    """Lead back to a page's form, which shows what is wrong and what was entered.

    Args:
        name: The name of the page's address.
        errors: What is wrong, by field.
        values: What was entered, by field.
    """
    return redirect_to_form(reverse(name), reverse("firearms"), errors=errors, values=values)


def redirect_to_my_start() -> HttpResponse:
    """Lead to the page where one asks for a code, which says that the session is over."""
    return HttpResponseRedirect(reverse("firearms-my") + "?over=1")
