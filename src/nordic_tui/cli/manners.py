"""The options for how a source is asked, of `nordic-tui add` and `nordic-tui change`."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nordic_tui.cli.console import UsageError
from nordic_tui.config.paths import absolute

if TYPE_CHECKING:
    from nordic_tui.model import Login, Manner

USUAL = "usual"
"""What takes an option of a source away again."""

# ── what options take ───────────────────────────────────────────────────────────────────────


def value_of(key: str, number: Callable[[str], object] = str) -> Callable[[str], Any]:
    """What an option takes: the same as the key of the settings, in the program's own units."""

    def read(word: str) -> Any:
        from nordic_tui.config.following import SOURCE_KEYS
        from nordic_tui.config.reading import Mistake

        setting = SOURCE_KEYS[key].key
        try:
            return setting.read(number(word))
        except Mistake as mistake:
            raise ArgumentTypeError(str(mistake).rstrip(".")) from mistake
        except ValueError as error:
            raise ArgumentTypeError(f"it must be {setting.must_be}, not {word}") from error

    return read


def or_usual(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda word: USUAL if word == USUAL else read(word)


def _header(word: str) -> tuple[str, str]:
    """ "Name: value"; without a value it is taken away."""
    from nordic_tui.config.following import SOURCE_KEYS
    from nordic_tui.config.reading import Mistake

    name, colon, value = (part.strip() for part in word.partition(":"))
    try:
        if not colon:
            raise Mistake('it is written "Name: value".')
        SOURCE_KEYS["headers"].key.read({name: value or "-"})
    except ValueError as error:
        raise ArgumentTypeError(str(error).rstrip(".")) from error
    return name, value


def _program(word: str) -> tuple[str, ...]:
    import shlex

    try:
        words = tuple(shlex.split(word))
    except ValueError as error:
        raise ArgumentTypeError("its quotation marks do not match") from error
    if not words:
        raise ArgumentTypeError("it must be a program and its arguments")
    return words


def _file(word: str) -> str:
    """A whole path: the shell opens ~ only at the beginning of a word, not in --ca-file=~/FILE."""
    if not word.strip():
        raise ArgumentTypeError("it must be the path of a file")
    try:
        path = Path(word.strip()).expanduser()
    except RuntimeError as error:  # ~name of somebody who does not exist
        raise ArgumentTypeError("it names the home of somebody who is not here") from error
    return absolute(path)


_file_or_usual = or_usual(_file)


def add_manner_arguments(parser: ArgumentParser, *, takes_away: bool) -> None:
    """takes_away: whether the options also take away what was set before."""
    add = parser.add_argument
    usual = "; usual: {}" if takes_away else ""

    def value(key: str, number: Callable[[str], object] = str) -> Callable[[str], Any]:
        return or_usual(value_of(key, number)) if takes_away else value_of(key, number)

    add(
        "--max-megabytes",
        metavar="N",
        type=value("max_megabytes", float),
        help="how large it may be, from 1 to 500" + usual.format("as the others"),
    )
    add(
        "--user-agent",
        metavar="TEXT",
        type=value("user_agent"),
        help="what it is told that asks" + usual.format("this program"),
    )
    add(
        "--header",
        metavar='"NAME: VALUE"',
        action="append",
        type=_header,
        help="say this with each request; "
        + ("without a value: no more; " if takes_away else "")
        + "secrets are refused",
    )
    add(
        "--ca-file",
        metavar="FILE",
        type=_file_or_usual if takes_away else _file,
        help="certificates (PEM) that count for its own host besides the usual ones"
        + usual.format("no others"),
    )
    login = parser.add_argument_group(
        "login", "Where its password or token comes from; the settings never hold it itself."
    )
    login.add_argument("--login-user", metavar="NAME", help='the user; "": the secret is a token')
    secret = login.add_mutually_exclusive_group()
    secret.add_argument(
        "--login-command",
        metavar="COMMAND",
        type=_program,
        help='the first line that a program writes, such as "pass show news"; run without a shell',
    )
    secret.add_argument("--login-file", metavar="FILE", type=_file, help="the first line of a file")
    secret.add_argument("--login-variable", metavar="NAME", help="a variable of the environment")
    if takes_away:
        secret.add_argument("--no-login", action="store_true", help="ask it without")
    else:
        parser.set_defaults(no_login=False)


# ── what becomes of the manner ──────────────────────────────────────────────────────────────


def changed_manner(manner: "Manner", options: Namespace) -> "Manner":
    """The manner of a source as the options make it; raises UsageError."""
    if options.user_agent is not None:
        agent = "" if options.user_agent == USUAL else options.user_agent
        manner = manner._replace(user_agent=agent)
    if options.max_megabytes is not None:
        size = None if options.max_megabytes == USUAL else options.max_megabytes
        manner = manner._replace(max_bytes=size)
    if options.ca_file is not None:
        manner = manner._replace(ca_file="" if options.ca_file == USUAL else options.ca_file)
    for name, value in options.header or ():
        others = [header for header in manner.headers if header[0].lower() != name.lower()]
        manner = manner._replace(headers=(*others, (name, value)) if value else tuple(others))
    return manner._replace(login=_login(manner.login, options))


def _login(login: "Login | None", options: Namespace) -> "Login | None":
    from nordic_tui.model import Login

    if options.no_login:
        return None
    user = login.user if login else ""
    if options.login_user is not None:
        user = options.login_user.strip()
    if ":" in user:
        raise UsageError("The name of a user must not hold a colon.")
    if options.login_command:
        return Login(user, command=options.login_command)
    if options.login_file is not None:
        return Login(user, file=options.login_file)
    if options.login_variable is not None:
        if not options.login_variable.strip() or "=" in options.login_variable:
            raise UsageError("--login-variable must be the name of a variable of the environment.")
        return Login(user, variable=options.login_variable.strip())
    if options.login_user is None:
        return login
    if login is None:
        raise UsageError(
            "Where the password comes from is missing: "
            "--login-command, --login-file or --login-variable."
        )
    return login._replace(user=user)
