"""The addresses of the partners' door. Under the API every answer that is not a success is a
problem.
"""

from django.urls import path

from bluelamp.web.partners import views
from bluelamp.web.partners.api import api

urlpatterns = [
    *api.addresses("api/v1"),
    path("partner/", views.received, name="partner"),
    path("partner/case-files/<str:urn>/", views.case_file, name="partner-case-file"),
    path("partner/case-files/<str:urn>/package", views.package, name="partner-package"),
    path(
        "partner/case-files/<str:urn>/documents/<str:name>", views.document, name="partner-document"
    ),
    path(
        "partner/case-files/<str:urn>/exhibits/<uuid:item_id>/<str:kind>",
        views.picture,
        name="partner-picture",
    ),
]
