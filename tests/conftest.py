"""How hypothesis runs: briefly by default, at length with CALLSTATE_LONG=1."""

import os

from hypothesis import settings

# No deadline: a slow machine is no bug. The blob makes a failure of another machine repeatable here.
settings.register_profile("default", deadline=None, print_blob=True)
settings.register_profile("long", parent=settings.get_profile("default"), max_examples=5000)
settings.load_profile("long" if os.environ.get("CALLSTATE_LONG") == "1" else "default")
