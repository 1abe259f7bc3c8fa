"""The addresses of the desk."""

from django.urls import path

from bluelamp.web.desk import (
    acts,
    casefiles,
    crimes,
    evidence,
    exhibits,
    home,
    reports,
    search,
    statements,
    suspects,
)

urlpatterns = [
    path("", home.home),
    path("search/", search.search),
    path("reports/", reports.queue),
    path("reports/next", reports.next_report),
    path("reports/<str:reference>/", reports.report),
    path("reports/<str:reference>/record", reports.record),
    path("reports/<str:reference>/not-a-crime", reports.not_a_crime),
    path("crimes/", crimes.crimes),
    path("crimes/<str:slug>/", crimes.crime),
    path("crimes/<str:slug>/note", acts.note),
    path("crimes/<str:slug>/allocate", acts.allocate_crime),
    path("crimes/<str:slug>/link", acts.link),
    path("crimes/<str:slug>/reclassify", acts.reclassify_crime),
    path("crimes/<str:slug>/suspect", suspects.suspect),
    path("crimes/<str:slug>/charge", suspects.charge_suspect),
    path("crimes/<str:slug>/items/<uuid:item_id>/exhibit", exhibits.exhibit),
    path("crimes/<str:slug>/case-file", casefiles.build),
    path("people/<uuid:person_id>/", search.person),
    path("statements/<uuid:statement_id>/", statements.statement),
    path("statements/<uuid:statement_id>/back", statements.back),
    path("evidence/<uuid:item_id>/", evidence.item),
    path("evidence/<uuid:item_id>/preview/<slug:kind>", evidence.preview),
    path("evidence/<uuid:item_id>/original", evidence.original),
    path("case-files/", casefiles.case_files),
    path("case-files/<str:urn>/", casefiles.case_file),
    path("case-files/<str:urn>/progress", casefiles.progress),
    path("case-files/<str:urn>/rebuild", casefiles.rebuild),
    path("case-files/<str:urn>/send", casefiles.send),
    path("case-files/<str:urn>/package", casefiles.download),
    path("case-files/<str:urn>/document", casefiles.document),
]
