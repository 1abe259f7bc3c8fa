"""URL patterns of the firearms licensing team, under /desk/firearms/."""

from django.urls import include, path, register_converter

from bluelamp.web.desk.firearms import (
    application,
    authority,
    certificate,
    files,
    notice_keying,
    notices,
    paper,
    patterns,
    queue,
    replies,
    visit_photos,
)


class ReferenceConverter:
    """The reference of an application in a URL: FL/01/0000123/26 is written FL-01-0000123-26."""

    # Anything goes: what is no reference is looked up in vain, and that is audited.
    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the reference that part of a URL stands for."""
        return value.replace("-", "/")

    def to_url(self, value: str) -> str:
        """Return a reference as part of a URL."""
        return value.replace("/", "-")


register_converter(ReferenceConverter, "application_reference")

# fmt: off
key_patterns = [
    path("", paper.tasks, name="desk-firearms-key"),
    path("pages/<str:page_id>/", paper.ask_page, name="desk-firearms-key-page"),
    path("pages/<str:page_id>/<int:row>/", paper.ask_page, name="desk-firearms-key-page"),
    path("pages/<str:page_id>/save", paper.save_page, name="desk-firearms-key-save"),
    path("pages/<str:page_id>/<int:row>/save", paper.save_page, name="desk-firearms-key-save"),
    path("rows/<str:section_id>/", paper.list_rows, name="desk-firearms-key-rows"),
    path("check/", paper.check, name="desk-firearms-key-check"),
    path("scans/", paper.scans, name="desk-firearms-key-scans"),
    path("delete", paper.delete, name="desk-firearms-key-delete"),
    path("take-over", paper.take_over, name="desk-firearms-key-take-over"),
]
reply_patterns = [
    path("", replies.tasks, name="desk-firearms-reply"),
    path("pages/<str:page_id>/", replies.ask_page, name="desk-firearms-reply-page"),
    path("pages/<str:page_id>/save", replies.save_page, name="desk-firearms-reply-save"),
    path("check/", replies.check, name="desk-firearms-reply-check"),
]
urlpatterns = [
    path("", queue.queue, name="desk-firearms"),
    path("applications/<application_reference:reference>/", application.application, name="desk-firearms-application"),  # noqa: E501
    path("applications/<application_reference:reference>/files/<uuid:item_id>/", files.application_file, name="desk-firearms-file"),  # noqa: E501
    path("applications/<application_reference:reference>/files/<uuid:item_id>/picture", files.application_picture, name="desk-firearms-picture"),  # noqa: E501
    path("applications/<application_reference:reference>/files/", files.add_files, name="desk-firearms-add-files"),  # noqa: E501
    path("applications/<application_reference:reference>/visit/photos/", visit_photos.photos, name="desk-firearms-visit-photos"),  # noqa: E501
    path("applications/<application_reference:reference>/<str:verb>", application.act, name="desk-firearms-act"),  # noqa: E501
    path("applications/<application_reference:reference>/referees/<uuid:referee_id>/reply", replies.start, name="desk-firearms-reply-start"),  # noqa: E501
    path("replies/<uuid:draft_id>/", include(reply_patterns)),
    path("paper/", paper.start, name="desk-firearms-paper"),
    path("paper/<uuid:draft_id>/", include(key_patterns)),
    path("authority/", authority.authority, name="desk-firearms-authority"),
    path("authority/<uuid:authority_id>/end", authority.end, name="desk-firearms-authority-end"),
    path("notices/", notices.notices, name="desk-firearms-notices"),
    path("patterns/", patterns.patterns, name="desk-firearms-patterns"),
    path("notices/new/", notice_keying.start, name="desk-firearms-record-notice-start"),
    path("notices/new/<str:number>/<slug:kind>/", notice_keying.record, name="desk-firearms-record-notice"),  # noqa: E501
    path("notices/<application_reference:reference>/", notices.holder_notice, name="desk-firearms-holder-notice"),  # noqa: E501
    path("notices/<application_reference:reference>/act", notices.act, name="desk-firearms-holder-notice-act"),  # noqa: E501
    path("certificates/<str:number>/", certificate.certificate, name="desk-firearms-certificate"),
    path("certificates/<str:number>/pdf", certificate.certificate_pdf, name="desk-firearms-pdf"),
    path("certificates/<str:number>/<str:verb>", certificate.act, name="desk-firearms-end"),
    path("decisions/<uuid:decision_id>/notice", certificate.notice, name="desk-firearms-notice"),
    path("decisions/<uuid:decision_id>/<str:verb>", certificate.decision_act, name="desk-firearms-decision"),  # noqa: E501
]
# fmt: on
