"""The showcase with the tools that the growth of memory is measured with."""

from __future__ import annotations

import ctypes
import gc
import sys

from measured_calls import MeasuredCalls

from snakepit_worker import tool


class _Mallinfo(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd")),
        *((name, ctypes.c_size_t) for name in ("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")),
    )


_mallinfo = ctypes.CDLL(None).mallinfo2
_mallinfo.restype = _Mallinfo


class MeasuredMemory(MeasuredCalls):
    """The measured calls with a tool that counts what is allocated."""

    @tool
    def allocated_bytes(self) -> int:
        """Collect garbage, and return how many bytes are allocated, as ``malloc`` of glibc counts.

        It counts everything only if Python takes small objects from ``malloc``, too, and not from its own allocator.
        """
        if sys.getallocatedblocks() > 0:
            raise RuntimeError("the environment variable PYTHONMALLOC must be 'malloc'")
        gc.collect()
        info = _mallinfo()
        allocated: int = info.uordblks + info.hblkhd
        return allocated
