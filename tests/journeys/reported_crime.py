"""A crime of Ada's that came from a report with an added question, for her phone to show."""

import subprocess
import sys

from bench.instance import ROOT, Instance

# Tomorrow, so that the added question is in force for nobody else's journey.
_RECORD = """
from bluelamp.cli import prepare
prepare()
from datetime import timedelta
from bluelamp.casework.crimes.commands import record_from_report
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.rules import ReportAnswers
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.actors import user_actor
from bluelamp.foundation.forms.built_in import QuestionSetFile, built_in_files
from bluelamp.foundation.forms.commands import load_question_set
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.ids import new_id
tomorrow = now() + timedelta(days=1)
content = built_in_files()["report"].content.replace("\\nversion: 1\\n", "\\nversion: 2\\n", 1)
mark = "          - id: vrm\\n"
question = '''          - id: colour
            type: text
            label: What colour is it?
            short: Colour
            required: false
'''
assert content.count(mark) == 1
editor = Actor.system("tests", force="01", permissions={"reference.edit"})
file = QuestionSetFile(content.replace(mark, question + mark), {})
load_question_set(actor=editor, at=now(), file=file, in_force_from=london_date(tomorrow))
answers = ReportAnswers(
    kind="criminal-damage", narrative="My car was scratched.", address="12 Acorn Parade",
    given_name="Esi", family_name="Mensah", is_safe_to_contact=False, safe_contact="never",
    is_declared_true=True, others={"colour": "dark blue"},
)
public = Actor.system("tests", force="01", permissions={"report.submit"})
report = submit_report(actor=public, at=tomorrow, report_id=new_id(), answers=answers)
ada = user_actor(User.objects.get(username="ada"), address="127.0.0.1")
crime = record_from_report(
    actor=ada, at=tomorrow, reference=report.reference, offence_code="CD71039"
)
print(crime.number)
"""


def record_reported_crime(instance: Instance) -> str:
    """Record a crime of Ada's from a report that says "Colour: dark blue"; return its number."""
    done = subprocess.run(
        [sys.executable, "-c", _RECORD],
        env=instance.env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
