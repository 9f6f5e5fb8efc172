"""Which memory allocator a query worker runs on: jemalloc where the system has it, else the one of the C library.

The engine makes and drops very many small pieces for one query; jemalloc, which needs nothing but to be installed
(Debian: `libjemalloc2`), makes that a fifth to a third cheaper. https://jemalloc.net/jemalloc.3.html
"""

from __future__ import annotations

import ctypes.util
import sys
from functools import cache

# A worker has one thread that works: more arenas would only spread what it may use.
JEMALLOC = "narenas:1"
# The C library's own: few arenas keep the address space small, which is what the memory limit counts.
OTHERWISE = {"MALLOC_ARENA_MAX": "2"}


@cache
def allocator() -> dict[str, str]:
    """The environment variables that choose it."""
    found = ctypes.util.find_library("jemalloc") if sys.platform.startswith("linux") else None
    return {"LD_PRELOAD": found, "MALLOC_CONF": JEMALLOC} if found else OTHERWISE
