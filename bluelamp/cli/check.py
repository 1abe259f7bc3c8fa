"""`bluelamp check` says what is not fit for real data, a line each, and what to do about it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bluelamp.cli import prepare
from bluelamp.cli.checks import print_checks
from bluelamp.foundation.kernel.terminal.command_line import Parser


@dataclass(frozen=True, slots=True)
class Fitness:
    """Whether one thing is fit, and what to do where it is not."""

    name: str
    detail: str

    @property
    def passed(self) -> bool:
        """Say whether it is fit."""
        return not self.detail


def main(argv: Sequence[str]) -> int:
    """Check this instance. Returns 0 only if all of it is fit for real data."""
    Parser(prog="bluelamp check", description=__doc__).parse_args(argv)
    prepare()
    return print_checks(check_fitness())


def check_fitness() -> Iterator[Fitness]:
    """Yield the result of each check."""
    for name, check in _checks():
        yield Fitness(name, check())


def _checks() -> tuple[tuple[str, Callable[[], str]], ...]:
    """Return each check and what it is called."""
    # imported here: they need Django
    from bluelamp.cli.fitness import addresses, database, people, storage

    return (
        ("real data only", addresses.check_mode),
        ("https", addresses.check_origin),
        ("host names", addresses.check_hosts),
        ("addresses of people", addresses.check_proxy),
        ("messages", addresses.check_messages),
        ("payments", addresses.check_payments),
        ("time stamps", addresses.check_time_stamps),
        ("virus scanner", storage.check_scanner),
        ("evidence store", addresses.check_store_address),
        ("sign-in provider", addresses.check_provider),
        ("GOV.UK One Login", addresses.check_one_login),
        ("database server", database.check_server),
        ("database connection", database.check_connection),
        ("database role", database.check_privileges),
        ("system user", storage.check_user),
        ("files", storage.check_folder),
        ("secrets", storage.check_secrets),
        ("signing keys", storage.check_keys),
        ("checkpoint files", storage.check_checkpoint_files),
        ("back-up", storage.check_backup),
        ("administrator", people.check_administrator),
        ("passkey", people.check_passkey),
        ("breached passwords", people.check_breached_passwords),
    )
