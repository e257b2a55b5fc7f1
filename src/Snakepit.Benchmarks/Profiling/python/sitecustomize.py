"""Samples the main thread of a Python process, if SNAKEPIT_PROFILE_DIRECTORY is set.

Python imports this module at its start, because its folder is on PYTHONPATH. A timer of the main thread's CPU time
sends SIGPROF, whose handler writes what the thread was doing to PID.samples in that folder. The process that is forked
from a sampled one is sampled as well.

Each line has fields separated by tabs and ends in a field ".", which tells that it is complete:

    begin     CPU time of the thread so far, in nanoseconds
    function  qualified name, file; functions are numbered from 0
    stack     numbers of functions, outermost first; stacks are numbered from 0
    sample    time of the monotonic clock and CPU time in nanoseconds, number of the stack
"""

import os

_DIRECTORY = os.environ.get("SNAKEPIT_PROFILE_DIRECTORY")

if _DIRECTORY:
    import ctypes
    import opcode
    import signal
    import threading
    import time
    from types import CodeType, FrameType

    _INTERVAL_NS = 1_000_000  # the kernel looks once in a tick, which is 1 to 10 ms
    _THREAD_CPU_CLOCK = 3  # CLOCK_THREAD_CPUTIME_ID
    _TO_A_THREAD = 4  # SIGEV_THREAD_ID
    _RESUME = opcode.opmap.get("RESUME")

    class _Event(ctypes.Structure):
        """The structure sigevent of the C library."""

        _fields_ = [
            ("value", ctypes.c_void_p),
            ("signal", ctypes.c_int),
            ("notify", ctypes.c_int),
            ("thread", ctypes.c_int),
            ("rest", ctypes.c_byte * 44),
        ]

    class _Interval(ctypes.Structure):
        """The structure itimerspec of the C library."""

        _fields_ = [(name, ctypes.c_long) for name in ("every_s", "every_ns", "first_s", "first_ns")]

    class _Sampler:
        """The sampler of this process."""

        def __init__(self, directory: str) -> None:
            path = os.path.join(directory, f"{os.getpid()}.samples")
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            self._functions: dict[CodeType, int] = {}
            self._stacks: dict[tuple[int, ...], int] = {}
            self._at_start: dict[tuple[CodeType, int], bool] = {}
            self._is_taking = False
            self._write("begin", time.thread_time_ns())

        def take(self, _signal: int, frame: FrameType | None) -> None:
            """Writes what the thread was doing when the signal arrived."""
            if self._is_taking:
                return  # a handler can be interrupted by itself, and would write one line into the middle of another
            self._is_taking = True
            try:
                self._take(frame)
            finally:
                self._is_taking = False

        def _take(self, frame: FrameType | None) -> None:
            if frame is not None and frame.f_back is not None and self._is_at_start(frame):
                # Python runs handlers of signals when a function begins. The time before that was its caller's.
                frame = frame.f_back
            numbers: list[int] = []
            while frame is not None:
                numbers.append(self._number(frame.f_code))
                frame = frame.f_back
            stack = tuple(reversed(numbers))
            number = self._stacks.get(stack)
            if number is None:
                number = self._stacks[stack] = len(self._stacks)
                self._write("stack", " ".join(map(str, stack)))
            self._write("sample", time.monotonic_ns(), time.thread_time_ns(), number)

        def _is_at_start(self, frame: FrameType) -> bool:
            key = (frame.f_code, frame.f_lasti)
            known = self._at_start.get(key)
            if known is None:
                code = frame.f_code.co_code
                last = frame.f_lasti
                known = 0 <= last < len(code) - 1 and code[last] == _RESUME and code[last + 1] == 0
                self._at_start[key] = known
            return known

        def _number(self, code: CodeType) -> int:
            number = self._functions.get(code)
            if number is None:
                number = self._functions[code] = len(self._functions)
                self._write("function", code.co_qualname, code.co_filename)
            return number

        def _write(self, *fields: object) -> None:
            os.write(self._file, ("\t".join(map(str, fields)) + "\t.\n").encode())

    def _begin() -> None:
        """Begins to sample this process. A forked process has no timer of its own yet."""
        if threading.current_thread() is not threading.main_thread():
            return  # a tool has forked in another thread, where no handler of a signal can be set
        sampler = _Sampler(str(_DIRECTORY))
        signal.signal(signal.SIGPROF, sampler.take)
        libc = ctypes.CDLL(None, use_errno=True)
        event = _Event(None, signal.SIGPROF, _TO_A_THREAD, threading.get_native_id())
        timer = ctypes.c_void_p()
        if libc.timer_create(_THREAD_CPU_CLOCK, ctypes.byref(event), ctypes.byref(timer)):
            raise OSError(ctypes.get_errno(), "timer_create")
        every = _Interval(0, _INTERVAL_NS, 0, _INTERVAL_NS)
        if libc.timer_settime(timer, 0, ctypes.byref(every), None):
            raise OSError(ctypes.get_errno(), "timer_settime")

    _begin()
    os.register_at_fork(after_in_child=_begin)
