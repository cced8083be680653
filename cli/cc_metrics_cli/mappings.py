"""cc-metrics mappings: what the columns of known exports mean."""

from typing import Annotated

import typer

from cc_metrics.errors import UsageError
from cc_metrics_cli import completion, inputs, say

app = typer.Typer(
    help="Show the mappings that are shipped: what a vendor's columns mean; begin one of your own.",
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
        typer.Argument(metavar="NAME", autocompletion=completion.mapping, help="A shipped mapping."),
    ],
) -> None:
    """Print a mapping's TOML, a start for one of your own."""
    from cc_metrics.store import mapping_file

    say.out(mapping_file.text(name))


@app.command("init", epilog="Example: cc-metrics mappings init january.csv > mine.toml")
def begun(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An export, or -: what its columns mean is guessed.")],
) -> None:
    """Print a mapping to start from, guessed from a file's columns and first rows; every line says why."""
    from cc_metrics.store import guess

    with inputs.sources([file], None) as paths:
        if len(paths) > 1:
            raise UsageError(f"{file} is {len(paths)} files", hint="a mapping is guessed from one of them")
        say.out(guess.mapping_text(paths[0]))
