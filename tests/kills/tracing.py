"""Stops a child before each call that changes a file, and kills it at the n-th: ptrace(2).

Only on Linux, by numbers of calls that differ between machines; `can_trace` says whether it goes.
"""

import ctypes
import os
import platform
import signal
import struct
from contextlib import suppress
from typing import Final

_TRACEME, _SYSCALL, _SETOPTIONS, _GET_SYSCALL_INFO = 0, 24, 0x4200, 0x420E
_SYSGOOD, _TRACECLONE, _EXITKILL = 0x1, 0x8, 0x100000
_WALL = 0x40000000
_ENTRY = 1
_AT_CALL = signal.SIGTRAP | 0x80
_INFO = struct.Struct("=B3xIQQQ")
"""struct ptrace_syscall_info as far as the number of the call."""

_CALLS: Final = {
    "x86_64": {
        1: "write",
        18: "pwrite64",
        20: "writev",
        74: "fsync",
        75: "fdatasync",
        77: "ftruncate",
        82: "rename",
        83: "mkdir",
        87: "unlink",
        90: "chmod",
        263: "unlinkat",
        264: "renameat",
        316: "renameat2",
    },
    "aarch64": {
        34: "mkdirat",
        35: "unlinkat",
        38: "renameat",
        46: "ftruncate",
        53: "fchmodat",
        64: "write",
        66: "writev",
        68: "pwrite64",
        82: "fsync",
        83: "fdatasync",
        276: "renameat2",
    },
}
"""Calls that change a file; that one was made shows at the next one."""

_STEPS = frozenset(_CALLS.get(platform.machine(), {}))


def _ptrace(
    request: int, pid: int = 0, address: int = 0, data: "int | ctypes.Array[ctypes.c_char]" = 0
) -> int:
    call = ctypes.CDLL(None, use_errno=True).ptrace
    call.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    call.restype = ctypes.c_long
    given = ctypes.addressof(data) if isinstance(data, ctypes.Array) else data
    answer: int = call(request, pid, address, given)
    if answer == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


def be_traced() -> None:
    """For the child: let the parent stop it, and wait for that."""
    _ptrace(_TRACEME)
    os.kill(os.getpid(), signal.SIGSTOP)


def run(pid: int, kill_at: int | None) -> int:
    """Let a child that called `be_traced` go on until it ends, or kill it before its n-th step,
    counted from 1 over all its threads; gives how many it made."""
    os.waitpid(pid, _WALL)
    _ptrace(_SETOPTIONS, pid, 0, _SYSGOOD | _TRACECLONE | _EXITKILL)
    _ptrace(_SYSCALL, pid)
    steps = 0
    info = ctypes.create_string_buffer(88)
    while True:
        thread, status = os.waitpid(-1, _WALL)
        if not os.WIFSTOPPED(status):
            if thread == pid:
                return steps
            continue  # a thread has ended
        number = os.WSTOPSIG(status)
        passed_on = 0
        if number == _AT_CALL:
            _ptrace(_GET_SYSCALL_INFO, thread, len(info), info)
            kind, _, _, _, call = _INFO.unpack_from(info.raw)
            if kind == _ENTRY and call in _STEPS:
                steps += 1
                if steps == kill_at:
                    os.kill(pid, signal.SIGKILL)
                    continue
        elif number not in (signal.SIGTRAP, signal.SIGSTOP):  # those are of the tracing itself
            passed_on = number
        with suppress(ProcessLookupError):  # killed meanwhile
            _ptrace(_SYSCALL, thread, 0, passed_on)


def can_trace() -> bool:
    """Whether a child can be stopped at its calls here."""
    if not _STEPS:
        return False
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            be_traced()
            os.write(write, b"1")
        finally:
            os._exit(0)
    try:
        return run(pid, None) > 0
    except OSError:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(pid, _WALL)
        return False
    finally:
        os.close(read)
        os.close(write)
