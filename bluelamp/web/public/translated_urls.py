"""URLs of the public pages that have Welsh: `bluelamp/urls.py` serves them under `/cy/` too.

`web/languages.py` lists where they begin.
"""

from django.urls import include, path

from bluelamp.web.public import firearms_performance

urlpatterns = [
    path("firearms/performance/", firearms_performance.performance, name="firearms-performance"),
    path("firearms/", include("bluelamp.web.public.firearms.urls")),
    path("requests/", include("bluelamp.web.public.requests.urls")),
    path("pay/", include("bluelamp.web.public.pay.urls")),
]
