"""The addresses of the partners' door. Under the API every answer that is not a success is a problem."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from bluelamp.web.partners import views
from bluelamp.web.partners.api import api
from bluelamp.web.partners.problems import answer, as_problems


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponseBase:
    """An address that the API does not have."""
    return answer(404)


_operations, _app, _namespace = api.urls
for _operation in _operations:
    if isinstance(_operation, URLPattern):
        _operation.callback = as_problems(_operation.callback)

urlpatterns = [
    path("api/v1/", include((_operations, _app), namespace=_namespace)),
    re_path(r"^api/v1(?:/.*)?$", nothing_here),
    path("partner/", views.received, name="partner"),
    path("partner/case-files/<str:urn>/", views.case_file, name="partner-case-file"),
    path("partner/case-files/<str:urn>/package", views.package, name="partner-package"),
    path("partner/case-files/<str:urn>/documents/<str:name>", views.document, name="partner-document"),
    path(
        "partner/case-files/<str:urn>/exhibits/<uuid:item_id>/<str:kind>",
        views.picture,
        name="partner-picture",
    ),
]
