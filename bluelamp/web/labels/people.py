"""What people read for the codes of people: genders, and roles in a report or a crime."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bluelamp.records.people.rules import ContactMethod, Gender, LinkRole, SafeContact

GENDERS: Mapping[str, Promise] = {
    Gender.NOT_KNOWN.value: _("Not known"),
    Gender.MALE.value: _("Male"),
    Gender.FEMALE.value: _("Female"),
    Gender.NOT_SPECIFIED.value: _("Not specified"),
}
LINK_ROLES: Mapping[str, Promise] = {
    LinkRole.VICTIM: _("Victim"),
    LinkRole.WITNESS: _("Witness"),
    LinkRole.SUSPECT: _("Suspect"),
    LinkRole.PERSON_REPORTING: _("Person reporting"),
    LinkRole.ON_BEHALF: _("Reporting for the victim"),
    LinkRole.DAMAGED: _("Damaged"),
    LinkRole.STOLEN: _("Stolen"),
    LinkRole.USED: _("Used"),
    LinkRole.INVOLVED: _("Involved"),
    LinkRole.LINKED_PLACE: _("Linked place"),
}
CONTACT_METHODS: Mapping[str, Promise] = {
    ContactMethod.EMAIL: _("Email"),
    ContactMethod.PHONE: _("Phone call"),
    ContactMethod.TEXT: _("Text message"),
    ContactMethod.POST: _("Letter"),
}
SAFE_CONTACTS: Mapping[str, Promise] = {
    SafeContact.TIME: _("Call me, but only at a safe time"),
    SafeContact.OTHER: _("Contact me another way"),
    SafeContact.NEVER: _("Do not contact me"),
}
