"""Which command it is, and how it ends: every exit status is decided here or handed through.

0 done, 1 failed, 2 used wrongly, 3 some sources failed, 10 something is new (check alone), 130
interrupted; 128 and the number of the signal that asked to end (SIGTERM 143, SIGHUP 129).
"""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType


def run(words: Sequence[str]) -> int:
    """Run the program on its arguments; returns the exit status and never raises."""
    from nordic_tui.cli import console

    console.prepare()
    if words == ["--version"]:
        return _run(words)
    from nordic_tui.cli import crash

    with crash.watched() as ended:
        status = _run(words)
        if ended:
            console.say(crash.report(ended[0]))
            status = console.FAILED
        return status


def _run(words: Sequence[str]) -> int:
    from nordic_tui.cli import console
    from nordic_tui.errors import NordicError

    try:
        with _ended_by_signals():
            status = _dispatch(words)
            console.flush()
        return status
    except KeyboardInterrupt:
        status = console.INTERRUPTED
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else console.DONE
    except BrokenPipeError:
        # Whoever read the output has what they wanted: `nordic-tui list | head -1`.
        console.discard_output()
        return console.DONE
    except console.UsageError as misuse:
        console.say(str(misuse))
        status = console.MISUSED
    except (NordicError, console.OutputError) as error:
        for line in str(error).splitlines():
            console.say(line)
        status = console.FAILED
    except Exception as error:  # noqa: BLE001  the last resort: a person is told, without a traceback
        from nordic_tui.cli import crash

        console.say(crash.want(error) or crash.report(error))
        status = console.FAILED
    with suppress(BrokenPipeError, console.OutputError):
        console.flush()
    console.discard_output()
    return status


def _dispatch(words: Sequence[str]) -> int:
    if words[:1] == ["--version"]:
        from nordic_tui.cli.console import show_version

        return show_version()
    if words[:1] != ["check"]:  # it does so itself, where it does more than look
        from nordic_tui.cli import crash

        crash.watch_log()
    if not words:
        from nordic_tui.cli.read import read

        return read(())
    from nordic_tui.cli.arguments import run_command

    return run_command(words)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """End in order, everything closed, when the system or a lost connection asks for it."""
    heard: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        # Who is in a hurry may ask again; the status is that of the first that asked.
        heard.append(number)
        sys.exit(128 + heard[0])

    before = {}
    for number in (signal.SIGTERM, signal.SIGHUP):
        # nohup: who ignores it wants to go on.
        if signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
