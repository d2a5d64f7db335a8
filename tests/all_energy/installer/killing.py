"""Kills the installer (SIGKILL) before each of its file operations; run by a test.

Each run is a process of its own, forked from this one, which then looks at what is
left and lets the next run heal it. Prints, for each job, how often it was killed.
"""

from collections.abc import Callable
import json
import os
from pathlib import Path
import signal
import sys
import tempfile

from scripts.buildlib.hub_code import installer

from .disk import watched
from .made import ONE, TWO, Content, House, content

JOBS: dict[str, Callable[[installer.Installer], object]] = {
    "fresh": lambda work: work.place(ONE),
    "exchange": lambda work: work.place(ONE),
    "remove": lambda work: work.remove(ONE),
    "bring": lambda work: work.bring([ONE, TWO]),
    "heal": lambda work: work.bring([ONE]),
}


def prepare(job: str, house: House) -> Content | None:
    """Make what a job begins with; return the old folder."""
    house.remove([ONE, TWO])
    if job != "fresh":
        house.install("1")
    old = house.content()
    if job == "heal":
        house.staging.mkdir()
        house.folder().rename(house.staging / f"{ONE}.old")
        (house.staging / f"{TWO}.new").mkdir()
        (house.staging / f"{TWO}.new" / "manifest.json").write_text("half")
    return old


def is_killed(job: str, house: House, at: int) -> bool:
    """Do a job in a process that ends before an operation; False if it has fewer."""
    child = os.fork()
    if child == 0:
        left = at

        def count(_event: str, _args: object) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        with watched(count):
            JOBS[job](house.installer)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        raise SystemExit(f"{job} failed before its end: {status}")
    return os.WIFSIGNALED(status)


def try_all(job: str, folder: Path) -> int:
    """Kill a job at each of its operations; return how many there are."""
    house = House(folder)
    house.bundle("2", ONE, TWO)
    for at in range(1000):
        old = prepare(job, house)
        was_killed = is_killed(job, house, at)
        found = house.content()
        is_right = found in (None, old) or house.has("2")
        if not is_right or not (house.content(TWO) is None or house.has("2", TWO)):
            raise SystemExit(f"{job} at {at}: mixed: {content(house.components)}")
        if job == "remove":
            house.installer.remove(ONE)
        house.installer.bring([TWO] if job == "remove" else [ONE, TWO])
        is_healed = house.content() is None if job == "remove" else house.has("2")
        if not is_healed or not house.has("2", TWO) or house.staging.exists():
            raise SystemExit(f"{job} at {at}: not healed: {content(house.components)}")
        if not was_killed:
            return at
    raise SystemExit(f"{job} never ends")


if __name__ == "__main__":
    os.fsync = lambda _handle: None  # the disk outlives the process
    os.sync = lambda: None
    with tempfile.TemporaryDirectory() as name:
        kills = {job: try_all(job, Path(name) / job) for job in JOBS}
    sys.stdout.write(json.dumps(kills))
