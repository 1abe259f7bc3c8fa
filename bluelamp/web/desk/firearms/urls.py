"""URL patterns of the firearms licensing team, under /desk/firearms/."""

from django.urls import path, register_converter

from bluelamp.web.desk.firearms import application, certificate, queue


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


class _VerbConverter:
    """One of the things that can be done."""

    regex = ""

    def to_python(self, value: str) -> str:
        """Return the verb."""
        return value

    def to_url(self, value: str) -> str:
        """Return the verb."""
        return value


class ApplicationVerbConverter(_VerbConverter):
    """What can be done with an application."""

    regex = "|".join(application.ACTS)


class CertificateVerbConverter(_VerbConverter):
    """What can be done with a certificate."""

    regex = "|".join(certificate.ACTS)


class DecisionVerbConverter(_VerbConverter):
    """What can be recorded about a decision."""

    # The longer one first: a pattern takes the first that matches.
    regex = "|".join(sorted(certificate.DECISION_ACTS, key=len, reverse=True))


register_converter(ReferenceConverter, "application_reference")
register_converter(ApplicationVerbConverter, "application_verb")
register_converter(CertificateVerbConverter, "certificate_verb")
register_converter(DecisionVerbConverter, "decision_verb")

# fmt: off
urlpatterns = [
    path("", queue.queue, name="desk-firearms"),
    path("applications/<application_reference:reference>/", application.application, name="desk-firearms-application"),  # noqa: E501
    path("applications/<application_reference:reference>/<application_verb:verb>", application.act, name="desk-firearms-act"),  # noqa: E501
    path("certificates/<str:number>/", certificate.certificate, name="desk-firearms-certificate"),
    path("certificates/<str:number>/pdf", certificate.certificate_pdf, name="desk-firearms-pdf"),
    path("certificates/<str:number>/<certificate_verb:verb>", certificate.act, name="desk-firearms-end"),  # noqa: E501
    path("decisions/<uuid:decision_id>/<decision_verb:verb>", certificate.decision_act, name="desk-firearms-decision"),  # noqa: E501
]
# fmt: on
