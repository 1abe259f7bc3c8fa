"""The sentences for the codes of this stage, marked for translation.

Rules and the message to the court return codes with parameters, so that what is stored is the same
in every language.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bluelamp.casework.casefiles.changes import Change, ChangedPart, ChangeKind
from bluelamp.casework.casefiles.court_message import (
    Field,
    FieldWarning,
    MissingCode,
    MissingFact,
    SubjectKind,
    WarningCode,
)
from bluelamp.casework.casefiles.rules import Finding, FindingCode

Sentences = Mapping[str, Promise]

MESSAGES = {
    "unit_invalid": _("The unit of a URN must be 2 capital letters"),
    "crimes_missing": _("Select the crimes that the case file is about"),
    "in_two_files": _("These crimes are already in 2 case files. Build each case file separately"),
    "joins_existing": _("Select whether to add to case file %(urn)s or start a new case file"),
    "missing_items_label": _("The reason"),
    # Not a plural form: a code has one sentence.
    "items_not_received": _(
        "Evidence is still on officers’ devices (%(count)s). Wait for it, or enter why you are "
        "building the case file without it"
    ),
    "prosecutor_label": _("The name of the prosecutor"),
    "prosecutor_missing": _("Enter who receives the case file"),
    "still_building": _("The case file is being built. You can send it when it is ready"),
    "build_failed": _(
        "The case file could not be built. Fix the problem it shows, then build it again"
    ),
    "already_submitted": _("The prosecutor already has this case file"),
    "exhibit_infected": _(
        "Exhibit %(reference)s is infected with a virus and cannot be used. Ask the evidence "
        "officer"
    ),
    "reference_invalid": _(
        "“%(ref)s” is not a crime number, like 01/0000123/26, or a URN, like 01ZD0000126"
    ),
    "folder_exists": _("%(folder)s already exists. Choose another folder, or move that one"),
    "folder_not_writable": _("%(folder)s cannot be written to (%(problem)s)"),
}
"""What is wrong with a request, by the second half of its code. See `kernel/problems.py`."""

FINDINGS: Sentences = {
    FindingCode.NO_CRIME: _("There are no recorded crimes in this file"),
    FindingCode.NO_URN: _("The case does not have a unique reference number (URN) yet"),
    FindingCode.NO_CHARGE: _(
        "Nobody is charged, so there is no message to the court. You can still send the file for a "
        "charging decision"
    ),
    FindingCode.NO_HEARING: _(
        "Someone is charged but there is no first hearing, so there is no message to the court"
    ),
    FindingCode.NO_SUMMARY: _("The MG5 has no summary of the key evidence"),
    FindingCode.MG5_NOT_CERTIFIED: _("A supervisor has not certified the MG5"),
    FindingCode.NO_SIGNED_STATEMENT: _("There is no signed statement in the file"),
    FindingCode.VICTIM_WITHOUT_STATEMENT: _(
        "There is no statement from or for the victim %(name)s"
    ),
    FindingCode.STATEMENT_NOT_SIGNED: _(
        "The statement of %(name)s is not signed, so it is not evidence (Criminal Justice Act "
        "1967, section 9(2)(a)). Get it signed, or leave it out"
    ),
    FindingCode.STATEMENT_EMPTY: _("The statement of %(name)s is signed but has no text"),
    FindingCode.STATEMENT_AGE: _(
        "The statement of %(name)s gives their age as %(age)s. Give an age only for people under 18"
    ),
    FindingCode.NO_DATES_NOT_AVAILABLE: _(
        "The statement of %(name)s does not say when they cannot go to court. Record this even if "
        "there are no such dates"
    ),
    FindingCode.SPECIAL_MEASURES_NOT_CONSIDERED: _(
        "The statement of %(name)s does not say whether they need special measures"
    ),
    FindingCode.SPECIAL_MEASURES_MG2: _("%(name)s needs special measures. Add an MG2 to the file"),
    FindingCode.NO_INTERPRETER: _(
        "The statement of %(name)s was made in %(language)s but does not name the interpreter"
    ),
    FindingCode.EXHIBIT_NOT_LISTED: _(
        "The statement of %(name)s mentions exhibit %(reference)s, which is not in the exhibit list"
    ),
    FindingCode.EXHIBIT_REFERENCE_TWICE: _(
        "Two exhibits have the reference %(reference)s. Each exhibit must be clearly identified "
        "(Criminal Procedure Rules, rule 16.3)"
    ),
    FindingCode.EXHIBIT_WITHOUT_DESCRIPTION: _("Exhibit %(reference)s has no description"),
    FindingCode.EXHIBIT_WITHOUT_CONTINUITY: _(
        "Exhibit %(reference)s has no continuity, so nobody can say who has held it"
    ),
    FindingCode.EXHIBIT_NOT_READ: _(
        "Exhibit %(reference)s was not read before the package was built, so the package does not "
        "say when it was taken. Build the case file again"
    ),
    FindingCode.EXHIBIT_NOT_PRODUCED: _("No statement in the file produces exhibit %(reference)s"),
    FindingCode.MULTIMEDIA_NOT_PLAYABLE: _("There is no playable copy of exhibit %(reference)s"),
    FindingCode.VPS_NOT_OFFERED: _(
        "The file does not say whether %(name)s was offered a Victim Personal Statement (Victims' "
        "Code, Right 7)"
    ),
    FindingCode.SUSPECT_WITHOUT_BIRTH_DATE: _("There is no date of birth for the suspect %(name)s"),
    FindingCode.SUSPECT_WITHOUT_NAME: _("There is no surname for the suspect %(name)s"),
    FindingCode.SUSPECT_WITHOUT_ADDRESS: _("There is no address for the suspect %(name)s"),
    FindingCode.SCHEDULE_NOT_PROVIDED: _("There is no schedule of unused material (MG6C) yet"),
    FindingCode.SCHEDULE_NUMBERING: _("The items of the MG6C are not numbered in order"),
    FindingCode.SCHEDULE_DESCRIPTION: _("An item of the MG6C has no description"),
    FindingCode.NO_REBUTTABLE_PRESUMPTION: _(
        "The MG6C does not list anything that is presumed to be disclosed, such as the crime report"
    ),
}

MISSING_FACTS: Sentences = {
    MissingCode.CHARGE: _("A charge. We only tell the court about a case when someone is charged"),
    MissingCode.URN: _("The unique reference number (URN) of the case, 11 characters"),
    MissingCode.ORGANISATION_CODE: _("The code of the organisation that sends the case"),
    MissingCode.HEARING: _("The court, day and time of the first hearing"),
    MissingCode.OFFICER_RANK: _("The rank of the officer in the case"),
    MissingCode.OFFICER_COLLAR_NUMBER: _("The collar number of the officer in the case"),
    MissingCode.OFFICER_UNIT_CODE: _("The unit code of the officer in the case"),
    MissingCode.FAMILY_NAME: _("The surname of %(subject)s, in Latin letters"),
    MissingCode.ORGANISATION_NAME: _("The name of %(subject)s, in Latin letters"),
    MissingCode.ADDRESS: _(
        "The address of %(subject)s: street and town, or “No fixed abode” and a town"
    ),
    MissingCode.DEFENDANT: _("The person who is charged"),
    MissingCode.ARREST_SUMMONS_NUMBER: _("The arrest/summons number of %(subject)s"),
    MissingCode.ARREST_SUMMONS_NUMBER_CHECK: _(
        "The arrest/summons number of %(subject)s. The check letter of “%(text)s” is wrong"
    ),
    MissingCode.SEQUENCE: _("A sequence number from 0 to 999 for %(subject)s"),
    MissingCode.OFFENCE_CODE: _("The offence code of %(subject)s"),
    MissingCode.WORDING: _("The wording of %(subject)s"),
    MissingCode.DATE_CODE: _("Whether the date in %(subject)s is on, before, after or between"),
    MissingCode.OFFENCE_DATE: _("The date of the offence in %(subject)s"),
    MissingCode.SECOND_DATE: _("The second date of %(subject)s, which is dated “between”"),
    MissingCode.CHARGE_DATE: _("The date of %(subject)s"),
    MissingCode.VALID_MESSAGE: _("A message that the court's schema accepts (%(text)s)"),
}

_CASE_FILE = _("the case file")
_PERSON = _("the person's record")
_CHARGE = _("the charge")
_OFFICER = _("the officer's account")
WHERE_TO_FIX: Sentences = {
    MissingCode.CHARGE: _CHARGE,
    MissingCode.URN: _CASE_FILE,
    MissingCode.ORGANISATION_CODE: _("the settings of the force"),
    MissingCode.HEARING: _("the first hearing"),
    MissingCode.OFFICER_RANK: _OFFICER,
    MissingCode.OFFICER_COLLAR_NUMBER: _OFFICER,
    MissingCode.OFFICER_UNIT_CODE: _OFFICER,
    MissingCode.FAMILY_NAME: _PERSON,
    MissingCode.ORGANISATION_NAME: _PERSON,
    MissingCode.ADDRESS: _PERSON,
    MissingCode.DEFENDANT: _CHARGE,
    MissingCode.ARREST_SUMMONS_NUMBER: _CHARGE,
    MissingCode.ARREST_SUMMONS_NUMBER_CHECK: _CHARGE,
    MissingCode.SEQUENCE: _CHARGE,
    MissingCode.OFFENCE_CODE: _CHARGE,
    MissingCode.WORDING: _CHARGE,
    MissingCode.DATE_CODE: _CHARGE,
    MissingCode.OFFENCE_DATE: _CHARGE,
    MissingCode.SECOND_DATE: _CHARGE,
    MissingCode.CHARGE_DATE: _CHARGE,
    MissingCode.VALID_MESSAGE: _CASE_FILE,
}

WARNINGS: Sentences = {
    WarningCode.SPELT_IN_OTHER_LETTERS: _(
        "%(field)s will be sent as “%(text)s”, because the court's system does not take all its "
        "letters"
    ),
    WarningCode.SHORTENED: _(
        "%(field)s will be cut to %(text)s characters, the most that the court's system takes"
    ),
    WarningCode.LEFT_OUT: _(
        "%(field)s will be left out, because the court's system does not take “%(text)s”"
    ),
    WarningCode.NOT_A_POSTCODE: _("%(field)s will be left out: “%(text)s” is not a postcode"),
    WarningCode.VICTIM_WITHOUT_ADDRESS: _(
        "A victim without a street and a town will be left out, because the court's system needs "
        "the address of every victim"
    ),
    WarningCode.ORGANISATION_NAME_LEFT_OUT: _(
        "The name %(text)s will be left out, because the message has no field for the name of an "
        "organisation"
    ),
}

FIELDS: Sentences = {
    Field.TITLE: _("The title of %(subject)s"),
    Field.GIVEN_NAME: _("A first name of %(subject)s"),
    Field.FAMILY_NAME: _("The surname of %(subject)s"),
    Field.ORGANISATION_NAME: _("The name of %(subject)s"),
    Field.FLAT: _("The flat of %(subject)s"),
    Field.BUILDING: _("The building of %(subject)s"),
    Field.STREET: _("The street of %(subject)s"),
    Field.LOCALITY: _("The locality of %(subject)s"),
    Field.TOWN: _("The town of %(subject)s"),
    Field.AREA: _("The area of %(subject)s"),
    Field.POSTCODE: _("The postcode of %(subject)s"),
    Field.PHONE: _("The phone number of %(subject)s"),
    Field.WORK_PHONE: _("The work phone number of %(subject)s"),
    Field.HOME_PHONE: _("The home phone number of %(subject)s"),
    Field.MOBILE_PHONE: _("The mobile number of %(subject)s"),
    Field.EMAIL: _("The email address of %(subject)s"),
    Field.RANK: _("The rank of %(subject)s"),
    Field.COLLAR_NUMBER: _("The collar number of %(subject)s"),
    Field.UNIT_CODE: _("The unit code of %(subject)s"),
    Field.OCCUPATION: _("The occupation of %(subject)s"),
    Field.CRO_NUMBER: _("The CRO number of %(subject)s"),
    Field.WORDING: _("The wording of %(subject)s"),
    Field.OFFENCE_PLACE: _("The place in %(subject)s"),
    Field.COURT_CODE: _("The code of the court"),
    Field.ORGANISATION_CODE: _("The code of the organisation"),
    Field.PROSECUTOR_CODE: _("The code of the prosecutor"),
}

SUBJECTS: Sentences = {
    SubjectKind.CASE: _("the case"),
    SubjectKind.OFFICER: _("the officer in the case"),
    SubjectKind.DEFENDANT: _("the defendant"),
    SubjectKind.VICTIM: _("the victim"),
}

CHANGED_PARTS: Sentences = {
    ChangedPart.CRIME: _("crime %(name)s"),
    ChangedPart.PERSON: _("the record of %(name)s"),
    ChangedPart.STATEMENT: _("a statement of %(name)s"),
    ChangedPart.EXHIBIT: _("exhibit %(name)s"),
    ChangedPart.LINKS: _("who is a victim, a witness or a suspect"),
    ChangedPart.CHARGES: _("the charges"),
    ChangedPart.HEARING: _("the first hearing"),
    ChangedPart.OFFICER_IN_CASE: _("the officer in the case"),
}
CHANGE_KINDS: Sentences = {
    ChangeKind.ADDED: _("Added: %(part)s"),
    ChangeKind.CHANGED: _("Changed: %(part)s"),
    ChangeKind.REMOVED: _("Removed: %(part)s"),
}


def describe_finding(finding: Finding) -> str:
    """Return the sentence of a finding."""
    params = dict(finding.params)
    if not params.get("name"):
        params["name"] = gettext("without a name")
    return str(FINDINGS[finding.code]) % params


def describe_missing_fact(fact: MissingFact) -> str:
    """Return what is missing."""
    return str(MISSING_FACTS[fact.code]) % {
        **fact.params,
        "subject": _describe_subject(fact.params),
    }


def describe_where_to_fix(fact: MissingFact) -> str:
    """Return the page or record on which a missing fact can be added."""
    return str(WHERE_TO_FIX[fact.code])


def describe_warning(warning: FieldWarning) -> str:
    """Return the sentence of a warning."""
    params = dict(warning.params)
    if params.get("field"):
        subject = _describe_subject(params)
        params["field"] = str(FIELDS[params["field"]]) % {"subject": subject}
    return str(WARNINGS[warning.code]) % params


def describe_change(change: Change) -> str:
    """Return what was added, changed or removed since a package was made."""
    part = str(CHANGED_PARTS[change.part]) % {"name": change.name or gettext("someone")}
    return str(CHANGE_KINDS[change.kind]) % {"part": part}


def _describe_subject(params: Mapping[str, str]) -> str:
    kind, name = params["subject"], params["name"]
    if kind == SubjectKind.CHARGE:
        return gettext("charge %(number)s") % {"number": name}
    if kind == SubjectKind.DEFENDANT and name:
        return name
    return str(SUBJECTS[kind])
