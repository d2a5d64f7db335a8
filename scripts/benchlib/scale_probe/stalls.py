"""How long the event loop did not come round, and what it did meanwhile."""

import asyncio
from collections import Counter
from collections.abc import Iterable
import gc
import sys
import threading
import time
from types import FrameType
from typing import Any

TICK = 0.005  # s between two looks
NOTED = 0.010  # s of lateness from which on one is told of
_SUSPICIOUS = 0.008  # s without a look after which it is worth knowing what runs
_EXCUSED = 2.0  # s for which the probe itself may hold the loop up when it is asked
OURS = "custom_components"
_ROOTS = (f"/{OURS}/", "/site-packages/", "/python3.14/")


class Stalls:
    """Looks at the clock every few milliseconds, from within the event loop.

    A stall is how late such a look came. `collected` of it were pauses of the garbage
    collector; `busy` of it is what the loop's thread had of a processor, so the rest is
    the machine's, or other threads'.
    """

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.found: list[dict[str, Any]] = []
        self.looks = 0
        self._task: asyncio.Task[None] | None = None
        self._collecting = 0.0, 0.0  # when the present collection began
        self._collected = 0.0  # s that collections took, in all
        self._cleaned = 0.0  # so much of it the loop's thread was busy with
        self._last_generation = 0
        self._looked = time.perf_counter()
        self._thread = threading.get_ident()
        self._seen: Counter[str] = Counter()
        self._ended = threading.Event()
        self._excused_until = 0.0

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look from now on; it is called in the loop's thread."""
        gc.callbacks.append(self._garbage)
        self._task = loop.create_task(self._look(), name="scale probe")
        threading.Thread(target=self._watch, name="scale probe", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        gc.callbacks.remove(self._garbage)
        if self._task is not None:
            self._task.cancel()

    def excuse(self) -> None:
        """Note nothing for a moment: the probe itself is at work."""
        self._excused_until = time.perf_counter() + _EXCUSED

    def _garbage(self, phase: str, info: dict[str, int]) -> None:
        # Whatever thread it happens in: the others wait
        if phase == "start":
            self._collecting = time.perf_counter(), time.thread_time()
        else:
            at, busy = self._collecting
            self._collected += time.perf_counter() - at
            if threading.get_ident() == self._thread:
                self._cleaned += time.thread_time() - busy
            self._last_generation = max(self._last_generation, info["generation"])

    async def _look(self) -> None:
        while True:
            began, busy = time.perf_counter(), time.thread_time()
            collected, cleaned = self._collected, self._cleaned
            self._last_generation = -1
            self._looked = began
            await asyncio.sleep(TICK)
            now = time.perf_counter()
            self.looks += 1
            late = now - began - TICK
            if late >= NOTED and began > self._excused_until:
                self.found.append(
                    {
                        "at": time.time(),
                        "late": late,
                        "collected": self._collected - collected,
                        "generation": self._last_generation,
                        "busy": time.thread_time() - busy - (self._cleaned - cleaned),
                        "doing": self._seen.most_common(4),
                    }
                )
            if self._seen:
                self._seen = Counter()

    def _watch(self) -> None:
        """Note what runs in the loop's thread while it is late."""
        while not self._ended.wait(TICK):
            if time.perf_counter() - self._looked < TICK + _SUSPICIOUS:
                continue
            frame = sys._current_frames().get(self._thread)  # noqa: SLF001
            self._seen[told(frame)] += 1


def told(frame: FrameType | None) -> str:
    """Return what runs: the innermost call, and the one of an integration around it."""
    names = list(_names(frame))
    if not names:
        return "nothing"
    outer = next((name for name in names if name.startswith(OURS)), "")
    return names[0] if outer in {"", names[0]} else f"{names[0]} in {outer}"


def _names(frame: FrameType | None) -> Iterable[str]:
    while frame is not None:
        path = frame.f_code.co_filename
        for root in _ROOTS:
            _, found, after = path.partition(root)
            if found:
                path = f"{OURS}/{after}" if OURS in root else after
                break
        yield f"{path}:{frame.f_code.co_name}"
        frame = frame.f_back
