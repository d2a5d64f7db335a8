"""How the demo's programs run: interruptible, and if need be in a folder of their own."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
import shutil
import signal
import tempfile

from .folder import Demo, port_is_free
from .log import HomeAssistantLog
from .process import RESTART, Child, processes_of_session
from .runner import ALL_SET_UP, Beginning, Work, choose_ports, run
from .vendors import PORTS

INTERRUPTED = 130  # the exit code that shells use


async def interruptible(work: Coroutine[None, None, int]) -> int:
    """Does the work; the first Ctrl-C or SIGTERM ends it in an orderly way."""
    task = asyncio.ensure_future(work)
    interrupted = False

    def interrupt() -> None:
        nonlocal interrupted
        if not interrupted:  # a second one must not disturb the stopping
            interrupted = True
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, interrupt)
    try:
        return await task
    except asyncio.CancelledError:
        if not interrupted:
            raise
        return INTERRUPTED


async def in_temporary_folder(
    work: Work,
    *,
    port: int | None = None,
    keep: bool = False,
    beginning: Beginning = ALL_SET_UP,
) -> tuple[Demo, HomeAssistantLog, list[Child]]:
    """Runs a new demo in a folder that is deleted afterwards; see `run`."""
    folder = Path(tempfile.mkdtemp(prefix="home-energy-demo-"))
    try:
        demo = Demo.open(folder)
        choose_ports(demo, port, 0)
        return demo, *await run(demo, work, beginning)
    finally:
        if keep:
            print(f"The demo's folder: {folder}", flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def left_running(demo: Demo, children: list[Child]) -> list[str]:
    """Returns what a demo that is over has left, and what of it ended badly."""
    left = [line for child in children for line in processes_of_session(child.pid)]
    left += [
        f"somebody still listens on port {port}"
        for port in (
            demo.port,
            *range(demo.simulator_port, demo.simulator_port + PORTS),
        )
        if not port_is_free(port)
    ]
    left += [
        f"{child.name} ended with exit code {child.exit_code}"
        for child in children
        if child.exit_code not in {0, RESTART} and not child.killed
    ]
    return left
