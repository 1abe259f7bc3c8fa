"""Runs waiting jobs inside a test's own transaction, where a real worker could not see them."""

from django.db import connection
from procrastinate.contrib.django import app


def run_waiting_jobs(limit: int = 500) -> int:
    """Run waiting jobs, oldest first, until there are none; returns how many ran. A job's exception
    is raised.
    """
    done = 0
    while done < limit:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id LIMIT 1"
            )
            row = cursor.fetchone()
            if row is None:
                break
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [row[0]])
        arguments = row[2]
        if isinstance(arguments, str):
            import json

            arguments = json.loads(arguments)
        app.tasks[row[1]].func(**arguments)
        done += 1
    return done
