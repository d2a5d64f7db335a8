"""What a check found, one line for each thing that was looked at."""

import asyncio
from collections.abc import Awaitable, Callable
import time

from .folder import DemoError

SHOWN = 12  # problems of one result that are printed


class Report:
    """Collects the results, one line each."""

    def __init__(self) -> None:
        """Begins with none."""
        self.failures: list[str] = []
        self._begin = time.monotonic()

    def add(self, what: str, problems: list[str]) -> None:
        """Prints a result; problems make it a failure."""
        seconds = time.monotonic() - self._begin
        word = "FAILED" if problems else "ok"
        print(f"{word:7}{seconds:4.0f} s  {what}", flush=True)
        for problem in problems[:SHOWN]:
            print(f"               {problem}", flush=True)
        if len(problems) > SHOWN:
            print(f"               and {len(problems) - SHOWN} more", flush=True)
        if problems:
            self.failures.append(what)

    def conclude(self) -> int:
        """Prints how it went as a whole; returns the exit code."""
        seconds = time.monotonic() - self._begin
        if self.failures:
            print(f"demo: {len(self.failures)} checks failed in {seconds:.0f} s")
            return 1
        print(f"demo: all good in {seconds:.0f} s")
        return 0


async def no_problem_within(
    seconds: float, find: Callable[[], Awaitable[list[str]]]
) -> list[str]:
    """Looks for problems until there are none; returns the last ones at the end."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            problems = await find()
        except DemoError as err:  # right after a start not everything is there yet
            problems = [str(err)]
        if not problems or asyncio.get_running_loop().time() > deadline:
            return problems
        await asyncio.sleep(1)


async def first_problem_within(
    seconds: float, find: Callable[[], Awaitable[list[str]]]
) -> list[str]:
    """Looks for problems for a while; returns the first ones at once, [] if none come."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (problems := await find()):
        if asyncio.get_running_loop().time() > deadline:
            return []
        await asyncio.sleep(1)
    return problems
