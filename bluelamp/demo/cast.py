"""The named cast, used by the demonstration and by the tests. All of them are invented."""

from dataclasses import dataclass

PASSWORD = "bluelamp-demo"


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody in the story. Those without roles are members of the public and have no account."""

    username: str
    name: str
    title: str
    force: str = "01"
    roles: tuple[str, ...] = ()
    rank: str = ""
    collar: str = ""
    unit: str = ""
    organisation: str = "police"
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
    ("evidence-officer",),
    "",
    "P5120",
    "Evidence store",
)
ESI = Player(
    "esi", "Esi Mensah", "Reports the damage", email="esi.mensah@example.com", phone="07700900123"
)
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
    ("firearms-enquiry-officer",),
    "",
    "P3307",
    "Firearms",
)
JOY = Player("joy", "Joy Whitfield", "Crime desk", "01", ("crime-desk",), "", "P2210", "Crime desk")
LENA = Player(
    "lena", "Lena Fischer", "Auditor", "01", ("auditor",), "", "P9001", "Professional standards"
)

CAST = (ADA, BILAL, CLEO, DEV, ESI, FEMI, GRACE, HANA, IKE, JOY, LENA)
STAFF = tuple(player for player in CAST if player.roles)
