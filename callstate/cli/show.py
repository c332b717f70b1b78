"""The commands `callstate table` and `callstate diagram`: what the model knows, for people.

One rule: each prints what another module has written.
"""

import argparse

from callstate.cli.terminal import PASSED, Commands, write
from callstate.drawing import table_as_markdown, table_as_text


def add(commands: Commands) -> None:
    """Add the commands to those of a parser."""
    table = commands.add_parser(
        "table",
        help="show which input leads from which state where",
        description="Show which input leads from which state to which, in 80 columns with short names of the states.",
    )
    form = table.add_mutually_exclusive_group()
    form.add_argument("--wide", action="store_true", help="with the whole names of the states, in 110 columns")
    form.add_argument("--markdown", action="store_true", help="as a Markdown table")
    table.set_defaults(run=_table)
    diagram = commands.add_parser("diagram", help="draw the states of a view, in Mermaid")
    diagram.set_defaults(run=_diagram)


def _table(arguments: argparse.Namespace) -> int:
    write(table_as_markdown() if arguments.markdown else table_as_text(wide=arguments.wide))
    return PASSED


def _diagram(_arguments: argparse.Namespace) -> int:
    from callstate.lifecycle import diagram  # noqa: PLC0415  # only this command pays for importing transitions

    write(diagram())
    return PASSED
