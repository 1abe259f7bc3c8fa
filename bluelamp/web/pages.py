"""Pages that hold no data: the front page, accessibility, privacy."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bluelamp.web.render import render


def home(request: HttpRequest) -> HttpResponse:
    """The front page: the few things that anybody may want of us."""
    return render(request, "public/home.html.jinja")


def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, and how to tell us what does not."""
    return render(request, "public/accessibility.html.jinja")


def privacy(request: HttpRequest) -> HttpResponse:
    """What we keep, why, for how long; and the cookies."""
    return render(request, "public/privacy.html.jinja")


urlpatterns = [
    path("", home, name="home"),
    path("accessibility/", accessibility, name="accessibility"),
    path("privacy/", privacy, name="privacy"),
]
