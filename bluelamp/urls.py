"""Every address, door by door."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from bluelamp.web import accounts, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("sign-in/", accounts.sign_in),
    path("sign-out/", accounts.sign_out),
    path("", include("bluelamp.web.pages")),
    path("reference/", include("bluelamp.web.reference")),
]
for prefix, door in (
    ("", "public"),
    ("desk/", "desk"),
    ("", "officer"),
    ("", "partners"),
    ("", "demo"),
):
    if find_spec(f"bluelamp.web.{door}") and find_spec(f"bluelamp.web.{door}.urls"):
        urlpatterns.append(path(prefix, include(f"bluelamp.web.{door}.urls")))

handler400 = "bluelamp.web.errors.bad_request"
handler403 = "bluelamp.web.errors.forbidden"
handler404 = "bluelamp.web.errors.not_found"
handler500 = "bluelamp.web.errors.our_fault"
