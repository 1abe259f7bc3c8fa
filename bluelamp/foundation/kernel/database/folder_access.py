"""Access of a system user to a folder that lies below other people's folders."""

import os
import stat
from pathlib import Path

_GROUP_OR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def allow_traversal(path: Path, *, user_id: int, group_id: int) -> None:
    """Let a system user go through the folders above a path, and no one read them.

    A folder that is its owner's alone is put into the user's group, which may pass through it. A
    folder that others may use already gets the right to pass for everybody.
    """
    for folder in path.parents:
        status = folder.stat()
        mode = stat.S_IMODE(status.st_mode)
        is_passable = (
            mode & stat.S_IXOTH
            or (status.st_gid == group_id and mode & stat.S_IXGRP)
            or (status.st_uid == user_id and mode & stat.S_IXUSR)
        )
        if is_passable:
            continue
        if mode & _GROUP_OR_OTHERS:
            folder.chmod(mode | stat.S_IXOTH)
        else:
            # The group alone, where others are shut out: the folder stays closed to them.
            os.chown(folder, -1, group_id)
            folder.chmod(mode | stat.S_IXGRP)
