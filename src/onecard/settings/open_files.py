"""How many files and connections a process may hold open: thousands of terminals that listen need more than systems give at first."""

import resource

__all__ = ["allow_open_files"]


def allow_open_files(wanted: int) -> int:
    """Let this process hold *wanted* files open, or as many as the system lets it; return how many it may now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if soft in (unlimited, -1) or soft >= wanted:
        return wanted if soft in (unlimited, -1) else soft
    allowed = wanted if hard in (unlimited, -1) else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed
