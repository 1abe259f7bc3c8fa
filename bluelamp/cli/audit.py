"""`bluelamp audit verify`: checks the audit log's structure, checkpoints and signatures."""

import argparse
from collections.abc import Sequence

from bluelamp.cli import prepare
from bluelamp.cli.checks import report


def main(argv: Sequence[str]) -> int:
    """Check the record. Returns 0 only if all passed."""
    parser = argparse.ArgumentParser(prog="bluelamp audit", description=__doc__)
    parser.add_argument("verb", choices=["verify"])
    parser.parse_args(argv)
    prepare()
    from bluelamp.foundation.audit.commands import seal_audit
    from bluelamp.foundation.audit.queries import verify

    seal_audit()
    return report(verify())
