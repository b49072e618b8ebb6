"""`nordic-tui serve`: the reader in a web browser, by textual-serve (extra `web`)."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from importlib.util import find_spec

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, UsageError, say

PORT = 8000


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--host",
        metavar="NAME",
        default="127.0.0.1",
        help="the address of this machine that it answers at; else only programs on it reach it",
    )
    parser.add_argument(
        "--port", metavar="N", type=_port, default=PORT, help=f"the port, {PORT} as usual; 0: any"
    )
    parser.add_argument(
        "--own",
        action="store_true",
        help="your own reader in place of the demo, for who has the address that is printed",
    )


def _port(words: str) -> int:
    if not (words.isascii() and words.isdigit() and int(words) < 65_536):
        raise ArgumentTypeError(f"a port is a number from 0 to 65535, not {words}")
    return int(words)


def run(options: Namespace) -> int:
    if not all(map(find_spec, ("textual_serve", "aiohttp"))):
        raise UsageError("nordic-tui serve needs the extra web: pip install 'nordic-tui[web]'.")
    from nordic_tui.cli import web

    if not web.is_loopback(options.host):
        say(
            f"Whoever reaches {options.host} on the network can open this, and can read along: "
            "it is not encrypted."
        )
        if options.own:
            say("That is your own reader: what is followed and kept can be seen and changed.")
    web.serve(options.host, options.port, own=options.own)
    return DONE


COMMAND = Command(
    name="serve",
    summary="show the reader in a web browser: the demo, or --own",
    description=(
        "Serve the reader to web browsers on this machine until Ctrl+C. It is the demo, which "
        "keeps nothing and starts no program. With --own it is your own reader, at an address "
        "that holds a key and changes each time. The page asks no other host for anything. It "
        "takes the extra web."
    ),
    examples=(
        ("nordic-tui serve", "the demo at http://127.0.0.1:8000/"),
        ("nordic-tui serve --own --port 0", "your own reader, at any free port"),
    ),
    add_arguments=add_arguments,
    run=run,
)
