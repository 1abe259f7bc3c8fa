"""Every permission by name, and the roles a force starts with. Roles are data afterwards."""

PERMISSIONS: dict[str, str] = {
    "report.submit": "make a report",
    "report.view": "see reports of the force",
    "crime.record": "record a crime",
    "crime.view": "see a crime of the force",
    "crime.search": "search the force's crimes",
    "crime.lease_numbers": "take crime numbers ahead for a device",
    "crime.reclassify": "reclassify a crime",
    "crime.link": "link crimes",
    "investigation.allocate": "allocate an investigation",
    "investigation.view": "see an investigation",
    "statement.take": "take a statement",
    "suspect.name": "name a suspect",
    "suspect.charge": "record a charge",
    "exhibit.add": "give an item an exhibit reference",
    "evidence.take_in": "hand in evidence",
    "evidence.view": "see evidence",
    "evidence.copy": "copy an original",
    "evidence.preview": "make previews",
    "evidence.seal": "seal the continuity log",
    "casefile.build": "build a case file",
    "casefile.view": "see a case file of the force",
    "casefile.submit": "send a case file to the prosecutor",
    "casefile.receive": "receive case files as a prosecutor",
    "victim.track": "follow one's own case",
    "victim.message": "send a message to a victim",
    "person.view": "see a person's record",
    "person.correct": "correct a person's record",
    "location.view": "see a location's record",
    "reference.edit": "edit reference data",
    "audit.view": "see the audit record",
    "audit.seal": "seal the audit log",
    "upload.token": "be given an upload token",
    "notification.send": "send messages",
    "account.sign_in": "sign in",
    "account.manage": "manage accounts",
    "demo.load": "load the demonstration force",
}

_OFFICER = {
    "report.view", "crime.record", "crime.view", "crime.search", "crime.lease_numbers", "investigation.view",
    "statement.take", "evidence.take_in", "evidence.view", "upload.token", "person.view", "person.correct",
    "location.view",
}  # fmt: skip
_INVESTIGATOR = _OFFICER | {
    "crime.link", "crime.reclassify", "suspect.name", "suspect.charge", "exhibit.add", "evidence.copy",
    "casefile.build", "casefile.view", "casefile.submit", "victim.message", "investigation.allocate",
}  # fmt: skip

ROLES: dict[str, tuple[str, frozenset[str]]] = {
    "response-officer": ("Response officer", frozenset(_OFFICER)),
    "crime-desk": (
        "Crime desk",
        frozenset(_OFFICER | {"crime.reclassify", "investigation.allocate", "victim.message"}),
    ),
    "investigator": ("Officer in the case", frozenset(_INVESTIGATOR)),
    "case-builder": ("Case builder", frozenset(_INVESTIGATOR)),
    "evidence-officer": (
        "Evidence officer",
        frozenset(_OFFICER | {"exhibit.add", "evidence.copy", "evidence.seal"}),
    ),
    "firearms-enquiry-officer": (
        "Firearms enquiry officer",
        frozenset({"person.view", "location.view"}),
    ),
    "auditor": ("Auditor", frozenset({"audit.view"})),
    "prosecutor": ("Prosecutor", frozenset({"casefile.receive"})),
}
