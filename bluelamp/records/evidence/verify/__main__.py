"""`python -m bluelamp.records.evidence.verify PATH`, which is `bluelamp evidence verify PATH`."""

import sys

from bluelamp.records.evidence.verify.command import main

sys.exit(main(sys.argv[1:]))
