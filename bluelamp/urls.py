"""Every URL, one front end after the other."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from bluelamp.web import health
from bluelamp.web.lazy_urls import include_unnamed

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("bluelamp.web.accounts.urls")),
    path("", include("bluelamp.web.openid.urls")),
    path("", include("bluelamp.web.pages")),
    path("reference/", include("bluelamp.web.reference")),
    path("", include("bluelamp.web.public.urls")),
    *i18n_patterns(
        path("", include("bluelamp.web.public.translated_urls")), prefix_default_language=False
    ),
    path("desk/", include("bluelamp.web.desk.urls")),
    path("", include("bluelamp.web.officer.urls")),
    path("", include("bluelamp.web.partners.urls")),
    path("", include("bluelamp.web.demo.urls")),
    # Only forces with a directory are asked for these, and their models take long to import.
    include_unnamed("scim/v2/", "bluelamp.web.scim.urls"),
]

handler400 = "bluelamp.web.errors.bad_request"
handler403 = "bluelamp.web.errors.forbidden"
handler404 = "bluelamp.web.errors.not_found"
handler500 = "bluelamp.web.errors.server_error"
