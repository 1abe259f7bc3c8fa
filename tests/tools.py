"""`python -m tests.tools`: install the programs the tests need beside Python and Node, or say how
to.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

# Program to look for: the Debian package that holds it.
NEEDED = {
    # Chromium without windows and menus, which cost a fifth of what it takes.
    "chromium-headless-shell": "chromium-headless-shell",
    "clamd": "clamav-daemon",
    "pdftoppm": "poppler-utils",
    "openssl": "openssl",
}
# As NEEDED, but without them only the tests that use them skip, and say so.
OPTIONAL = {"firefox-esr": "firefox-esr"}
# What will do where that program is not to be had.
SUBSTITUTES = {
    "chromium-headless-shell": ("chromium", "google-chrome"),
    "firefox-esr": ("firefox",),
}
DEBIAN_MARKER = Path("/etc/debian_version")


def main() -> int:
    """Install what is missing where this runs as root on Debian; elsewhere print the one command to
    run.

    Returns:
        0 when every program is there, 2 when somebody has to install one by hand.
    """
    can_install = os.geteuid() == 0 and DEBIAN_MARKER.exists()
    missing = missing_packages(may_substitute=False)
    if missing and can_install:
        try:
            install_packages(missing)
        except subprocess.CalledProcessError:
            # Without a network the substitutes do.
            if missing_packages():
                raise
    _install_optional(can_install=can_install)
    packages = missing_packages()
    if not packages:
        return 0
    command = f"sudo apt-get install {' '.join(packages)}"
    print(f"The tests need more tools. On Debian or Ubuntu, run: {command}", file=sys.stderr)
    return 2


def _install_optional(*, can_install: bool) -> None:
    missing = missing_packages(OPTIONAL)
    if missing and can_install:
        with suppress(subprocess.CalledProcessError):
            install_packages(missing)
            missing = missing_packages(OPTIONAL)
    if missing:
        print(f"The tests that need these skip: {', '.join(missing)}", file=sys.stderr)


def missing_packages(
    needed: Mapping[str, str] | None = None, *, may_substitute: bool = True
) -> list[str]:
    """Return the Debian packages of the programs that are not on this machine, in alphabetical
    order.

    Args:
        needed: The programs and their packages, `NEEDED` if not given.
        may_substitute: Count a program as there if one that does as well is.
    """
    needed = NEEDED if needed is None else needed
    # Daemons such as clamd are in sbin folders, which are not on an ordinary user's PATH.
    search_path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    missing = set()
    for program, package in needed.items():
        programs = (program, *(SUBSTITUTES.get(program, ()) if may_substitute else ()))
        if not any(shutil.which(name, path=search_path) for name in programs):
            missing.add(package)
    return sorted(missing)


def install_packages(packages: list[str]) -> None:
    """Install Debian packages without asking questions. Raises CalledProcessError when apt-get
    fails.
    """
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-q"], install):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)


if __name__ == "__main__":
    sys.exit(main())
