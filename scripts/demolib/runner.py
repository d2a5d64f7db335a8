"""The life of a demo: simulator first, then Home Assistant; ended the other way round."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from scripts.buildlib.bundle import HUB

from .config_folder import PASSWORD, USER, move_simulators, prepare
from .folder import Demo, DemoError, free_port
from .hass import Hass
from .house import set_up
from .log import HomeAssistantLog, SimulatorLog
from .process import RESTART, Child, start_home_assistant, start_simulator
from .vendors import PORTS, VENDORS, ports


@dataclass(slots=True, kw_only=True)
class Running:
    """A demo whose processes run and whose integrations are set up."""

    demo: Demo
    hass: Hass  # good for every Home Assistant that runs here, one after the other
    home_assistant: Child
    children: list[Child]  # all that were started
    log: HomeAssistantLog
    simulator_log: SimulatorLog
    since: datetime  # when Home Assistant was started first
    debug: bool = False

    async def kill_home_assistant(self) -> None:
        """Kills Home Assistant; the simulator lives on."""
        print("Killing Home Assistant", flush=True)
        await self.home_assistant.kill()

    async def stop_home_assistant(self) -> None:
        """Asks Home Assistant to end, and waits for that; the simulator lives on."""
        print("Stopping Home Assistant", flush=True)
        await self.home_assistant.stop()

    async def start_home_assistant_again(self) -> None:
        """Starts it on the same data and waits until it runs; DemoError if not."""
        print("Starting Home Assistant again", flush=True)
        self.home_assistant = await start_home_assistant(
            self.demo, self.log.line, debug=self.debug
        )
        self.children.append(self.home_assistant)
        await self.hass.wait_until_running(self.home_assistant)


type Work = Callable[[Running], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """How a demo comes to its integrations and their entries."""

    prepare: Callable[[Demo], None] = prepare  # the configuration folder
    set_up: Callable[[Hass, Demo], Awaitable[None]] = set_up  # at each start
    debug: bool = False  # Home Assistant tells of what blocks its event loop


ALL_SET_UP = Beginning()


def choose_ports(demo: Demo, wanted: int | None, default: int) -> None:
    """Chooses free ports: those of the last start if they still are."""
    port = wanted if wanted is not None else demo.port or default
    demo.port = free_port(port)
    if port and demo.port != port:
        print(f"Port {port} is taken, using {demo.port} instead", flush=True)
    simulator_port = free_port(demo.simulator_port, PORTS)
    while demo.port in range(simulator_port, simulator_port + PORTS):
        simulator_port = free_port(0, PORTS)
    move_simulators(demo, simulator_port, PORTS)


@asynccontextmanager
async def simulator(demo: Demo, log: SimulatorLog) -> AsyncIterator[Child]:
    """Runs the simulator of all vendors."""
    names = [vendor.simulator for vendor in VENDORS]
    try:
        child = await start_simulator(demo, names, PORTS, log.line)
    except DemoError:
        log.show()
        raise
    try:
        yield child
    finally:
        await child.stop()


async def run(
    demo: Demo, work: Work, beginning: Beginning = ALL_SET_UP
) -> tuple[HomeAssistantLog, list[Child]]:
    """Runs the demo until its work is done; returns the log and the ended processes.

    Home Assistant is started again, and the work too, when it asks for it. DemoError
    when something does not come up or Home Assistant ends with an error.
    """
    log = HomeAssistantLog((HUB, *(vendor.domain for vendor in VENDORS)))
    simulator_log = SimulatorLog()
    new = demo.is_new
    beginning.prepare(demo)
    demo.save()
    if new:
        print(f"A new house in {demo.folder}, where the sun shines now", flush=True)
    async with simulator(demo, simulator_log) as simulator_child, Hass(demo) as hass:
        children = [simulator_child]
        while True:
            print("Starting Home Assistant", flush=True)
            since = datetime.now(UTC)
            child = await start_home_assistant(demo, log.line, debug=beginning.debug)
            children.append(child)
            running = Running(
                demo=demo,
                hass=hass,
                home_assistant=child,
                children=children,
                log=log,
                simulator_log=simulator_log,
                since=since,
                debug=beginning.debug,
            )
            try:
                await hass.wait_until_running(child)
                await beginning.set_up(hass, demo)
                await work(running)
            finally:
                if running.home_assistant.exit_code is None:
                    print("Stopping, which takes some seconds", flush=True)
                await running.home_assistant.stop()
            if running.home_assistant.exit_code != RESTART:
                return log, children


async def stay(running: Running) -> None:
    """Tells where the demo is and waits until Home Assistant ends."""
    tell_address(running.demo)
    tell_simulators(running.demo)
    print("  Ctrl-C ends it\n", flush=True)
    await wait_for_end(running)


def tell_address(demo: Demo) -> None:
    """Tells where Home Assistant is, and who may enter."""
    print(f"\n  {demo.url}    user {USER}, password {PASSWORD}\n")


def tell_simulators(demo: Demo) -> None:
    """Tells where the simulators are, and what the time is in their houses."""
    for vendor in VENDORS:
        address = demo.simulator_url(ports(vendor)[0])
        print(f"  what can be done to the simulator of {vendor.name}: {address}/_sim/")
    clock = demo.local_time()
    print(f"  in the house it is {clock:%H:%M}", end="")
    print("" if demo.sun_is_up() else ": no sun; --fresh begins a new one before noon")


async def wait_for_end(running: Running) -> None:
    """Waits until Home Assistant ends; DemoError unless it ends or restarts well."""
    code = await running.home_assistant.wait()
    if code not in {0, RESTART}:
        raise DemoError(f"Home Assistant ended with exit code {code}")
