"""Reads a CSV file of accounts. Every row is held to the lengths that the database has."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bluelamp.foundation.accounts.commands import DirectoryEntry
    from bluelamp.foundation.accounts.directory import DirectoryUserDetail

COLUMNS = ("username", "name", "rank", "collar", "unit", "email", "roles", "active")
_LENGTHS = {"username": 60, "name": 120, "rank": 40, "collar": 40, "unit": 80, "email": 254}
_YES, _NO = frozenset({"", "yes", "y", "1", "true"}), frozenset({"no", "n", "0", "false"})


class WrongFile(ValueError):
    """The file is not one of accounts. The message is one plain sentence that says why."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of the file, as it stands there.

    Attributes:
        line: Its number in the file.
        roles: The names of roles, with semicolons or spaces between them.
    """

    line: int
    username: str
    name: str
    rank: str
    collar: str
    unit: str
    email: str
    roles: str
    active: str

    @property
    def role_names(self) -> tuple[str, ...]:
        """Return the names of the roles."""
        return tuple(sorted(set(self.roles.replace(";", " ").split())))

    def to_entry(self, *, external_id: str) -> "DirectoryEntry":
        """Return what the row says of an account.

        Raises:
            ValueError: A value is missing, too long or of no use.
        """
        from bluelamp.foundation.accounts.commands import DirectoryEntry
        from bluelamp.foundation.kernel.text import reject_unstorable

        values = {name: getattr(self, name) for name in _LENGTHS}
        reject_unstorable(values)
        for name, length in _LENGTHS.items():
            if len(values[name]) > length:
                raise ValueError(f"The {name} must be {length} characters or fewer")
        if not self.username or not self.name:
            raise ValueError("The username or the name is missing")
        return DirectoryEntry(
            **values, external_id=external_id, is_active=self.is_active, roles=self.role_names
        )

    @property
    def is_active(self) -> bool:
        """Say whether the person is at work; a row that says nothing means that they are.

        Raises:
            ValueError: The row says neither yes nor no.
        """
        word = self.active.lower()
        if word not in _YES | _NO:
            raise ValueError(f"active must be yes or no, not {self.active}")
        return word in _YES

    def is_same_as(self, account: "DirectoryUserDetail") -> bool:
        """Say whether the account is already as the row says."""
        return self.is_active == account.is_active and (
            (self.name, self.rank, self.collar, self.unit, self.email, self.role_names)
            == (
                account.name,
                account.rank,
                account.collar,
                account.unit,
                account.email,
                tuple(sorted(account.roles)),
            )
        )


def read_rows(path: Path) -> list[AccountRow]:
    """Return the rows of a file.

    Raises:
        WrongFile: It cannot be read, a column is missing or unknown, or a user name occurs twice.
    """
    try:
        text = _decode(path.read_bytes())
    except OSError as fault:
        raise WrongFile(f"{path} cannot be read: {fault.strerror}.") from fault
    reader = csv.reader(text.splitlines())
    header = [name.strip().lower() for name in next(reader, [])]
    if unknown := sorted(set(header) - set(COLUMNS)):
        raise WrongFile(f"{path}: line 1 has the unknown column {unknown[0]!r}.")
    if missing := [name for name in ("username", "name", "roles") if name not in header]:
        raise WrongFile(f"{path}: line 1 has no column {missing[0]!r}.")
    rows: dict[str, AccountRow] = {}
    for cells in reader:
        # Spreadsheets end a file with rows of nothing but commas.
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise WrongFile(f"{path}: line {reader.line_num} has {len(cells)} columns.")
        values = dict.fromkeys(COLUMNS, "")
        values |= {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        row = AccountRow(line=reader.line_num, **values)
        if row.username in rows:
            raise WrongFile(f"{path}: line {row.line} has {row.username} for the second time.")
        rows[row.username] = row
    return list(rows.values())


def _decode(content: bytes) -> str:
    """Return the text of a file as spreadsheets save it: UTF-8, with a mark or not, or cp1252."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
