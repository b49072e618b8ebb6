"""What a process holds: memory, descriptors, threads, children, files."""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil


class Held(NamedTuple):
    """What a process holds at one moment. Bytes."""

    memory: int
    """Resident, without the children."""
    descriptors: tuple[str, ...]
    """What each of them leads to, without the numbers that differ each time; sorted."""
    threads: int
    children: int
    files: frozenset[str]
    """Under the folders that were asked about."""


def held(process: psutil.Process, folders: tuple[Path, ...]) -> Held:
    return Held(
        process.memory_info().rss,
        tuple(sorted(descriptors(process.pid))),
        process.num_threads(),
        len(process.children(recursive=True)),
        frozenset(str(file) for folder in folders for file in folder.rglob("*")),
    )


def descriptors(pid: int) -> list[str]:
    """What the descriptors of a process lead to: a file's path, or "socket", "pipe" and so on."""
    found = []
    for entry in os.scandir(f"/proc/{pid}/fd"):
        with suppress(OSError):  # the descriptor of this very scan
            found.append(Path(entry.path).readlink().as_posix().partition(":[")[0])
    return found


def decoders(process: psutil.Process) -> list[psutil.Process]:
    """The decoding processes among the children."""
    found = []
    for child in process.children():
        with suppress(psutil.Error):
            if any("nordic_tui.decode" in word for word in child.cmdline()):
                found.append(child)
    return found


def largest(processes: list[psutil.Process]) -> int:
    """The resident memory of the largest of these, in bytes; 0: there is none."""
    sizes = [0]
    for process in processes:
        with suppress(psutil.Error):
            sizes.append(process.memory_info().rss)
    return max(sizes)


def left_behind(early: Held, late: Held) -> list[str]:
    """What there is more of than before, in words; memory is not looked at."""
    words = []
    more = list(late.descriptors)
    for each in early.descriptors:
        if each in more:
            more.remove(each)
    if more:
        words.append(f"descriptors: {', '.join(more)}")
    if late.threads > early.threads:
        words.append(f"threads: {late.threads - early.threads} more")
    if late.children > early.children:
        words.append(f"child processes: {late.children - early.children} more")
    if late.files - early.files:
        words.append(f"files: {', '.join(sorted(late.files - early.files))}")
    return words
