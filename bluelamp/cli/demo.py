"""`bluelamp demo load` loads the demonstration force; `bluelamp demo story` prints its
references as JSON.
"""

import json
import sys
from collections.abc import Sequence

from bluelamp.cli import prepare
from bluelamp.foundation.kernel.terminal.command_line import WRONG_INPUT, Parser


def main(argv: Sequence[str]) -> int:
    """Load or describe the demonstration. Returns 2 where it is not loaded."""
    parser = Parser(prog="bluelamp demo", description=__doc__)
    parser.add_argument("verb", choices=["load", "story"])
    options = parser.parse_args(argv)
    prepare(may_create=options.verb == "load")
    if options.verb == "load":
        from bluelamp.cli.first_start import set_up

        set_up(on_step=print)
        return 0
    from bluelamp.demo.story import describe_story

    story = describe_story()
    if story is None:
        print("The demonstration is not loaded. Run: bluelamp demo load", file=sys.stderr)
        return WRONG_INPUT
    print(json.dumps(story, indent=2))
    return 0
