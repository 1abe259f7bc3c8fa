"""Keeps an instance's folder to the user that runs it."""

import os
import stat
from pathlib import Path

_GROUP_OR_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# Where root runs Bluelamp, the group is that of the database's own user, who must pass through.
_MAY_STAY = stat.S_IXGRP


def make_folder_private(var: Path) -> None:
    """Take away what the group and others may do in an instance's folder.

    A version before this one left it open. Nobody can reach what is in a closed folder, so the
    files are gone through only while it is open, and it is closed last: an interruption is made
    good at the next start.
    """
    if is_private(var):
        return
    for folder, folders, files in os.walk(var):
        if Path(folder) == var:
            # PostgreSQL keeps its own folder closed, and another user may own it
            folders[:] = [name for name in folders if name != "postgres"]
        for name in (*folders, *files):
            _close(Path(folder) / name)
    _close(var)


def is_private(path: Path) -> bool:
    """Say whether the group and others may neither read nor write a file or folder."""
    return not stat.S_IMODE(path.lstat().st_mode) & _GROUP_OR_OTHERS & ~_MAY_STAY


def _close(path: Path) -> None:
    status = path.lstat()
    mode = stat.S_IMODE(status.st_mode)
    # a link has no mode of its own, and what it points at is not ours to change
    if mode & _GROUP_OR_OTHERS and not stat.S_ISLNK(status.st_mode):
        path.chmod(mode & ~_GROUP_OR_OTHERS)
