"""`python -m callstate` is the command `callstate`."""

import sys

from callstate.cli import main

if __name__ == "__main__":
    sys.exit(main())
