"""Forks, kills, looks, counts.

This process opens no database and starts no thread: what is forked from it is as a program that
has just been started, but with all imports done.
"""

import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from nordic_tui.config.paths import Paths
from nordic_tui.store.schema import CACHE

from . import looking, tracing, world
from .scenario import Scenario
from .scenarios import SCENARIOS

_SLOWEST_S = 60.0
_ROOM = 1.05
"""Some kills come after the end, where all must be there as well."""


class Kill(NamedTuple):
    """One moment: before the n-th step, or after so many seconds."""

    step: int | None
    delay_s: float

    def __str__(self) -> str:
        return f"step {self.step}" if self.step is not None else f"{self.delay_s * 1000:.1f} ms"


class Whole(NamedTuple):
    """What a run takes that nobody kills."""

    steps: int
    seconds: float


class Failure(NamedTuple):
    scenario: str
    seed: int
    """Of this kill: `--seed` of a run with one kill and `--only` this scenario."""
    kill: Kill
    told: str
    problems: tuple[str, ...]


class Result(NamedTuple):
    """What came of the kills of one scenario."""

    name: str
    whole: Whole
    kills: int
    at_steps: int
    too_late: int
    """The work was over before."""
    failures: tuple[Failure, ...]


def run(kills: int | None, seed: int, only: Sequence[str] = ()) -> list[Result]:
    """So many kills, over the scenarios by turns; None: one at every step of each."""
    chosen = [each for each in SCENARIOS if not only or each.name in only]
    traces = tracing.can_trace()
    with tempfile.TemporaryDirectory(prefix="nordic-kills-", dir=_memory()) as folder:
        benches = [_Bench(each, Path(folder), traces=traces) for each in chosen]
        if kills is None:
            for bench in benches:
                bench.kill_at_every_step()
        for number in range(kills or 0):
            benches[number % len(benches)].kill(seed + number // len(benches))
        return [bench.result() for bench in benches]


def _memory() -> str | None:
    """Where files cost no wait for a disk: a kill leaves the same in them. None: the usual."""
    shared = "/dev/shm"  # noqa: S108  a directory of its own is made there, by `tempfile`
    return shared if os.access(shared, os.W_OK) else None


class _Bench:
    """One scenario, with its template."""

    def __init__(self, scenario: Scenario, folder: Path, *, traces: bool) -> None:
        self._scenario = scenario
        name = scenario.name.replace(" ", "-").replace(",", "")
        self._template = folder / f"{name}-template"
        self._home = folder / name
        self._looked_at = folder / f"{name}-copy"
        self._traces = traces
        self._kills = self._at_steps = self._too_late = 0
        self._failures: list[Failure] = []
        problems = _checked(lambda: self._prepare())
        if problems:
            raise RuntimeError(f"{scenario.name} could not be prepared: {problems}")
        self.whole = self._run_whole()

    def _prepare(self) -> list[str]:
        self._scenario.prepare(world.enter(self._template))
        return []

    def _copy(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.copytree(self._template, self._home)

    def _run_whole(self) -> Whole:
        """Without a kill: how long it takes, and that nothing is wrong by itself."""
        steps = 0
        if self._traces:
            self._copy()
            steps, told = self._run(Kill(0, 0.0))
        self._copy()
        begin = time.monotonic()
        _, told = self._run(Kill(None, _SLOWEST_S))
        seconds = time.monotonic() - begin
        problems = _checked(lambda: self._look(told)) or _checked(lambda: self._start(told))
        if problems:
            words = f"{self._scenario.name} is wrong without a kill: {problems}, told {told}"
            raise RuntimeError(words)
        return Whole(steps, seconds)

    def kill(self, seed: int) -> None:
        chance = random.Random(f"{self._scenario.name} {seed}")  # noqa: S311  no secret
        # By turns: what a clock hits is where time goes, and steps are where files change.
        if self._traces and seed % 3:
            kill = Kill(chance.randint(1, self.whole.steps), 0.0)
        else:
            kill = Kill(None, chance.uniform(0.0, self.whole.seconds * _ROOM))
        self._kill(kill, seed)

    def kill_at_every_step(self) -> None:
        for step in range(1, self.whole.steps + 1):
            self._kill(Kill(step, 0.0), 0)

    def _kill(self, kill: Kill, seed: int) -> None:
        self._copy()
        killed, told = self._run(kill)
        self._kills += 1
        self._at_steps += kill.step is not None
        self._too_late += not killed
        problems = _checked(lambda: self._look(told)) + _checked(lambda: self._start(told))
        if problems:
            what = self._scenario.name
            self._failures.append(Failure(what, seed, kill, "; ".join(told[-2:]), tuple(problems)))

    def result(self) -> Result:
        return Result(
            self._scenario.name,
            self.whole,
            self._kills,
            self._at_steps,
            self._too_late,
            tuple(self._failures),
        )

    # ── one kill ────────────────────────────────────────────────────────────────────────────

    def _run(self, kill: Kill) -> tuple[int, list[str]]:
        """Do the work, and kill it; gives whether it was killed (without a kill at a step: how
        many steps it made) and what it told."""
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            _live(lambda: self._work(write, traced=kill.step is not None))
        os.close(write)
        if kill.step is not None:
            steps = tracing.run(pid, kill.step or None)
            killed = steps if kill.step == 0 else int(steps == kill.step)
        else:
            killed = _wait_or_kill(pid, kill.delay_s)
        with os.fdopen(read) as pipe:
            return killed, pipe.read().splitlines()

    def _work(self, pipe: int, *, traced: bool) -> None:
        paths = world.enter(self._home)
        if traced:
            tracing.be_traced()
        self._scenario.do(paths, lambda line: _tell(pipe, line))

    def _look(self, told: Sequence[str]) -> list[str]:
        # Whoever opens a database recovers it. So a copy is looked at, and the program is left to
        # find the files as they were left.
        shutil.rmtree(self._looked_at, ignore_errors=True)
        shutil.copytree(self._home, self._looked_at)
        paths = world.enter(self._looked_at)
        problems = self._scenario.found(paths, told)
        wrong = _files_are_wrong(paths, may_be_damaged=self._scenario.damages)
        return problems + [f"at the start: {each}" for each in wrong]

    def _start(self, told: Sequence[str]) -> list[str]:
        paths = world.enter(self._home)
        problems = self._scenario.after(paths, told)
        problems += _files_are_wrong(paths, may_be_damaged=False)
        return problems + _program_disagrees(paths)


def _wait_or_kill(pid: int, delay_s: float) -> int:
    """Whether a child had to be killed after so long."""
    end = time.monotonic() + delay_s
    while time.monotonic() < end:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return 0
        time.sleep(min(0.0005, max(0.0, end - time.monotonic())))
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return int(os.WIFSIGNALED(status))


def _tell(pipe: int, line: str) -> None:
    os.write(pipe, f"{line}\n".encode())


def _live(work: Callable[[], object]) -> None:
    """Work as a child of its own, and end without what the parent would do at its end."""
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # noqa: BLE001  it is told
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _checked(check: Callable[[], list[str]]) -> list[str]:
    """What a check gives that is made in a child; that it breaks off is a problem as well."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)

        def tell() -> None:
            try:
                problems = check()
            except BaseException as error:  # noqa: BLE001  it is told
                where = traceback.format_exc().splitlines()[-3:]
                problems = [f"{type(error).__name__}: {error} ({' '.join(where)})"]
            for problem in problems:
                _tell(write, problem.replace("\n", " "))

        _live(tell)
    os.close(write)
    with os.fdopen(read) as pipe:
        problems = pipe.read().splitlines()
    _, status = os.waitpid(pid, 0)
    return problems + ([f"the check ended with {status}"] if status else [])


# ── what holds of all ───────────────────────────────────────────────────────────────────────


def _files_are_wrong(paths: Paths, *, may_be_damaged: bool) -> list[str]:
    files = (paths.cache_file, paths.history_file, paths.library_file)
    unsound = [problem for file in files for problem in looking.unsound(file)]
    if unsound:
        return [] if may_be_damaged else unsound
    if looking.rows(files[0], "PRAGMA user_version") != [(CACHE.version,)]:
        return []  # it is still to be made, or to be brought up
    return looking.wrong_counts(files[0]) + looking.wrong_acts(*files[1:])


def _program_disagrees(paths: Paths) -> list[str]:
    """Whether the real program says something else of the posts than the file."""
    import json

    from .scenario import command

    status, out = command("list", "--json")
    if status:
        return [f"nordic-tui list ended with {status}: {out}"]
    listed = {(int(post["id"]), post["unread"]) for post in json.loads(out)["posts"]}
    read = set()
    if paths.history_file.exists():
        read = {post for (post,) in looking.rows(paths.history_file, "SELECT post FROM read_mark")}
    stored = looking.rows(paths.cache_file, "SELECT id FROM post WHERE shown AND NOT twin")
    expected = {(post, post not in read) for (post,) in stored}
    return [] if listed == expected else [f"nordic-tui list differs: {listed ^ expected}"]
