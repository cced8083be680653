"""cc-metrics policy: the policies that are shipped, a template for one's own, and what is wrong with one."""

from pathlib import Path
from typing import Annotated

import typer

from cc_metrics.errors import PolicyError, UsageError
from cc_metrics_cli import completion, options, say
from cc_metrics_cli.codes import ExitCode

app = typer.Typer(
    help="Show, start and check policies: what was promised.",
    epilog="Example: cc-metrics policy init my.toml, then cc-metrics policy validate my.toml",
    no_args_is_help=True,
)

Name = Annotated[
    str,
    typer.Argument(metavar="PRESET|FILE", autocompletion=completion.policy, help="A preset or a .toml file."),
]
Own = Annotated[str, typer.Argument(metavar="FILE", autocompletion=completion.policy, help="A .toml file.")]


@app.command("list", epilog="Example: cc-metrics policy list")
def listed() -> None:
    """List the policies that are shipped."""
    from cc_metrics.policy import load, presets

    say.pairs([(name, load(name).about) for name in presets()])


@app.command("show", epilog="Example: cc-metrics policy show liaoning-unicom-2013")
def shown(name: Name) -> None:
    """Print a policy's TOML."""
    from cc_metrics.policy import preset_text

    say.out(_written(name) if name.casefold().endswith(".toml") else preset_text(name))


@app.command("init", epilog="Example: cc-metrics policy init my.toml")
def start(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write it; without it to stdout.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write a policy to start from, with every key explained."""
    from cc_metrics.policy import template
    from cc_metrics.store import output

    if file is None:
        say.out(template())
        return
    if file.suffix.casefold() != ".toml":
        raise UsageError("a policy's file ends in .toml", where=str(file), hint=f"write {file.with_suffix('.toml')}")
    if file.exists() and not force:
        raise UsageError("it is there already", where=str(file), hint="--force writes over it")
    output.write_text(file, template())
    say.note(f"wrote {file}")


@app.command("validate", epilog="Example: cc-metrics policy validate my.toml")
def validate(name: Own, _debug: options.Debug = False) -> None:
    """Tell everything that is wrong with a policy."""
    from cc_metrics.policy import load, problems

    found = problems(name)
    for problem in found:
        say.note(str(problem))
    if found:
        raise typer.Exit(ExitCode.USAGE)
    policy = load(name)
    say.out(f"valid: {say.visible(policy.name)}, {say.several(len(policy.promises), 'promise')}\n")


def _written(path: str) -> str:
    try:
        return Path(path).read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyError("the file is not UTF-8", where=path, hint="save it as UTF-8") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PolicyError(f"the policy cannot be read: {reason}", where=path, hint="check the path") from None
