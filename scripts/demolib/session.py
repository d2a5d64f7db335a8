"""How the demo's programs run: interruptible, and if need be in a folder of their own."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
import shutil
import signal
import tempfile

from .folder import Demo
from .log import HomeAssistantLog
from .process import Child
from .runner import Work, choose_ports, run

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
    work: Work, *, port: int | None = None, keep: bool = False
) -> tuple[Demo, HomeAssistantLog, list[Child]]:
    """Runs a new demo in a folder that is deleted afterwards; see `run`."""
    folder = Path(tempfile.mkdtemp(prefix="home-energy-demo-"))
    try:
        demo = Demo.open(folder)
        choose_ports(demo, port, 0)
        return demo, *await run(demo, work)
    finally:
        if keep:
            print(f"The demo's folder: {folder}", flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
