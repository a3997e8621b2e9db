"""What a process takes from itself before it opens a stranger's file.

After `enter_jail` the process may use ten seconds of one processor and 512 MiB of addresses,
write files of limited size, and can neither open a socket nor start a program: whoever takes
over a parser in here finds no way out to the network.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterable

CPU_SECONDS = 10
MEMORY_BYTES = 512 * 1024 * 1024
LARGEST_OUTPUT = 256 * 1024 * 1024
OPEN_FILES = 64

FORBIDDEN_CALLS: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41,
            "connect": 42,
            "socketpair": 53,
            "execve": 59,
            "ptrace": 101,
            "execveat": 322,
            "io_uring_setup": 425,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "socket": 198,
            "socketpair": 199,
            "connect": 203,
            "execve": 221,
            "ptrace": 117,
            "execveat": 281,
            "io_uring_setup": 425,
        },
    ),
}
"""Per processor: the kernel's name for it, and the system calls that the jail forbids."""

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_ABOVE, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_FOREIGN_CALLS = 0x40000000
"""From here on x86 numbers calls of another convention, by which the list could be bypassed."""


def enter_jail(*, cpu_seconds: int = CPU_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
    """Give up, for good, what this process does not need for parsing one file."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not _forbid_calls():
        sys.addaudithook(_refuse_sockets)


def _forbid_calls() -> bool:
    """Install the kernel's filter; say whether this kernel and processor have one."""
    known = FORBIDDEN_CALLS.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    architecture, calls = known
    program = _filter(architecture, calls.values())
    code = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(kernel.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, head, 0, 0) == 0)


def _filter(architecture: int, calls: Iterable[int]) -> bytes:
    """Return the filter: refuse the listed calls and every foreign one, allow the rest.

    Each instruction is (code, steps if true, steps if false, operand); the last two are the two
    answers, so every jump is counted back from the end.
    """
    forbidden = sorted(calls)
    refuse_at = 5 + len(forbidden)
    jumps = [(_JUMP_IF_EQUAL, refuse_at - at - 1, 0, call) for at, call in enumerate(forbidden, 4)]
    program = [
        (_LOAD, 0, 0, 4),  # which architecture the call is made in
        (_JUMP_IF_EQUAL, 0, refuse_at - 2, architecture),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_JUMP_IF_ABOVE, refuse_at - 4, 0, _FOREIGN_CALLS),
        *jumps,
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in program)


def _refuse_sockets(event: str, _arguments: tuple[object, ...]) -> None:
    """Refuse sockets and programs to Python code, where the kernel offers no filter."""
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.system", "os.posix_spawn")):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
