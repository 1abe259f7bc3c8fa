"""Pages without data: the home page, accessibility, privacy and cookies."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bluelamp.web.render import render


def home(request: HttpRequest) -> HttpResponse:
    """Show the home page: report, track, and how to get help."""
    return render(request, "public/home.html.jinja")


def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "public/accessibility.html.jinja")


def privacy(request: HttpRequest) -> HttpResponse:
    """Show what we store, why, for how long, and which cookies we use."""
    return render(request, "public/privacy.html.jinja")


urlpatterns = [
    path("", home, name="home"),
    path("accessibility/", accessibility, name="accessibility"),
    path("privacy/", privacy, name="privacy"),
]
