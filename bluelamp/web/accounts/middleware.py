"""Answers the two exceptions that stop a view until the person has signed in or confirmed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from bluelamp.web.accounts.confirm import ask_to_confirm
from bluelamp.web.accounts.sign_in import ask_to_sign_in
from bluelamp.web.actor import ConfirmationRequired, SignInRequired


class SignInPages:
    """Middleware that answers a request which nobody signed in may make with the right page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page; None for any other exception."""
        if isinstance(exception, SignInRequired):
            return ask_to_sign_in(request)
        if isinstance(exception, ConfirmationRequired):
            # Nobody is signed in who could confirm anything.
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            return ask_to_confirm(request)
        return None
