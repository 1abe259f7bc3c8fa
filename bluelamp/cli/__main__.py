"""`python -m bluelamp.cli VERB …`: the same program without its installed name."""

import sys

from bluelamp.cli import main

if __name__ == "__main__":
    sys.exit(main())
