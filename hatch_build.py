"""What a wheel contains beside the package: the scenarios of the documentation, for `callstate judge --scenarios`.

One rule: an editable install has no copy; there the scenarios are found where they are written.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScenarioHook(BuildHookInterface):
    """Adds the scenarios to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files for a wheel that is installed as it is."""
        if version == "standard":
            for path in Path(self.root, "docs", "scenarios").glob("*.json"):
                build_data["force_include"][str(path)] = f"callstate/scenarios/{path.name}"
