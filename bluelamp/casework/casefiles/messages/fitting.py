"""Making facts fit the fields of the message: which letters it takes, and how long each may be.

Rules, in this order: accents are taken off and letters without an English counterpart respelt (ß is
ss); a character that still does not fit becomes a question mark; what is too long is cut at a word
and ends in three dots. Every change is a warning.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from bluelamp.casework.casefiles.facts import Address

RESTRICTED = re.compile(r"""[A-Za-z0-9\s~!"@#$%&'()*+,\-./:;<=>?\[\\\]_{}^£€]""")
"""CommonSimpleTypes-v1-3.xsd, RestrictedStringType: what names may be written in."""
EMAIL = re.compile(r"[0-9A-Za-z'.\-_]{1,127}@[0-9A-Za-z'.\-_]{1,127}")
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9R][0-9A-Z]? [0-9][A-Z]{2}")
BUILDING_TEXT = re.compile(r"[0-Z%-+a-z ]")
RESPELT = str.maketrans(
    {
        **{
            "ß": "ss",
            "æ": "ae",
            "Æ": "AE",
            "œ": "oe",
            "Œ": "OE",
            "ø": "o",
            "Ø": "O",
            "ł": "l",
            "Ł": "L",
            "đ": "d",
            "Đ": "D",
        },
        **{
            "ð": "d",
            "Ð": "D",
            "þ": "th",
            "Þ": "Th",
            "ı": "i",
            "ħ": "h",
            "Ħ": "H",
            "ŋ": "ng",
            "’": "'",
            "‘": "'",
            "ʻ": "'",
        },
        **{"“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "…": "...", "\u00a0": " "},
    }
)
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A fact that the court must have and the case does not, in words, and where a person can mend
    it.
    """

    what: str
    where_to_mend: str


@dataclass(kw_only=True)
class Fitting:
    """Collects what had to change and what is missing while a message is made."""

    warnings: list[str] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    def lacks(self, what: str, where: str) -> None:
        """Note a fact that the message cannot go without."""
        entry = Missing(what=what, where_to_mend=where)
        if entry not in self.missing:
            self.missing.append(entry)

    def free(self, value: str, *, of: str, longest: int) -> str:
        """Free text: any letters, without control characters, at most `longest` characters."""
        clean = NOT_XML.sub("", value).strip()
        return self._shortened(clean, of=of, longest=longest)

    def restricted(self, value: str, *, of: str, longest: int) -> str:
        """Text in the letters of RestrictedStringType, at most `longest` characters."""
        plain = unicodedata.normalize("NFC", NOT_XML.sub("", value)).translate(RESPELT)
        letters: list[str] = []
        for letter in plain:
            if RESTRICTED.fullmatch(letter):
                letters.append(letter)
                continue
            bare = "".join(
                c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c)
            )
            letters.append(bare if bare and all(RESTRICTED.fullmatch(c) for c in bare) else "?")
        fitted = " ".join("".join(letters).split())
        if fitted != " ".join(value.split()):
            self.warnings.append(
                f"{of} is sent as “{fitted}”: the court's system does not take all its letters."
            )
        return self._shortened(fitted, of=of, longest=longest)

    def _shortened(self, value: str, *, of: str, longest: int) -> str:
        if len(value) <= longest:
            return value
        cut = value[: longest - 3]
        at_word = cut.rsplit(None, 1)[0] if len(cut.split()) > 1 else cut
        self.warnings.append(
            f"{of} is cut to {longest} characters, the most the court's system takes."
        )
        return at_word.rstrip() + "..."

    def email(self, value: str, *, of: str) -> str:
        """The address, or nothing where the message's pattern does not take it."""
        if value and not EMAIL.fullmatch(value):
            self.warnings.append(f"{of} is left out: the court's system does not take “{value}”.")
            return ""
        return value

    def phone(self, value: str, *, of: str) -> str:
        """Digits, spaces and hyphens, at most 20; `+44` becomes the leading 0."""
        national = re.sub(r"^(?:\+|00)44\s*(?:\(0\)|0)?\s*", "0", value.strip())
        plain = " ".join(re.sub(r"[^0-9 \-]", "", national).split()) if national.isascii() else ""
        if value and (not plain or len(plain) > 20):
            self.warnings.append(f"{of} is left out: the court's system does not take “{value}”.")
            return ""
        return plain

    def postcode(self, value: str, *, of: str) -> str:
        """The postcode in capitals with one space, or nothing where it is not written as one."""
        squeezed = "".join(value.split()).upper()
        spaced = f"{squeezed[:-3]} {squeezed[-3:]}"
        if value and not POSTCODE.fullmatch(spaced):
            self.warnings.append(f"{of} is left out: “{value}” is not written as a postcode.")
            return ""
        return spaced if value else ""

    def building(self, value: str, *, of: str) -> str:
        """A building or flat as BS 7666 writes it: number in four places, suffix letter, second
        number, then its name.

        `14` is `␠␠14␠`, `3A` is `␠␠␠3A`, `12-14` is `␠␠12␠␠␠14␠`, a name stands after ten spaces
        (BS7666-v1-3.xsd, PAONtype).
        """
        found = re.fullmatch(
            r"\s*(\d{1,4})\s*([A-Za-z]?)(?:\s*-\s*(\d{1,4})\s*([A-Za-z]?))?(?:[\s,]+(\D.*))?\s*",
            value,
        )
        if found is None:
            name = value
            lead = " " * 10
        else:
            first, suffix, second, second_suffix, name = (part or "" for part in found.groups())
            lead = f"{first:>4}{suffix.upper() or ' '}"
            if second or name:
                lead += f"{second:>4}{second_suffix.upper() or ' '}"
        plain = self.restricted(name, of=of, longest=90) if name else ""
        text = "".join(letter if BUILDING_TEXT.fullmatch(letter) else " " for letter in plain)
        return lead + " ".join(text.split()) if text.strip() else (lead if found else " " * 5)

    def street(self, address: Address) -> str:
        """The street, or what the address says in words where it has no street."""
        return address.street or address.text
