"""The URLs of the partners' pages and API. The API only answers success or problem+json."""

from django.urls import path

from bluelamp.web.partners import views
from bluelamp.web.partners.api import api

urlpatterns = [
    *api.url_patterns("api/v1"),
    path("partner/", views.case_files, name="partner"),
    path("partner/case-files/<str:urn>/", views.case_file, name="partner-case-file"),
    path("partner/case-files/<str:urn>/package", views.package, name="partner-package"),
    path(
        "partner/case-files/<str:urn>/documents/<str:name>", views.document, name="partner-document"
    ),
    path(
        "partner/case-files/<str:urn>/exhibits/<uuid:item_id>/<str:kind>",
        views.exhibit_preview,
        name="partner-exhibit-preview",
    ),
]
