"""The named cast, used by the demonstration and by the tests. All of them are invented."""

from dataclasses import dataclass

from bluelamp.foundation.accounts.rules import SHARED_DEMO_PASSWORD

PASSWORD = SHARED_DEMO_PASSWORD


@dataclass(frozen=True, slots=True)
class PlayerOrganisation:
    """An organisation that some of the cast work for. They exist, unlike the cast."""

    code: str
    name: str
    kind: str
    force: str = ""


ORGANISATIONS = (
    PlayerOrganisation("police-01", "Metropolitan Police", "police", "01"),
    PlayerOrganisation("police-42", "Essex Police", "police", "42"),
    PlayerOrganisation("cps", "Crown Prosecution Service", "prosecutor"),
)


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody in the story. Those without roles are members of the public and have no account.

    `organisation` is a code in ORGANISATIONS; "" stands for the police force `force`.
    """

    username: str
    name: str
    title: str
    force: str = "01"
    roles: tuple[str, ...] = ()
    rank: str = ""
    collar: str = ""
    unit: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""


ADA = Player(
    "ada",
    "Ada Bello",
    "Response officer",
    "01",
    ("response-officer",),
    "PC",
    "1234SE",
    "Southwark response",
)
BILAL = Player(
    "bilal",
    "Bilal Rahman",
    "Officer in the case",
    "01",
    ("investigator",),
    "DC",
    "2087SE",
    "Southwark CID",
)
CLEO = Player(
    "cleo", "Cleo Marsh", "Case builder", "01", ("case-builder",), "", "P4410", "Case building"
)
DEV = Player(
    "dev",
    "Dev Patel",
    "Evidence officer",
    "01",
    ("evidence-officer", "information-officer"),
    "",
    "P5120",
    "Evidence store",
)
# Her number is one of those that Ofcom gives to nobody, her address one of RFC 2606's.
ESI = Player("esi", "Esi Mensah", "Victim", email="esi.mensah@example.com", phone="07700900123")
FEMI = Player(
    "femi",
    "Femi Adeyemi",
    "Officer of another force",
    "42",
    ("investigator",),
    "DC",
    "7761",
    "Essex CID",
)
GRACE = Player("grace", "Grace Holloway", "Firearms applicant", email="grace.holloway@example.com")
HANA = Player(
    "hana",
    "Hana Novak",
    "Prosecutor",
    "",
    ("prosecutor",),
    unit="CPS London South",
    organisation="cps",
)
IKE = Player(
    "ike",
    "Ike Daniels",
    "Firearms enquiry officer",
    "01",
    ("firearms-enquiry-officer", "finance-officer"),
    "",
    "P3307",
    "Firearms",
)
JOY = Player(
    "joy",
    "Joy Whitfield",
    "Crime desk",
    "01",
    ("crime-desk", "reference-editor", "finance-supervisor"),
    "",
    "P2210",
    "Crime desk",
)
KEMI = Player(
    "kemi",
    "Kemi Adeleke",
    "Supervisor",
    "01",
    ("supervisor",),
    "PS",
    "88SE",
    "Southwark response",
)
LENA = Player(
    "lena", "Lena Fischer", "Auditor", "01", ("auditor",), "", "P9001", "Professional standards"
)
MARA = Player(
    "mara", "Mara Quinn", "Administrator", "01", ("administrator",), "", "P1150", "Service desk"
)
NELL = Player(
    "nell",
    "Nell Prior",
    "Firearms licensing manager",
    "01",
    ("firearms-licensing-manager", "finance-supervisor"),
    "",
    "P3301",
    "Firearms",
)

CAST = (ADA, BILAL, CLEO, DEV, ESI, FEMI, GRACE, HANA, IKE, JOY, KEMI, LENA, MARA, NELL)
STAFF = tuple(player for player in CAST if player.roles)


def organisation_of(player: Player) -> PlayerOrganisation:
    """Return the organisation that a player works for."""
    return next(
        organisation
        for organisation in ORGANISATIONS
        if (player.organisation and organisation.code == player.organisation)
        or (not player.organisation and organisation.force == player.force)
    )
