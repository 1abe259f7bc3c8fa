"""URLs of the public pages that have Welsh: `bluelamp/urls.py` serves them under `/cy/` too.

`web/languages.py` lists where they begin.
"""

from django.urls import include, path

from bluelamp.web.public import firearms_performance, papers, search_record

urlpatterns = [
    # The address says nothing of a search: others may read the message that it is in.
    path("copy/<str:secret>/", search_record.search_record, name="record-copy"),
    path("papers/<str:secret>/", papers.paper, name="paper"),
    path("papers/<str:secret>/code/", papers.code, name="paper-code"),
    # What phones showed as a QR code before.
    path("stop-search/<str:secret>/", search_record.search_record, name="search-record"),
    path("firearms/performance/", firearms_performance.performance, name="firearms-performance"),
    path("firearms/", include("bluelamp.web.public.firearms.urls")),
    path("requests/", include("bluelamp.web.public.requests.urls")),
    path("pay/", include("bluelamp.web.public.pay.urls")),
]
