"""Runs waiting jobs inside a test's own transaction, where a real worker could not see them."""

import json

from django.db import connection
from procrastinate.contrib.django import app


def run_waiting_jobs(limit: int = 500) -> int:
    """Run waiting jobs, oldest first, until there are none; return how many ran.

    A job's exception is raised, so that a test fails where the work failed.
    """
    count = 0
    while count < limit:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, task_name, args FROM procrastinate_jobs"
                " WHERE status = 'todo' ORDER BY id LIMIT 1"
            )
            row = cursor.fetchone()
            if row is None:
                break
            job_id, task_name, arguments = row
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job_id])
        # psycopg returns jsonb as text unless Django has registered its own loader
        if isinstance(arguments, str):
            arguments = json.loads(arguments)
        app.tasks[task_name].func(**arguments)
        count += 1
    return count
