"""`python -m tests.tools`: install the programs the tests need beside Python and Node, or say how
to.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Program to look for: the Debian package that holds it.
NEEDED = {
    # Chromium without windows and menus, which cost a fifth of what it takes.
    "chromium-headless-shell": "chromium-headless-shell",
    "clamd": "clamav-daemon",
    "pdftoppm": "poppler-utils",
    "openssl": "openssl",
}
# What will do where that program is not to be had.
SUBSTITUTES = {"chromium-headless-shell": ("chromium", "google-chrome")}
DEBIAN_MARKER = Path("/etc/debian_version")


def main() -> int:
    """Install what is missing where this runs as root on Debian; elsewhere print the one command to
    run.

    Returns:
        0 when every program is there, 2 when somebody has to install one by hand.
    """
    missing = missing_packages(may_substitute=False)
    if missing and os.geteuid() == 0 and DEBIAN_MARKER.exists():
        try:
            install_packages(missing)
        except subprocess.CalledProcessError:
            # Without a network the substitutes do.
            if missing_packages():
                raise
    packages = missing_packages()
    if not packages:
        return 0
    command = f"sudo apt-get install {' '.join(packages)}"
    print(f"The tests need more tools. On Debian or Ubuntu, run: {command}", file=sys.stderr)
    return 2


def missing_packages(*, may_substitute: bool = True) -> list[str]:
    """Return the Debian packages of the programs that are not on this machine, in alphabetical
    order.

    Args:
        may_substitute: Count a program as there if one that does as well is.
    """
    # Daemons such as clamd are in sbin folders, which are not on an ordinary user's PATH.
    search_path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    missing = set()
    for program, package in NEEDED.items():
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
