"""`python -m callstate` is the command `callstate`."""

import sys

from callstate.cli import main

sys.exit(main())
