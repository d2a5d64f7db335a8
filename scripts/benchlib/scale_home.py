"""The Home Assistants that are measured, each a process of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
import os
from pathlib import Path
import time
from typing import Any

from aiohttp import ClientSession

from scripts.buildlib.bundle import HUB
from scripts.demolib.config_folder import prepare
from scripts.demolib.folder import HOST, ROOT, Demo, DemoError, free_port
from scripts.demolib.hass import Hass
from scripts.demolib.log import HomeAssistantLog, SimulatorLog
from scripts.demolib.process import Child, start_home_assistant

from .scale_figures import Usage
from .scale_houses import DONE

PROBE = "scale_probe"
PORTS = 64  # more than all simulators have
_FIRST_PORT = 21_000  # below those that connections are given
_TICKS = os.sysconf("SC_CLK_TCK")


class Simulators:
    """The process of all simulators, and what leads to them."""

    def __init__(self) -> None:
        """Know nothing before it says something."""
        self.told: list[dict[str, Any]] = []
        self._log = SimulatorLog()
        self._ready = asyncio.Event()

    @property
    def entries(self) -> list[tuple[str, Any]]:
        """Domain and answers of each entry."""
        return [(one["domain"], entry) for one in self.told for entry in one["entries"]]

    def line(self, line: str) -> None:
        """Take a line of its output."""
        if line == DONE:
            self._ready.set()
        elif line.startswith("{"):
            self.told.append(json.loads(line))
        else:
            self._log.line(line)

    @asynccontextmanager
    async def run(self, demo: Demo) -> AsyncIterator[None]:
        """Serve as long as this lasts; DemoError if it does not begin."""
        arguments = ["-m", "scripts.benchlib.scale_houses", "--time-zone", demo.zone]
        arguments += ["--port", str(demo.simulator_port)]
        child = await Child.start("simulators", arguments, self.line)
        try:
            async with asyncio.timeout(120):
                await self._ready.wait()
            yield
        except TimeoutError as err:
            self._log.show()
            raise DemoError("the simulators do not begin") from err
        finally:
            await child.stop()

    async def hold_still(self) -> None:
        """Let neither sun nor load move any house, so that its counters rest too."""
        async with ClientSession() as session:
            for url in [one["houses"] for one in self.told if one["houses"]]:
                still = {"pv": 0, "load": 0}
                async with session.post(f"{url}/_sim/house", json=still) as response:
                    response.raise_for_status()


class Measured:
    """A running Home Assistant with the probe."""

    def __init__(self, hass: Hass, child: Child, spawned: float) -> None:
        """Measure a process that was started at a time (epoch seconds)."""
        self.hass, self.child, self.spawned = hass, child, spawned
        self._cpu, self._since = 0.0, spawned

    async def read(self) -> dict[str, Any]:
        """Return what the probe saw since it was last asked."""
        answer: dict[str, Any] = await self.hass.act(PROBE, "read")
        return answer

    async def grown(self) -> float:
        """Return when there was last a new entity, epoch seconds."""
        return float((await self.hass.act(PROBE, "grown"))["at"])

    def begin_usage(self) -> None:
        """Count the processor's time from now on."""
        self._cpu, self._since = cpu_seconds(self.child.pid), time.time()

    def usage(self) -> Usage:
        """Return what was used since then."""
        return Usage(
            seconds=time.time() - self._since,
            cpu=cpu_seconds(self.child.pid) - self._cpu,
            memory=resident(self.child.pid),
        )


def prepare_folder(demo: Demo, port: int) -> None:
    """Make a configuration with the probe beside the integrations."""
    demo.port = free_port(demo.port or port)
    prepare(demo, link=False)
    folder = demo.config / "custom_components"
    folder.mkdir(exist_ok=True)
    integrations = [
        source
        for source in sorted((ROOT / "custom_components").glob("*_energy"))
        if source.name != HUB
    ]
    for source in (*integrations, Path(__file__).parent / PROBE):
        link = folder / source.name
        if not link.is_symlink():
            link.symlink_to(source, target_is_directory=True)
    configuration = demo.config / "configuration.yaml"
    text = configuration.read_text(encoding="utf-8")
    if PROBE not in text:
        configuration.write_text(f"{text}{PROBE}:\n", encoding="utf-8")
    demo.save()


@asynccontextmanager
async def home_assistant(demo: Demo) -> AsyncIterator[Measured]:
    """Run Home Assistant as long as this lasts; it has started when this begins."""
    log = HomeAssistantLog((PROBE,))
    async with Hass(demo) as hass:
        spawned = time.time()
        child = await start_home_assistant(demo, log.line)
        try:
            await hass.wait_until_running(child)
            yield Measured(hass, child, spawned)
        finally:
            await child.stop(patience=60)


def cpu_seconds(pid: int) -> float:
    """Return the processor's time of a process (Linux)."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    # the name in parentheses may hold spaces: the fields follow the last one
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident(pid: int) -> int:
    """Return the memory of a process that is in use, bytes (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def free_ports(demo: Demo) -> None:
    """Choose the ports of the simulators: those of the last time, if they are free."""
    first = free_port(demo.simulator_port or _FIRST_PORT, PORTS)
    if demo.simulator_port and first != demo.simulator_port:
        raise DemoError(f"ports {demo.simulator_port} ff. on {HOST} are taken")
    demo.simulator_port = first
