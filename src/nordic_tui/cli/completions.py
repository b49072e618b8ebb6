"""`nordic-tui completions`: what a shell must know to complete commands, options and their values.

The scripts are made from what `--help` is made of. Sources and categories are asked for as they are
needed, of the settings and the posts that are kept; nothing is asked on the network.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator

from nordic_tui.cli import grammar
from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, UsageError, write
from nordic_tui.cli.grammar import Kind, Operand, Option, Verb

_WORDS = "nordic-tui completions --words"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "shell", choices=("bash", "zsh", "fish"), nargs="?", help="the shell whose script is wanted"
    )
    parser.add_argument(
        "--words",
        choices=(Kind.SOURCE.value, Kind.CATEGORY.value),
        help="print the names that there are, for the script to choose from",
    )


def run(options: Namespace) -> int:
    if options.words:
        write("".join(f"{word}\n" for word in _words(options.words)))
    elif options.shell:
        write({"bash": bash, "zsh": zsh, "fish": fish}[options.shell]())
    else:
        raise UsageError("nordic-tui completions needs a shell: bash, zsh or fish.")
    return DONE


def _words(kind: str) -> Iterable[str]:
    """Names of one kind; none where they can't be read just now: no shell wants to hear why."""
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.errors import SettingsError
    from nordic_tui.store.category_names import category_names
    from nordic_tui.text import clean

    paths = find_paths()
    if kind == Kind.CATEGORY:
        names = category_names(paths.cache_file)
    else:
        try:
            # An address may have a login in it, which is nobody's to see.
            names = [source.name for source in load(paths.settings_file).sources]
        except SettingsError:
            names = []
    return filter(None, map(clean.line, names))


def _places() -> list[Verb]:
    """Every place where something can be typed: the reader, each command, each action."""
    return [each for verb in grammar.verbs() for each in grammar.with_actions(verb)]


# ── bash ────────────────────────────────────────────────────────────────────────────────────


def bash() -> str:
    """For bash 4 and newer, with and without the package bash-completion."""
    places = [grammar.reader(), *_places()]
    commands = [verb.words[0] for verb in grammar.verbs()]
    steps = [*([f" {name}", name] for name in commands)]
    steps += [
        [f"{' '.join(place.words)} {action.words[-1]}", " ".join(action.words)]
        for place in _places()
        for action in place.actions
    ]
    lines = [
        "# bash completion for nordic-tui; made by: nordic-tui completions bash",
        "_nordic_tui() {",
        "    local place='' want='' offered='' of='' word i cur=${COMP_WORDS[COMP_CWORD]}",
        "    for ((i = 1; i < COMP_CWORD; i++)); do",
        "        word=${COMP_WORDS[i]}",
        "        if [[ $want && $word == = ]]; then",
        "            continue",
        "        elif [[ $want ]]; then",
        "            want=''",
        "            continue",
        "        fi",
        '        case "$place $word" in',
        *(f"        {_single(key)}) place={_single(place)} ;;" for key, place in steps),
        "        *) _nordic_tui_value ;;",
        "        esac",
        "    done",
        "    [[ $want && $cur == = ]] && cur=''",
        "    if [[ $want ]]; then",
        "        _nordic_tui_offer $want",
        "        return",
        "    fi",
        '    case "$place" in',
    ]
    for place in places:
        words = " ".join(name for option in place.options for name in option.names)
        more = commands if not place.words else [action.words[-1] for action in place.actions]
        operands = [_bash_kind(operand) for operand in place.operands]
        lines.append(
            f"    {_single(' '.join(place.words))}) offered={_single(words)} "
            f"of={_single(' '.join([*(f'={word}' for word in more), *dict.fromkeys(operands)]))} ;;"
        )
    lines += [
        "    esac",
        "    if [[ $cur == -* ]]; then",
        '        COMPREPLY=($(compgen -W "$offered" -- "$cur"))',
        "    else",
        "        COMPREPLY=()",
        "        _nordic_tui_offer $of",
        "    fi",
        "}",
        "# Sets $want to what kind of word must follow the option $word.",
        "_nordic_tui_value() {",
        '    case "$place $word" in',
    ]
    for place in places:
        for option in place.options:
            if option.kind is not Kind.NONE:
                keys = "|".join(_single(f"{' '.join(place.words)} {n}") for n in option.names)
                lines.append(f"    {keys}) want={_single(_bash_kind(option))} ;;")
    lines += [
        "    esac",
        "}",
        "# Offers words of the given kinds: =WORD is that word itself.",
        "_nordic_tui_offer() {",
        "    local kind name bare=${cur//\\\\/} IFS=$' \\t\\n'",
        "    bare=${bare#[\\'\\\"]}",
        "    for kind; do",
        "        case $kind in",
        '        =*) [[ ${kind#=} == "$cur"* ]] && COMPREPLY+=("${kind#=}") ;;',
        "        file)",
        "            compopt -o filenames 2> /dev/null",
        "            while IFS= read -r name; do",
        '                COMPREPLY+=("$name")',
        '            done < <(compgen -f -- "$bare")',
        "            ;;",
        "        sources | categories)",
        "            while IFS= read -r name; do",
        "                # A colon parts words here, and what is before it would be doubled.",
        '                [[ $name == "$bare"* && $name != *:* ]] || continue',
        '                [[ $cur == [\\\'\\"]* ]] || printf -v name %q "$name"',
        '                COMPREPLY+=("$name")',
        f"            done < <({_WORDS} $kind 2> /dev/null)",
        "            ;;",
        "        esac",
        "    done",
        "}",
        "complete -F _nordic_tui nordic-tui",
    ]
    return "\n".join(lines) + "\n"


def _bash_kind(word: Option | Operand) -> str:
    if word.choices:
        return " ".join(f"={choice}" for choice in word.choices)
    return word.kind.value


def _single(words: str) -> str:
    """Words as every shell of these takes them literally, but fish for a backslash."""
    return "'" + words.replace("'", "'\\''") + "'"


# ── zsh ─────────────────────────────────────────────────────────────────────────────────────


def zsh() -> str:
    verbs = grammar.verbs()
    lines = [
        "#compdef nordic-tui",
        "# zsh completion for nordic-tui; made by: nordic-tui completions zsh",
        "",
        *_zsh_place(grammar.reader(), verbs, rest="_files"),
    ]
    for place in _places():
        lines += _zsh_place(place, place.actions)
    lines += [
        "_nordic-tui_names() {",
        "  local -a names",
        f'  names=("${{(@f)$({_WORDS} $1 2> /dev/null)}}")',
        '  names=("${(@)names:#}")',
        "  compadd -a names",
        "}",
        "",
        'if [ "$funcstack[1]" = "_nordic-tui" ]; then',
        '  _nordic-tui "$@"',
        "else",
        "  compdef _nordic-tui nordic-tui",
        "fi",
    ]
    return "\n".join(lines) + "\n"


def _zsh_name(verb: Verb) -> str:
    return "_".join(("_nordic-tui", *verb.words))


def _zsh_place(place: Verb, actions: Iterable[Verb], rest: str = "") -> Iterator[str]:
    """The function that completes at one place."""
    actions = tuple(actions)
    yield f"{_zsh_name(place)}() {{"
    if actions:
        yield "  local curcontext=$curcontext state state_descr line ret=1"
        yield "  typeset -A opt_args"
    yield f"  _arguments {'-C ' if actions else ''}\\"
    for option in place.options:
        yield f"    {_single(_zsh_option(option))} \\"
    if not actions:
        for operand in place.operands:
            star = "*" if operand.repeats else ""
            yield f"    {_single(f'{star}:{_zsh_text(operand.metavar)}:{_zsh_kind(operand)}')} \\"
        yield "    && return 0"
        yield "  return 1"
    else:
        yield "    '1: :->action' '*:: :->rest' && ret=0"
        yield "  case $state in"
        yield "  action)"
        yield "    local -a actions=("
        yield from (f"      {_single(_zsh_pair(each))}" for each in actions)
        yield "    )"
        yield "    _describe -t commands command actions && ret=0"
        if rest:
            yield f"    {rest} && ret=0"
        yield "    ;;"
        yield "  rest)"
        yield "    case $words[1] in"
        yield from (f"    {each.words[-1]}) {_zsh_name(each)} && ret=0 ;;" for each in actions)
        if rest:
            yield f"    *) {rest} && ret=0 ;;"
        yield "    esac"
        yield "    ;;"
        yield "  esac"
        yield "  return ret"
    yield "}"
    yield ""


def _zsh_pair(verb: Verb) -> str:
    return f"{verb.words[-1]}:{verb.summary}"


def _zsh_option(option: Option) -> str:
    star = "*" if option.repeats else f"({' '.join(option.names)})"
    value = f":{_zsh_text(option.metavar)}:{_zsh_kind(option)}" if option.metavar else ""
    # The shell's own braces stand outside of quotes; without them one option has one line.
    return f"{star}{option.names[-1]}[{_zsh_text(option.help)}]{value}"


def _zsh_kind(word: Option | Operand) -> str:
    if word.choices:
        return f"({' '.join(word.choices)})"
    names = (Kind.SOURCE, Kind.CATEGORY)
    if word.kind in names:
        return f"{{_nordic-tui_names {word.kind.value}}}"
    # The usual blank prints what is wanted, and keeps an option from being put in for that.
    return "_files" if word.kind is Kind.FILE else "{:}"


def _zsh_text(words: str) -> str:
    for sign in "\\[]:":
        words = words.replace(sign, f"\\{sign}")
    return words


# ── fish ────────────────────────────────────────────────────────────────────────────────────


def fish() -> str:
    verbs = grammar.verbs()
    inner = [place for place in _places() if place.actions]
    lines = [
        "# fish completion for nordic-tui; made by: nordic-tui completions fish",
        "function __nordic_tui_place --description 'the command that is being typed'",
        "    set -l words (commandline -opc)",
        "    set -e words[1]",
        "    set -q words[1]; or return",
        f"    contains -- $words[1] {' '.join(verb.words[0] for verb in verbs)}; or return",
        "    switch $words[1]",
    ]
    for place in inner:
        names = " ".join(action.words[-1] for action in place.actions)
        lines += [
            f"        case {place.words[0]}",
            "            for word in $words[2..-1]",
            f"                if contains -- $word {names}",
            "                    echo $words[1] $word",
            "                    return",
            "                end",
            "            end",
        ]
    lines += [
        "    end",
        "    echo $words[1]",
        "end",
        "function __nordic_tui_at",
        "    set -l place (__nordic_tui_place)",
        '    test "$place" = "$argv"',
        "end",
        "complete -c nordic-tui -f",
    ]
    for verb in verbs:
        lines.append(
            "complete -c nordic-tui -n '__nordic_tui_at' "
            f"-a {_fish(verb.words[0])} -d {_fish(verb.summary)}"
        )
    for place in [grammar.reader(), *_places()]:
        head = f"complete -c nordic-tui -n {_fish(f'__nordic_tui_at {chr(32).join(place.words)}')}"
        for action in place.actions:
            lines.append(f"{head} -a {_fish(action.words[-1])} -d {_fish(action.summary)}")
        for option in place.options:
            lines.append(f"{head} {_fish_option(option)}")
        for kind in dict.fromkeys(_fish_kind(operand) for operand in place.operands):
            if kind:
                lines.append(f"{head} {kind}")
    return "\n".join(lines) + "\n"


def _fish_option(option: Option) -> str:
    names = [
        f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
    ]
    value = ["-x", _fish_kind(option)] if option.metavar else []
    if option.kind is Kind.FILE:
        value = ["-r", "-F"]
    return " ".join(filter(None, [*names, *value, "-d", _fish(option.help)]))


def _fish_kind(word: Option | Operand) -> str:
    if word.choices:
        return f"-a {_fish(' '.join(word.choices))}"
    if word.kind in (Kind.SOURCE, Kind.CATEGORY):
        return f"-a {_fish(f'({_WORDS} {word.kind.value} 2> /dev/null)')}"
    return "-F" if word.kind is Kind.FILE else ""


def _fish(words: str) -> str:
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"


COMMAND = Command(
    name="completions",
    summary="print what a shell needs to complete commands, options, sources and categories",
    description=(
        "A script for bash, zsh or fish. With it the Tab key completes commands, their actions and "
        "options, files, and the names of sources and categories, which are those that the "
        "settings follow and that kept posts have."
    ),
    examples=(
        (
            "nordic-tui completions bash > ~/.local/share/bash-completion/completions/nordic-tui",
            "bash",
        ),
        ("nordic-tui completions zsh > ~/.zfunc/_nordic-tui", "zsh, with ~/.zfunc in fpath"),
        ("nordic-tui completions fish > ~/.config/fish/completions/nordic-tui.fish", "fish"),
    ),
    add_arguments=add_arguments,
    run=run,
)
