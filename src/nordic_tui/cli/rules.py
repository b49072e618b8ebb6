"""`nordic-tui rules`: what is done with the posts that a search finds, from the shell."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, UsageError, say
from nordic_tui.cli.sources import with_parts
from nordic_tui.cli.tables import Column, show_rows
from nordic_tui.cli.views import MINUS, make, warn

if TYPE_CHECKING:
    from nordic_tui.model import Rule, Tried
    from nordic_tui.service.subscriptions import Subscriptions
    from nordic_tui.wiring import Parts

_COLUMNS = (
    Column("Name", wide=True),
    Column("Does"),
    Column("Search", wide=True),
    Column("On"),
    Column("Posts", is_number=True),
    Column("Problem", wide=True),
)
_FOUND = (Column("Date"), Column("Title", wide=True))


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        help='as JSON: {"version": 1, "rules": [{"name": …, "search": …}]}',
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION")

    def action(name: str, words: str) -> ArgumentParser:
        description = f"{words[0].upper()}{words[1:]}; {MINUS}."
        made: ArgumentParser = actions.add_parser(
            name, prog=f"{parser.prog} {name}", help=words, description=description
        )
        return made

    trying = action("try", "see what a search finds, before there is a rule")
    trying.add_argument("search", metavar="SEARCH", help="as it is typed in the reader")
    trying.add_argument("--json", action="store_true", help="as JSON", dest="json_of_action")
    add = action("add", "add a rule and switch it on")
    add.add_argument("name", metavar="NAME", help="what it is called")
    add.add_argument("search", metavar="SEARCH", help="as it is typed in the reader")
    add.add_argument("--hide", action="store_true", help="its posts are shown nowhere")
    add.add_argument("--star", action="store_true", help="its posts are starred, once")
    add.add_argument("--tag", metavar="TAG", default="", help="its posts get this tag, once")
    add.add_argument("--off", action="store_true", help="do not switch it on")
    for name, words in (
        ("on", "switch a rule on"),
        ("off", "switch a rule off: what it hid is shown again"),
        ("remove", "remove a rule: what it hid is shown again"),
    ):
        description = f"{words[0].upper()}{words[1:]}."
        made = actions.add_parser(
            name, prog=f"{parser.prog} {name}", help=words, description=description
        )
        made.add_argument("name", metavar="NAME", help="what it is called")


def run(options: Namespace) -> int:
    match options.action:
        case "try":
            return with_parts(lambda parts, _: _try(parts, options))
        case "add":
            return with_parts(lambda parts, known: _add(parts, known, options))
        case "remove":
            from nordic_tui.service.rules import RULES, remove

            return with_parts(lambda _, known: make(known, remove(RULES, options.name)))
        case "on" | "off":
            return with_parts(lambda parts, known: _switch(parts, known, options))
    return with_parts(lambda parts, known: _show(parts, known, options))


# ── changes ─────────────────────────────────────────────────────────────────────────────────


def _add(parts: "Parts", known: "Subscriptions", options: Namespace) -> int:
    from nordic_tui.model import Rule
    from nordic_tui.service.rules import keep

    if not (options.hide or options.star or options.tag.strip()):
        raise UsageError("Say what the rule does: --hide, --star or --tag TAG.")
    rule = Rule(
        options.name, options.search, options.hide, options.star, options.tag, not options.off
    )
    _refuse(rule)
    warn(rule.search)
    if rule.on:
        _say_what_it_does(parts, rule)
    return make(known, keep(rule))


def _switch(parts: "Parts", known: "Subscriptions", options: Namespace) -> int:
    from nordic_tui.service.rules import RULES, find, keep

    rule = find(known.following, RULES, options.name)
    if rule is None:
        raise UsageError(f"There is no rule “{options.name}”.")
    wanted = rule._replace(on=options.action == "on")
    if wanted.on and not rule.on:
        _refuse(wanted)
        _say_what_it_does(parts, wanted)
    return make(known, keep(wanted, rule.name))


def _refuse(rule: "Rule") -> None:
    """Raises UsageError for a rule that would never be carried out."""
    from nordic_tui.service.rules import problem_of_rule

    problem = problem_of_rule(rule)
    if problem:
        raise UsageError(problem)


def _say_what_it_does(parts: "Parts", rule: "Rule") -> None:
    from nordic_tui.service.rules import would

    parts.store.index_all().result()
    (tried,) = parts.store.try_searches([rule.search]).result()
    say(would(rule, tried))


# ── looking ─────────────────────────────────────────────────────────────────────────────────


def _try(parts: "Parts", options: Namespace) -> int:
    from nordic_tui.service.words import count
    from nordic_tui.text import clean

    parts.store.index_all().result()
    (tried,) = parts.store.try_searches([options.search], 20).result()
    if tried.problem:
        say(tried.problem)
    found = count(tried.found, "post", "posts")
    say(f"It finds {found}, the newest:" if tried.newest else "It finds no posts.")
    rows = [
        (row.published.astimezone().date().isoformat() if row.published else "", row.title)
        for row in tried.newest
    ]
    show_rows(
        "posts",
        _FOUND,
        [(day, clean.line(title)) for day, title in rows],
        [{"date": day or None, "title": clean.line(title)} for day, title in rows]
        if options.json or options.json_of_action
        else None,
        more={"search": options.search, "found": tried.found, "problem": tried.problem},
    )
    return DONE


@dataclass(frozen=True, slots=True)
class _Row:
    rule: "Rule"
    tried: "Tried"

    def cells(self) -> Sequence[str]:
        from nordic_tui.service.rules import does
        from nordic_tui.text import clean

        rule = self.rule
        return (
            clean.line(rule.name),
            does(rule),
            clean.line(rule.search),
            "on" if rule.on else "off",
            str(self.tried.found),
            self.tried.problem,
        )

    def as_json(self) -> dict[str, object]:
        from nordic_tui.text import clean

        rule = self.rule
        return {
            "name": clean.line(rule.name),
            "search": clean.line(rule.search),
            "hide": rule.hide,
            "star": rule.star,
            "tag": clean.line(rule.tag),
            "on": rule.on,
            "found": self.tried.found,
            "problem": self.tried.problem,
        }


def _show(parts: "Parts", known: "Subscriptions", options: Namespace) -> int:
    rules = known.following.rules
    parts.store.index_all().result()
    tried = parts.store.try_searches([rule.search for rule in rules]).result()
    rows = [_Row(*each) for each in zip(rules, tried, strict=True)]
    show_rows(
        "rules",
        _COLUMNS,
        [row.cells() for row in rows],
        [row.as_json() for row in rows] if options.json else None,
        nothing="There is no rule. nordic-tui rules add NAME SEARCH --hide makes one.",
    )
    return DONE


COMMAND = Command(
    name="rules",
    summary="rules that hide, star or tag what a search finds",
    description=(
        "The rules, in their order: the name, what it does, its search, whether it is on, how many "
        "posts its search finds now, and what of it is not understood. A pipe or file gets these "
        "six columns, parted by tabs. A rule is about the posts that are there when it is switched "
        "on and about those that come in later. A name that is taken, or that no rule has, and a "
        "search that asks what was read (is:unread, is:read, is:changed, has:fulltext) are "
        "mistakes: exit status 2."
    ),
    examples=(
        ("nordic-tui rules", "a table"),
        ("nordic-tui rules try 'category:sports -title:budget'", "see what a search finds"),
        ("nordic-tui rules add 'No sports' category:sports --hide", "hide it, also what comes in"),
        ("nordic-tui rules add Budgets 'budget*' --star --tag money", "star and tag, once a post"),
        ("nordic-tui rules off 'No sports'", "show it again"),
    ),
    add_arguments=add_arguments,
    run=run,
)
