"""`python -m tests.tools`: what the tests need beside Python and Node. Installed where we may, else named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NEEDED = {"chromium": "chromium", "clamd": "clamav-daemon", "pdftoppm": "poppler-utils", "openssl": "openssl"}


def main() -> int:
    """Install what is missing where this runs as root on Debian; elsewhere say the one command to run."""
    missing = sorted({package for tool, package in NEEDED.items() if not _have(tool)})
    if not missing:
        return 0
    if os.geuid() == 0 and Path("/etc/debian_version").exists():
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], check=True, stdout=subprocess.DEVNULL, env=environment)
        subprocess.run(
            ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing],
            check=True,
            stdout=subprocess.DEVNULL,
            env=environment,
        )
        return 0
    print(f"The tests need more tools. Run: sudo apt-get install {' '.join(missing)}", file=sys.stderr)
    return 2


def _have(tool: str) -> bool:
    return shutil.which(tool, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") is not None


if __name__ == "__main__":
    sys.exit(main())
