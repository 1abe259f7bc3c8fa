"""The folder, the keys, the checkpoint files, the back-up and the virus scanner of this node."""

import os
import stat
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from bluelamp.cli.private_files import is_private
from bluelamp.records.evidence.media.scanning import scan_file

SECRETS = (
    "BLUELAMP_SECRET_KEY",
    "BLUELAMP_NOTIFY_KEY",
    "BLUELAMP_NOTIFY_CALLBACK_TOKEN",
    "BLUELAMP_PAY_KEY",
    "BLUELAMP_PAY_WEBHOOK_SECRET",
    "BLUELAMP_METRICS_TOKEN",
    "BLUELAMP_OIDC_CLIENT_SECRET",
    "BLUELAMP_OIDC_CLIENT_KEY",
    "BLUELAMP_ONE_LOGIN_KEY",
    "DATABASE_URL",
    "BLUELAMP_OWNER_DATABASE_URL",
)
_BACKUP_AGE = 26 * 3600.0  # seconds: a nightly back-up, and two hours for it to end later


def check_user() -> str:
    """Check that this does not run as root."""
    if os.geteuid() == 0:
        return "it runs as root. Run it as a user of its own (ops/README.md)"
    return ""


def check_folder() -> str:
    """Check that nobody else on this machine can look into the instance's folder."""
    var: Path = settings.BLUELAMP_VAR
    if not is_private(var):
        return f"others on this machine can read {var}. Run: chmod -R go-rwx {var}"
    return ""


def check_keys() -> str:
    """Check that the signing keys are on a disk of their own, which no copy of the data takes."""
    keys = settings.BLUELAMP_VAR / "keys"
    if _is_on_disk_of_data(keys):
        return (
            f"{keys} is on the disk of the data: whoever copies that can sign in the log's name."
            " Mount a volume of its own there"
        )
    return ""


def check_checkpoint_files() -> str:
    """Check that the logs' checkpoint files are out of reach of whoever changes the database."""
    if _is_on_disk_of_data(settings.BLUELAMP_WITNESS):
        return (
            f"{settings.BLUELAMP_WITNESS} is on the disk of the data: whoever cuts the audit log"
            " short can take the proof away too. Set BLUELAMP_WITNESS to a folder of another"
            " machine"
        )
    return ""


def check_secrets() -> str:
    """Check that secrets come from files which only this user can read."""
    for name in SECRETS:
        path = os.environ.get(f"{name}_FILE")
        # The bits of the group and of everybody else.
        if path and stat.S_IMODE(Path(path).stat().st_mode) & 0o077:
            return f"others can read {path} ({name}_FILE). Run: chmod 600 {path}"
        if not path and _is_secret(name):
            return (
                f"{name} is in the environment, where every program of this user can read it."
                f" Put it into a file with mode 600 and set {name}_FILE to its path"
            )
    return ""


def check_scanner() -> str:
    """Check that a virus scanner looks at what strangers send."""
    if not settings.BLUELAMP_CLAMD:
        return (
            "files from strangers are not scanned for viruses. Install clamd and set BLUELAMP_CLAMD"
        )
    # a file that is certainly there and harmless: this one
    result = scan_file(Path(__file__), clamd_address=settings.BLUELAMP_CLAMD)
    if result.outcome != "clean":
        return f"the virus scanner at {settings.BLUELAMP_CLAMD} does not work: {result.reason}"
    return ""


def check_backup() -> str:
    """Check that a back-up ended within the last day."""
    mark: Path = settings.BLUELAMP_BACKUP_MARK
    try:
        age = time.time() - mark.stat().st_mtime
    except OSError:
        return (
            f"no back-up has ended yet ({mark} is missing). Have your back-up run"
            f" `touch {mark}` at its end (ops/README.md)"
        )
    if age > _BACKUP_AGE:
        return f"the last back-up ended {age / 3600:.0f} hours ago. Find out why none came since"
    return ""


def _is_on_disk_of_data(folder: Path) -> bool:
    """Say whether a folder is on the disk of the instance's folder, or would be made there."""
    while not folder.exists():
        folder = folder.parent
    return folder.stat().st_dev == settings.BLUELAMP_VAR.stat().st_dev


def _is_secret(name: str) -> bool:
    """Say whether the environment has this secret; an address only if it holds a password."""
    value = os.environ.get(name, "")
    if name.endswith("DATABASE_URL"):
        return bool(urlsplit(value).password)
    return bool(value)
