"""The addresses of the desk."""

from django.urls import path

from bluelamp.web.desk import evidence, reports

urlpatterns = [
    path("reports/", reports.queue),
    path("reports/<str:reference>/", reports.report),
    path("reports/<str:reference>/record", reports.record),
    path("reports/<str:reference>/not-a-crime", reports.not_a_crime),
    path("evidence/<uuid:item_id>/", evidence.item),
    path("evidence/<uuid:item_id>/preview/<slug:kind>", evidence.preview),
    path("evidence/<uuid:item_id>/original", evidence.original),
]
