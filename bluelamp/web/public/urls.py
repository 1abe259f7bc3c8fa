"""The addresses of the public's door."""

from django.urls import path

from bluelamp.web.public import files, report, sending, track, where

urlpatterns = [
    path("report/", report.start, name="report"),
    path("report/emergency/", report.emergency, name="report-emergency"),
    path("report/forget/", sending.forget, name="report-forget"),
    path("report/fraud/", report.fraud, name="report-fraud"),
    path("report/what/", report.what, name="report-what"),
    path("report/where/", where.where, name="report-where"),
    path("report/elsewhere/", where.elsewhere, name="report-elsewhere"),
    path("report/when/", report.when, name="report-when"),
    path("report/story/", report.story, name="report-story"),
    path("report/files/", files.files, name="report-files"),
    path("report/files/<uuid:item_id>/", files.picture, name="report-picture"),
    path("report/you/", report.you, name="report-you"),
    path("report/contact/", report.contact, name="report-contact"),
    path("report/check/", sending.check, name="report-check"),
    path("report/done/", sending.done, name="report-done"),
    path("track/", track.start, name="track"),
    path("track/code/", track.code, name="track-code"),
    path("track/case/", track.case, name="track-case"),
    path("track/finish/", track.finish, name="track-finish"),
]
