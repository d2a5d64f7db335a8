"""Child processes that end with the demo, whatever way the demo ends."""

import asyncio
from collections.abc import Callable
import contextlib
import ctypes
import os
from pathlib import Path
import signal
import sys
from typing import Self

from .folder import HOST, ROOT, Demo, DemoError

RESTART = 100  # Home Assistant's exit code for "start me again"
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Lets Linux end the child when this process is gone, even by SIGKILL."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """A child process in a session of its own, whose output is read line by line."""

    def __init__(self, process: asyncio.subprocess.Process, name: str) -> None:
        """Takes over a started process."""
        self.name = name
        self.killed = False
        self._process = process
        self._readers: list[asyncio.Task[None]] = []

    @classmethod
    async def start(
        cls,
        name: str,
        arguments: list[str],
        on_line: Callable[[str], None],
        *,
        variables: dict[str, str] | None = None,
    ) -> Self:
        """Starts a Python module; Ctrl-C at the terminal does not reach it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=ROOT,
            env=os.environ | (variables or {}),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
            limit=1 << 20,
        )
        child = cls(process, name)
        assert process.stdout is not None
        child._readers = [asyncio.create_task(child._read(process.stdout, on_line))]
        return child

    async def _read(
        self, stream: asyncio.StreamReader, on_line: Callable[[str], None]
    ) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:  # longer than the limit: the rest of it follows
                continue
            if not line:
                return
            on_line(line.decode(errors="replace").rstrip())

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its session."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, None while it runs."""
        return self._process.returncode

    async def wait(self) -> int:
        """Waits for the end and for the last line of output."""
        code = await self._process.wait()
        await asyncio.gather(*self._readers)
        return code

    async def kill(self) -> None:
        """Ends it as a power cut does: it cannot say goodbye to anything."""
        self.killed = True
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self.stop()

    async def stop(self, patience: float = 20.0) -> None:
        """Asks it to end and, if it does not within the patience (s), ends it."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            try:
                async with asyncio.timeout(patience):
                    await self._process.wait()
            except TimeoutError:
                print(
                    f"{self.name} does not end by itself, killing it", file=sys.stderr
                )
        with contextlib.suppress(ProcessLookupError):  # also what it started
            os.killpg(self.pid, signal.SIGKILL)
        await self.wait()


async def start_home_assistant(
    demo: Demo, on_line: Callable[[str], None], *, debug: bool = False
) -> Child:
    """Starts Home Assistant on the demo's configuration folder.

    With -P it sees the integrations there alone, not also those of the checkout, from
    which it is started. In debug mode it tells of whatever blocks its event loop.
    """
    arguments = ["-P", "-m", "homeassistant", "-c", str(demo.config)]
    arguments += ["--skip-pip", "--log-no-color", *["--debug"] * debug]
    return await Child.start("Home Assistant", arguments, on_line)


async def start_simulator(
    demo: Demo, vendors: list[str], ports: int, on_line: Callable[[str], None]
) -> Child:
    """Starts the simulators, so many ports in all, and waits until they listen.

    Raises DemoError when it ends instead or is silent for 30 s.
    """
    child = await Child.start(
        "simulator",
        [
            "-m",
            "simulator",
            *vendors,
            "--port",
            str(demo.simulator_port),
            "--time-zone",
            demo.zone,
            "--seed",
            str(demo.seed),
        ],
        on_line,
    )
    for _ in range(300):
        if child.exit_code is not None:
            await child.wait()
            raise DemoError("the simulator does not start")
        with contextlib.suppress(OSError):
            # they start one after the other
            last = demo.simulator_port + ports - 1
            _, writer = await asyncio.open_connection(HOST, last)
            writer.close()
            return child
        await asyncio.sleep(0.1)
    await child.stop()
    raise DemoError("the simulator does not listen")


def processes_of_session(session: int) -> list[str]:
    """Returns what still runs in a child's session, by id and command line (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # the name in parentheses may hold spaces: the fields follow the last one
            fields = stat.read_text().rpartition(")")[2].split()
            command = (stat.parent / "cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(f"{stat.parent.name} {command.decode(errors='replace')}")
    return found
