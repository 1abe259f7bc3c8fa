"""URL patterns of the desk. Views and templates reverse their names."""

from django.urls import include, path, register_converter

from bluelamp.web.desk import (
    accounts,
    actions,
    audit,
    casefiles,
    correct_search,
    crime_actions,
    crimes,
    deliveries,
    devices,
    encounters,
    evidence,
    exhibits,
    firearms_conditions,
    firearms_expiring,
    firearms_permits,
    firearms_vetting,
    firearms_visits,
    home,
    people,
    phone_files,
    question_sets,
    reports,
    requests,
    risk_assessments,
    search,
    statements,
    suspects,
    times,
    victim_contacts,
    waiting_devices,
)


class CrimeNumberConverter:
    """A crime number in a URL: 01/0000123/26 is written 01-0000123-26."""

    # Anything goes: what is not a crime number is looked up in vain, and that is audited.
    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the crime number that part of a URL stands for."""
        return value.replace("-", "/")

    def to_url(self, value: str) -> str:
        """Return a crime number as part of a URL."""
        return value.replace("/", "-")


register_converter(CrimeNumberConverter, "crime_number")

# fmt: off
crime_patterns = [
    path("", crimes.crime, name="desk-crime"),
    path("note", crime_actions.note, name="desk-note"),
    path("victims", victim_contacts.victim_contacts, name="desk-victim-contacts"),
    path("ask", actions.ask, name="desk-ask"),
    path("actions/<uuid:action_id>/", actions.action, name="desk-action"),
    path("times", times.times, name="desk-crime-times"),
    path("allocate", crime_actions.allocate, name="desk-allocate"),
    path("link", crime_actions.link, name="desk-link"),
    path("reclassify", crime_actions.reclassify, name="desk-reclassify"),
    path("suspect", suspects.suspect, name="desk-suspect"),
    path("charge", suspects.charge, name="desk-charge"),
    path("items/<uuid:item_id>/exhibit", exhibits.exhibit, name="desk-exhibit"),
    path("case-file", casefiles.build, name="desk-build"),
    path("person", people.add, name="desk-add-person"),
    path("assess-risk", risk_assessments.start, name="desk-assess-risk"),
    path("assess-risk/<uuid:draft_id>", risk_assessments.fill_in, name="desk-assess-risk-form"),
    path("assess-risk/<uuid:draft_id>/save", risk_assessments.save, name="desk-assess-risk-save"),
    path("risk-assessments/<str:reference>", risk_assessments.assessment, name="desk-risk-assessment"),  # noqa: E501
]
account_patterns = [
    path("", accounts.account, name="desk-account"),
    path("roles", accounts.change_roles, name="desk-account-roles"),
    path("link", accounts.create_link, name="desk-account-link"),
    path("sign-out", accounts.sign_out, name="desk-account-sign-out"),
    path("deactivate", accounts.deactivate, name="desk-deactivate-account"),
    path("reactivate", accounts.reactivate, name="desk-reactivate-account"),
]
preview_patterns = [
    path("", question_sets.preview, name="desk-form"),
    path("pages/<str:page_id>/", question_sets.preview_page, name="desk-form-page"),
    path("pages/<str:page_id>/<int:row>/", question_sets.preview_page, name="desk-form-page"),
    path("pages/<str:page_id>/save", question_sets.preview_save, name="desk-form-save"),
    path("pages/<str:page_id>/<int:row>/save", question_sets.preview_save, name="desk-form-save"),
    path("rows/<str:section_id>/", question_sets.preview_rows, name="desk-form-rows"),
    path("check/", question_sets.preview_check, name="desk-form-check"),
    path("end/", question_sets.preview_end, name="desk-form-end"),
    path("delete", question_sets.delete_preview, name="desk-delete-form"),
]
urlpatterns = [
    path("", home.home, name="desk-home"),
    path("search/", search.search, name="desk-search"),
    path("audit/", audit.audit, name="desk-audit"),
    path("reports/", reports.queue, name="desk-reports"),
    path("reports/next", reports.next_report, name="desk-next-report"),
    path("reports/<str:reference>/", reports.report, name="desk-report"),
    path("reports/<str:reference>/soh.json", reports.download_single_online_home_json, name="desk-report-soh"),  # noqa: E501
    path("reports/<str:reference>/record", reports.record, name="desk-record-report"),
    path(
        "reports/<str:reference>/correct-person",
        reports.correct_person,
        name="desk-report-correct-person",
    ),
    path("reports/<str:reference>/not-a-crime", reports.not_a_crime, name="desk-not-a-crime"),
    path(
        "encounters/<str:reference>/return",
        correct_search.return_search,
        name="desk-return-search",
    ),
    path("encounters/<str:reference>/correct", correct_search.start, name="desk-correct-search"),
    path(
        "encounters/<str:reference>/correct/<uuid:draft_id>",
        correct_search.fill_in,
        name="desk-correct-search-form",
    ),
    path(
        "encounters/<str:reference>/correct/<uuid:draft_id>/save",
        correct_search.save,
        name="desk-correct-search-save",
    ),
    # Before the team's own pages, where anything may be a reference.
    path("firearms/vetting/", firearms_vetting.tasks, name="desk-firearms-vetting"),
    path(
        "firearms/vetting/<uuid:task_id>/",
        firearms_vetting.task,
        name="desk-firearms-vetting-task",
    ),
    path(
        "firearms/vetting/<uuid:task_id>/decide",
        firearms_vetting.decide,
        name="desk-firearms-vetting-decide",
    ),
    path("firearms/conditions/", firearms_conditions.conditions, name="desk-firearms-conditions"),
    path(
        "firearms/conditions/<slug:kind>/<slug:code>/",
        firearms_conditions.condition,
        name="desk-firearms-condition",
    ),
    path("firearms/permits/", firearms_permits.permits, name="desk-firearms-permits"),
    path("firearms/permits/new/", firearms_permits.issue, name="desk-firearms-issue-permit"),
    path("firearms/visits/", firearms_visits.visits, name="desk-firearms-visits"),
    path(
        "firearms/visits/<str:day>/",
        firearms_visits.visits_of_day,
        name="desk-firearms-visits-of-day",
    ),
    path("firearms/expiring/", firearms_expiring.expiring, name="desk-firearms-expiring"),
    path(
        "firearms/expiring/certificates.csv",
        firearms_expiring.expiring_csv,
        name="desk-firearms-expiring-csv",
    ),
    path(
        "firearms/expiring/year.csv",
        firearms_expiring.return_csv,
        name="desk-firearms-return-csv",
    ),
    path("firearms/", include("bluelamp.web.desk.firearms.urls")),
    path("actions/", actions.actions, name="desk-actions"),
    path("encounters/", encounters.encounters, name="desk-encounters"),
    path("encounters/stop-search.csv", encounters.stop_search_csv, name="desk-stop-search-csv"),
    path("encounters/<str:reference>/", encounters.encounter, name="desk-encounter"),
    path("encounters/<str:reference>/copy", encounters.encounter_copy, name="desk-encounter-copy"),
    path("crimes/", crimes.crimes, name="desk-crimes"),
    path("crimes/<crime_number:number>/", include(crime_patterns)),
    path("people/<uuid:person_id>/", people.person, name="desk-person"),
    path("people/<uuid:person_id>/correct", people.correct, name="desk-correct-person"),
    path("statements/<uuid:statement_id>/", statements.statement, name="desk-statement"),
    path(
        "statements/<uuid:statement_id>/send-copy",
        statements.send_copy,
        name="desk-statement-send-copy",
    ),
    path("statements/<uuid:statement_id>/back", statements.back, name="desk-statement-back"),
    path("evidence/<uuid:item_id>/", evidence.item, name="desk-item"),
    path("evidence/<uuid:item_id>/preview/<slug:kind>", evidence.preview, name="desk-preview"),
    path("evidence/<uuid:item_id>/original", evidence.original, name="desk-original"),
    path("undelivered/", deliveries.undelivered, name="desk-undelivered"),
    path("undelivered/<uuid:undelivered_id>/dealt-with", deliveries.mark_dealt_with, name="desk-mark-dealt-with"),  # noqa: E501
    path("failed-deliveries/", deliveries.failed_deliveries, name="desk-failed-deliveries"),
    path("failed-deliveries/<uuid:delivery_id>/retry", deliveries.retry, name="desk-retry-delivery"),  # noqa: E501
    path("accounts/", accounts.accounts, name="desk-accounts"),
    path("accounts/open", accounts.open_account, name="desk-open-account"),
    path("accounts/<uuid:account_id>/", include(account_patterns)),
    path("devices/", devices.devices, name="desk-devices"),
    path("devices/mine/", devices.my_devices, name="desk-my-devices"),
    path("devices/mine/<uuid:device_id>/lost", devices.report_lost, name="desk-report-lost"),
    path("devices/waiting/", waiting_devices.waiting_devices, name="desk-waiting-devices"),
    path("devices/waiting/<uuid:device_id>/", waiting_devices.waiting_device, name="desk-waiting-device"),  # noqa: E501
    path("devices/files/", phone_files.phone_files, name="desk-phone-files"),
    path("devices/files/<uuid:file_id>/", phone_files.phone_file, name="desk-phone-file"),
    path("devices/files/<uuid:file_id>/bring-in", phone_files.bring_in, name="desk-bring-in-phone-file"),  # noqa: E501
    path("devices/files/<uuid:file_id>/progress", phone_files.progress, name="desk-phone-file-progress"),  # noqa: E501
    path("devices/<uuid:device_id>/wipe", devices.wipe, name="desk-wipe-device"),
    path("devices/<uuid:device_id>/cancel-wipe", devices.cancel_wipe, name="desk-cancel-wipe"),
    path("devices/<uuid:device_id>/", devices.device, name="desk-device"),
    path("devices/<uuid:device_id>/block", devices.block, name="desk-block-device"),
    path("devices/<uuid:device_id>/unblock", devices.unblock, name="desk-unblock-device"),
    path("devices/<uuid:device_id>/give-back", devices.release_numbers, name="desk-give-back-numbers"),  # noqa: E501
    path("devices/<uuid:device_id>/withdraw", devices.withdraw_numbers, name="desk-withdraw-numbers"),  # noqa: E501
    path("devices/<uuid:device_id>/restore", devices.restore_number, name="desk-restore-number"),
    path("requests/", requests.requests, name="desk-requests"),
    path("requests/services/", requests.services, name="desk-request-services"),
    path("requests/services/<str:code>/", requests.service, name="desk-request-service"),
    path("requests/<str:reference>/", requests.information_request, name="desk-request"),
    path("requests/<str:reference>/take-on", requests.take_on, name="desk-take-on-request"),
    path("requests/<str:reference>/file", requests.add_file, name="desk-request-file"),
    path(
        "requests/<str:reference>/files/<uuid:item_id>/",
        requests.open_file,
        name="desk-request-open-file",
    ),
    path("requests/<str:reference>/send", requests.send, name="desk-send-request"),
    path("requests/<str:reference>/quote", requests.quote, name="desk-quote-request"),
    path("requests/<str:reference>/refuse", requests.refuse, name="desk-refuse-request"),
    path("forms/", question_sets.question_sets, name="desk-question-sets"),
    path("forms/load", question_sets.load, name="desk-load-question-set"),
    path("forms/preview/<uuid:draft_id>/", include(preview_patterns)),
    path("forms/<slug:name>/", question_sets.question_set, name="desk-question-set"),
    path("forms/<slug:name>/<int:version>/put-in-force", question_sets.put_in_force, name="desk-put-in-force"),  # noqa: E501
    path("forms/<slug:name>/<int:version>/preview", question_sets.start_preview, name="desk-start-form"),  # noqa: E501
    path("payments/", include("bluelamp.web.desk.payments.urls")),
    path("case-files/", casefiles.case_files, name="desk-case-files"),
    path("case-files/<str:urn>/", casefiles.case_file, name="desk-case-file"),
    path("case-files/<str:urn>/progress", casefiles.progress, name="desk-progress"),
    path("case-files/<str:urn>/rebuild", casefiles.rebuild, name="desk-rebuild"),
    path("case-files/<str:urn>/send", casefiles.send, name="desk-send"),
    path("case-files/<str:urn>/package", casefiles.package, name="desk-package"),
    path("case-files/<str:urn>/document", casefiles.document, name="desk-document"),
]
# fmt: on
