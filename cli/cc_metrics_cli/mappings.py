"""cc-metrics mappings: what the columns of known exports mean."""

from typing import Annotated

import typer

from cc_metrics_cli import options, say

app = typer.Typer(
    help="Show the mappings that are shipped: what a vendor's columns mean.",
    epilog="Example: cc-metrics mappings show anonymous-bank > mine.toml",
    no_args_is_help=True,
)


@app.command("list", epilog="Example: cc-metrics mappings list")
def listed() -> None:
    """List the mappings that are shipped."""
    from cc_metrics.store import mapping_file

    say.pairs([(name, mapping_file.load(name).about) for name in mapping_file.names()])


@app.command("show", epilog="Example: cc-metrics mappings show anonymous-bank > mine.toml")
def shown(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", autocompletion=options.complete_mapping, help="A shipped mapping."),
    ],
) -> None:
    """Print a mapping's TOML, a start for one of your own."""
    from cc_metrics.store import mapping_file

    say.out(mapping_file.text(name))
