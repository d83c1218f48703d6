"""The options that several commands share."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON, for programs.")]
Sports = Annotated[
    list[str] | None,
    typer.Option("--sport", metavar="KEY", help="A sport key, in place of SPORTS; may be given several times."),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print everything, nothing cut.")]
FOUND_SOMETHING = 3
"""The exit code of a check that found something wrong."""
