"""`nordic-tui data`: the reading history, to see, to take along, and to erase."""

import sys
from argparse import ArgumentParser, Namespace

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, FAILED, UsageError, is_screen, say, write
from nordic_tui.cli.private import add_export, hand_out


def add_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser(
        "show",
        prog=f"{parser.prog} show",
        help="what is stored about your reading, where, and for how long",
        description="What is stored about your reading, where, and for how long.",
    )
    add_export(actions, parser.prog, "the reading history as JSON")
    erase = actions.add_parser(
        "erase",
        prog=f"{parser.prog} erase",
        help="withdraw: overwrite and remove the reading history",
        description=(
            "Overwrite and remove the reading history, and keep none from now on. An export that "
            "the reader made goes too; files that you had made elsewhere are yours and stay. On a "
            "terminal it asks first; the exit status is 1 if the answer is no."
        ),
    )
    erase.add_argument("--yes", action="store_true", help="do not ask; needed without a terminal")


def run(options: Namespace) -> int:
    if options.action == "show":
        return _show()
    if options.action == "export":
        return _export(options.file)
    return _erase(sure=options.yes)


def _show() -> int:
    from nordic_tui import wiring
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.service.words import consent_words, kept_words, stored_words
    from nordic_tui.text import clean

    paths = find_paths()
    retention_days = load(paths.settings_file).retention_days
    with wiring.open_stored(paths, retention_days=retention_days) as stored_parts:
        history, keeping, problems = stored_parts
        for problem in problems:
            say(problem)
        stored, kept = history.stored(), keeping.size()
    for line in (
        consent_words(stored),
        *stored_words(stored, stored.history_path, in_session=False),
        f"Your answer is kept in {paths.consent_file}."
        if paths.consent_file.exists()
        else f"No answer of yours is kept: {paths.consent_file} does not exist.",
        kept_words(kept, str(keeping.file), exists=keeping.file.exists()),
    ):
        write(clean.line(line, 10_000) + "\n")
    return DONE


def _export(file: str) -> int:
    import json

    from nordic_tui import wiring
    from nordic_tui.config.paths import find_paths

    # The settings are not read: a mistake in them keeps nobody from their own data.
    with wiring.open_stored(find_paths()) as (history, _, problems):
        for problem in problems:
            say(problem)
        text = json.dumps(history.export(), indent=2) + "\n"
    return hand_out([text], file, f"Exported to {file}.")


def _erase(*, sure: bool) -> int:
    from nordic_tui import wiring
    from nordic_tui.config.paths import find_paths
    from nordic_tui.service.words import kept_words, stored_words

    asks = is_screen(sys.stdin) and is_screen(sys.stderr)
    if not sure and not asks:
        raise UsageError("Without a terminal to ask on, nordic-tui data erase needs --yes.")
    with wiring.open_stored(find_paths()) as (history, keeping, problems):
        for problem in problems:
            say(problem)
        stored = history.stored()
        if not stored.history_exists and not history.kept:
            say("There is no reading history to erase.")
            return DONE
        if not sure:
            say(stored_words(stored, stored.history_path, in_session=False)[0])
            say(kept_words(keeping.size(), str(keeping.file), exists=keeping.file.exists()))
            if not _agreed("Erase it, and keep no history from now on? [y/N] "):
                say("Nothing was erased.")
                return FAILED
        try:
            history.erase()
        except OSError as error:
            say(f"Your answer could not be kept: {error.strerror}.")
            return FAILED
    say("The reading history is erased, and nothing more is kept.")
    return DONE


def _agreed(question: str) -> bool:
    sys.stderr.write(f"nordic-tui: {question}")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


COMMAND = Command(
    name="data",
    summary="your reading history: show, export, erase",
    description=(
        "The reading history: what is stored about your reading on this machine, to see, to take "
        "along as JSON, and to erase. Nothing is stored before you agreed. Stars and tags are none "
        "of it: nordic-tui library takes them along."
    ),
    examples=(
        ("nordic-tui data show", "what is stored, where, for how long"),
        ("nordic-tui data export history.json", "into a file that only you may read"),
        ("nordic-tui data erase", "withdraw and erase"),
    ),
    add_arguments=add_arguments,
    run=run,
)
