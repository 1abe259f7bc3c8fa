"""The roles a force starts with. Afterwards they are rows, which a force changes as it likes.

A permission that a later version adds here is given to the role once, at the start after the
upgrade. If the force takes it away again, it stays away.

Each says who may hold it and why it has the permissions it has: whoever grants a role, or reviews
who holds one, reads it there.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """A role as it is set up at first start.

    Attributes:
        title: The role's name on screen.
        held_by: Who may hold it.
        purpose: Why they need what it allows.
        permissions: The names of the permissions it gives.
    """

    title: str
    held_by: str
    purpose: str
    permissions: frozenset[str]


_OFFICER = frozenset(
    {
        "report.view",
        "crime.record",
        "crime.view",
        "crime.search",
        "crime.lease_numbers",
        "device.enrol",
        "investigation.view",
        "investigation.write",
        "statement.take",
        "statement.send_copy",
        "evidence.take_in",
        "evidence.view",
        "upload.token",
        "person.view",
        "person.correct",
    }
)
# Of those who meet people: staff in the evidence store and at the crime desk stop nobody.
_ENCOUNTERS = frozenset(
    {
        "encounter.record",
        "encounter.view",
        "risk.assess",
        "form.fill_in",
        # What anybody may open by a code that they scan, an officer may who is signed in.
        "encounter.read_copy",
        "firearms.check_certificate",
    }
)
_INVESTIGATOR = (_OFFICER | _ENCOUNTERS) | {
    "crime.link",
    "crime.reclassify",
    "suspect.name",
    "suspect.charge",
    "exhibit.add",
    "evidence.copy",
    "casefile.build",
    "casefile.view",
    "casefile.submit",
    "investigation.allocate",
}

ROLES: dict[str, RoleDefinition] = {
    "administrator": RoleDefinition(
        "Administrator",
        held_by="Staff of the service desk who open accounts and shut leavers out.",
        purpose="They manage accounts, roles and officers' devices, and see no casework.",
        permissions=frozenset({"account.manage", "device.manage", "device.view_unit"}),
    ),
    "response-officer": RoleDefinition(
        "Response officer",
        held_by="Officers who go to incidents.",
        purpose="They record crimes and stop and searches, assess the risk to victims, and take "
        "statements and evidence at the scene. They see the encounters that they recorded.",
        permissions=_OFFICER | _ENCOUNTERS,
    ),
    "supervisor": RoleDefinition(
        "Supervisor",
        held_by="Sergeants and inspectors of response teams.",
        # PACE Code A: supervisors monitor how their officers use stop and search.
        purpose="They check every stop and search and risk assessment, publish the month's "
        "figures, allocate crimes, see what waits on phones of their unit, and bring in what was "
        "saved from one.",
        permissions=_OFFICER
        | _ENCOUNTERS
        | {
            "encounter.view_all",
            "encounter.publish",
            "risk.view_all",
            "investigation.allocate",
            "device.view_unit",
            "device.bring_in",
        },
    ),
    "crime-desk": RoleDefinition(
        "Crime desk",
        held_by="Staff who decide what the force records, trained in the counting rules.",
        # The desk is staffed round the clock, when phones are lost, and answers for the numbers.
        purpose="They record crimes from reports, allocate them, and write to people again when a "
        "message did not arrive. They block a lost phone, account for its crime numbers, and bring "
        "in what was saved from it.",
        permissions=_OFFICER
        | {
            "crime.reclassify",
            "device.bring_in",
            "device.manage",
            "device.view_unit",
            "investigation.allocate",
            "notification.follow_up",
            "event.retry",
        },
    ),
    "investigator": RoleDefinition(
        "Officer in the case",
        held_by="Detectives and officers who are allocated crimes.",
        purpose="They see an investigation through, up to sending the case file.",
        permissions=_INVESTIGATOR,
    ),
    "case-builder": RoleDefinition(
        "Case builder",
        held_by="Staff who prepare case files.",
        purpose="They put case files together from everything the investigation holds.",
        permissions=_INVESTIGATOR,
    ),
    "reference-editor": RoleDefinition(
        "Reference data editor",
        held_by="Staff who look after the force's forms, codes and fees.",
        purpose="They load, try out and put in force the questions that people are asked, and set"
        " fees. They see no answers of other people.",
        permissions=frozenset({"reference.edit", "form.fill_in", "fees.edit"}),
    ),
    "evidence-officer": RoleDefinition(
        "Evidence officer",
        held_by="Staff of the evidence store.",
        purpose="They take items in, give them exhibit references and copy originals.",
        permissions=_OFFICER | {"exhibit.add", "evidence.copy"},
    ),
    "firearms-enquiry-officer": RoleDefinition(
        "Firearms enquiry officer",
        held_by="Staff of the firearms licensing unit.",
        purpose="They key what comes on paper, visit and check applicants, and see no crimes. They"
        " see what was paid, take payments at the counter, and ask for refunds; others approve.",
        permissions=frozenset(
            {
                # The officer app: a phone of their own, and photos of the visits that they make.
                "device.enrol",
                "upload.token",
                "person.view",
                "payment.request",
                "payment.view",
                "payment.take",
                "refund.request",
                "firearms.view",
                "firearms.apply",
                "firearms.read_medical",
                "firearms.check",
                "firearms.issue",
                "firearms.key_paper",
                "form.fill_in",
            }
        ),
    ),
    # Apart from the role above: whoever recommends a decision does not make it.
    "firearms-licensing-manager": RoleDefinition(
        "Firearms licensing manager",
        held_by="Those whom the chief officer's delegation names.",
        purpose="They decide what enquiry officers recommend, revoke certificates, and keep the"
        " table of who may decide what. Without a line of that table they decide nothing, and"
        " nobody writes their own.",
        permissions=frozenset(
            {
                "person.view",
                "payment.view",
                "firearms.view",
                "firearms.decide",
                "firearms.read_medical",
                "firearms.issue",
                "firearms.authority",
            }
        ),
    ),
    "finance-officer": RoleDefinition(
        "Finance officer",
        held_by="Staff of the finance team.",
        purpose="They take payments, ask for refunds, compare payments with GOV.UK Pay's, and"
        " download the ledger.",
        permissions=frozenset(
            {
                "payment.view",
                "payment.take",
                "payment.reconcile",
                "payment.export",
                "refund.request",
            }
        ),
    ),
    # Apart from the role above: nobody approves what they asked for themselves.
    "finance-supervisor": RoleDefinition(
        "Finance supervisor",
        held_by="Heads of the finance team or of a licensing unit.",
        purpose="They approve refunds that others ask for, and decide who need not pay.",
        permissions=frozenset(
            {
                "payment.view",
                "payment.reconcile",
                "payment.export",
                "payment.waive",
                "refund.approve",
            }
        ),
    ),
    "information-officer": RoleDefinition(
        "Information officer",
        held_by="Staff who answer requests for information, such as collision reports.",
        purpose="They send people what they asked for, with what is private taken out, or refuse"
        " it. They look after what people can ask for, and ask for refunds, which others approve.",
        permissions=frozenset(
            {
                "request.view",
                "request.fulfil",
                "request.edit_services",
                "evidence.take_in",
                "payment.request",
                "payment.view",
                "payment.take",
                "refund.request",
            }
        ),
    ),
    "auditor": RoleDefinition(
        "Auditor",
        held_by="Staff of professional standards, who do no casework.",
        purpose="They review what others did, and see nothing but the audit record.",
        permissions=frozenset({"audit.view"}),
    ),
    "prosecutor": RoleDefinition(
        "Prosecutor",
        held_by="People of a prosecuting organisation.",
        purpose="They receive the case files that a force sends them.",
        permissions=frozenset({"casefile.receive"}),
    ),
}
