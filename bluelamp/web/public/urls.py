"""URLs of the public front end."""

from django.urls import path

from bluelamp.web.public import (
    files,
    keys,
    place,
    report,
    returned_letters,
    review,
    rows,
    sent,
    track,
)

urlpatterns = [
    path("report/", report.start, name="report"),
    path("report/emergency/", report.emergency, name="report-emergency"),
    path("report/forget/", sent.forget, name="report-forget"),
    path("report/fraud/", report.fraud, name="report-fraud"),
    path("report/what/", report.ask_page, {"page_id": "what"}, name="report-what"),
    path("report/where/", place.where, name="report-where"),
    path("report/elsewhere/", place.other_force, name="report-elsewhere"),
    path("report/files/", files.files, name="report-files"),
    path("report/files/<uuid:item_id>/", files.picture, name="report-picture"),
    path("report/check/", review.check, name="report-check"),
    path("report/done/", sent.done, name="report-done"),
    path("report/done/confirm/", sent.confirm, name="report-confirm"),
    # What is answered several times: the list, and the pages of each row.
    path("report/list/<slug:section_id>/", rows.row_list, name="report-rows"),
    path("report/<slug:page_id>/<int:row>/", rows.row_page, name="report-row"),
    path("report/<slug:page_id>/<int:row>/save", rows.save_row_page, name="report-row-save"),
    # Any other page of the report's questions, by its id.
    path("report/<slug:page_id>/", report.ask_page, name="report-page"),
    path("report/<slug:page_id>/save", report.save_page, name="report-save"),
    path(
        "notify/returned-letters/", returned_letters.returned_letter, name="notify-returned-letters"
    ),
    path("keys/", keys.keys, name="keys"),
    path("keys/keys.json", keys.key_list, name="key-list"),
    path("keys/time-stamp-roots.pem", keys.time_stamp_roots, name="time-stamp-roots"),
    path("track/", track.start, name="track"),
    path("track/code/", track.code, name="track-code"),
    path("track/case/", track.case, name="track-case"),
    path("track/contact/", track.contact, name="track-contact"),
    path("track/passphrase/", track.passphrase, name="track-passphrase"),
    path("track/report-again/", track.report_again, name="track-report-again"),
    path("track/finish/", track.finish, name="track-finish"),
]
