"""`bluelamp demo load` loads the demonstration force; `bluelamp demo story` prints its
references as JSON.
"""

import json
import os
import sys
from collections.abc import Sequence

from bluelamp.cli import prepare, var_folder
from bluelamp.cli.mode import use_settings_of_instance
from bluelamp.environment import read_flag
from bluelamp.foundation.kernel.terminal.command_line import WRONG_INPUT, Parser


def main(argv: Sequence[str]) -> int:
    """Load or describe the demonstration. Returns 2 where it is not loaded."""
    parser = Parser(prog="bluelamp demo", description=__doc__)
    parser.add_argument("verb", choices=["load", "story"])
    options = parser.parse_args(argv)
    if options.verb == "load":
        return _load()
    prepare()
    from bluelamp.demo.story import describe_story

    story = describe_story()
    if story is None:
        print("The demonstration is not loaded. Run: bluelamp demo load", file=sys.stderr)
        return WRONG_INPUT
    print(json.dumps(story, indent=2))
    return 0


def _load() -> int:
    """Load the demonstration, into a database of its own."""
    use_settings_of_instance(var_folder())
    if not read_flag("BLUELAMP_DEMO", True):
        print(
            "The demonstration is not loaded where BLUELAMP_DEMO is 0: set BLUELAMP_VAR to a new"
            " folder.",
            file=sys.stderr,
        )
        return WRONG_INPUT
    os.environ["BLUELAMP_DEMO"] = "1"
    prepare(may_create=True)
    from bluelamp.cli.first_start import set_up

    set_up(on_step=print)
    return 0
