"""`nordic-tui refresh`: asks sources that are followed, now."""

import sys
from argparse import ArgumentParser, Namespace

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, is_screen, say

PATIENCE_S = 0.2


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="*",
        help="only these, by name or address as with nordic-tui remove; none: all",
    )


def run(options: Namespace) -> int:
    from shlex import quote

    from nordic_tui import wiring
    from nordic_tui.cli.archive import go_on
    from nordic_tui.cli.full_texts import go_on_with_full_texts
    from nordic_tui.cli.progress import ask
    from nordic_tui.cli.sources import find
    from nordic_tui.clock import system_clock
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.service import decide
    from nordic_tui.service.refresh import GAVE_UP
    from nordic_tui.service.words import count, left_alone_words

    paths = find_paths()
    settings = load(paths.settings_file)
    with wiring.open_parts(settings, paths) as parts:
        for problem in parts.problems:
            say(problem)
        states = parts.store.states()
        by_name = bool(options.sources)
        if by_name:
            assert parts.subscriptions is not None  # the settings are followed
            named = {find(parts.subscriptions, words).address for words in options.sources}
            states = [state for state in states if state.address in named]
        now = system_clock()
        wanted = decide.due(states, now, asked_for=True, by_name=by_name)
        for state in states:
            if state.paused and by_name:
                name = quote(state.title)
                say(f"{state.title} is paused; nordic-tui change {name} --resume lets it go on.")
            elif state.stopped and not by_name:
                say(
                    f"{state.title} is not asked any more: it {state.error}. "
                    f"nordic-tui refresh {quote(state.title)} asks it once more."
                )
        if alone := decide.left_alone(states, now):
            say(left_alone_words(alone, now))
        if not wanted:
            if not states:
                say(f"No source is followed. {paths.settings_file} names them.")
            return DONE
        # A job of cron's that went well says its summary and no more.
        delay_s = PATIENCE_S if is_screen(sys.stderr) else None
        outcome = ask(parts.refresher, wanted, label="Asking", delay_s=delay_s)
        if outcome.finished.gave_up:
            say(GAVE_UP)
            return outcome.status
        go_on(parts)
        go_on_with_full_texts(parts)
        if settings.rules:
            parts.store.index_all().result()  # rules are asked about what is in the index
    for failure in outcome.failures:
        say(f"{failure.title} {failure.reason}.")
    for warning in outcome.warnings:
        say(warning)
    finished = outcome.finished
    new = count(finished.new, "new post", "new posts")
    failed = f", {finished.failed:,} failed" if finished.failed else ""
    others = ""
    if finished.by_others:
        those = count(finished.by_others, "source", "sources")
        others = f"; another instance has just asked {those}"
    say(f"{new}; asked {count(finished.asked, 'source', 'sources')}{failed}{others}.")
    return outcome.status


COMMAND = Command(
    name="refresh",
    summary="ask all sources for new posts, now",
    description=(
        "Ask every source that is followed, or those that are named, whether they are due or not, "
        "but for those that are paused or asked to be left alone. One that has stopped "
        "since it was gone for good (410) is asked once more if it is named. Archives that are "
        "kept and not complete are gone on with, and the pages of new posts are fetched where a "
        "source wants their full text. What failed is said on "
        "stderr, a line a source, then a summary. The exit status is 3 if some sources failed "
        "and 1 if all did. One refresh goes on at a time: while another instance is at it this one "
        "waits, for two minutes at most, and asks what that one has not; the exit status is 1 if "
        "it came to no end."
    ),
    examples=(
        ("nordic-tui refresh", "with a progress bar on a terminal"),
        ('nordic-tui refresh "Nordic Safe Cities"', "only this one, also if it has stopped"),
        ("0 7 * * * nordic-tui refresh", "a line for cron: every morning at seven"),
    ),
    add_arguments=add_arguments,
    run=run,
)
