"""A battery of the demo from both sides: Home Assistant's and the simulated house's."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from .folder import DemoError
from .hass import Hass
from .homes import Home
from .sim import Simulator
from .vendor import Control, Force

DURATION = timedelta(minutes=2)
PUNCTUAL = timedelta(seconds=5)  # by which a force may end later than asked
LOAD = 500  # W of the house that has nothing but its battery
REST = "self_use"


def answer_problems(
    answer: Mapping[str, Any], asked: datetime, outcomes: tuple[str, ...] = ("applied",)
) -> list[str]:
    """Returns what is wrong with the response to a force asked for at a time."""
    problems = []
    if answer.get("outcome") not in outcomes:
        problems.append(f"its outcome is {answer.get('outcome')}")
    try:
        lasts = end_of(answer) - asked
    except DemoError as err:
        return [*problems, str(err)]
    if not DURATION <= lasts <= DURATION + PUNCTUAL:
        problems.append(f"it would last {lasts.total_seconds():.1f} s")
    return problems


def end_of(answer: Mapping[str, Any]) -> datetime:
    """Returns when a force ends by its response; DemoError if that is not said."""
    try:
        return datetime.fromisoformat(answer["expires_at"])
    except (KeyError, TypeError, ValueError) as err:
        raise DemoError(f"its response has no end: {dict(answer)}") from err


class Battery:
    """What can be done with a battery, and what has to be true of it."""

    def __init__(self, hass: Hass, home: Home, house: Simulator) -> None:
        """Takes a home whose vendor has control; DemoError for any other."""
        if home.vendor.control is None:
            raise DemoError(f"{home.vendor.name} has no control")
        self.hass, self.home, self.house = hass, home, house
        self.control: Control = home.vendor.control

    @property
    def soon(self) -> float:
        """The seconds in which Home Assistant shows what the battery does: two polls.

        Of a battery that is seldom polled it shows nothing soon, see `shown_problems`.
        """
        return 2 * (self.control.poll or 0) + 5

    @property
    def ends_alone(self) -> bool:
        """Whether the battery ends a force by itself, a minute or so after its end.

        How much is left to be undone then depends on when that happens.
        """
        return self.home.serial in self.control.end_alone

    def may_have_ended(self, end: datetime) -> bool:
        """Whether a force that was to end then may be over without Home Assistant.

        A window goes on to the end of its minute.
        """
        minute = end.replace(second=0, microsecond=0) + timedelta(minutes=1)
        return self.ends_alone or (self.by_minute and datetime.now(UTC) >= minute)

    @property
    def by_minute(self) -> bool:
        """Whether a force is a window, which ends with a whole minute."""
        return self.home.serial in self.control.by_minute

    @property
    def back(self) -> float:
        """The seconds after its end in which nothing is left of a force."""
        return self.control.back

    async def react_at_once(self) -> None:
        """Has the simulated battery follow within seconds from now on."""
        await self.house.switch(self.home.serial, self.control.quick)

    async def make_needed(self) -> None:
        """Leaves the house nothing but its battery, which from now on reacts at once."""
        await self.react_at_once()
        await self.house.house(
            self.home.serial, pv=0, load=LOAD, soc=50, ev_plugged=False
        )

    async def let_go(self) -> None:
        """Gives the house back to nature."""
        await self.house.house(self.home.serial, pv=None, load=None, ev_plugged=None)

    async def force(
        self, force: Force, duration: timedelta = DURATION
    ) -> Mapping[str, Any]:
        """Forces the battery and returns the response; DemoError if that fails."""
        minutes = duration.total_seconds() / 60
        return await self._act(force, duration={"minutes": minutes})

    async def end_force(self) -> Mapping[str, Any]:
        """Ends whatever is forced and returns the response; DemoError if that fails."""
        return await self._act(REST)

    async def _act(self, action: str, **data: Any) -> Mapping[str, Any]:
        device_id = self.home.device_id
        response = await self.hass.act(
            self.home.vendor.domain, action, device_id=device_id, **data
        )
        answer: Mapping[str, Any] = response[device_id]
        return answer

    async def stored(self) -> str:
        """Returns the settings that the simulator has stored, as JSON text."""
        system = await self.house.system(self.home.serial)
        return json.dumps(self.control.stored(system))

    async def journal(self) -> tuple[int, int]:
        """Returns how many writes the simulator has accepted, and how many changed it."""
        system = await self.house.system(self.home.serial)
        return system["writes"], system["effects"]

    async def mode_problems(self, mode: str) -> list[str]:
        """Returns whether *Battery mode* is something else."""
        found = await self.hass.state(self.home.entity_id("battery_mode"))
        return [] if found == mode else [f"the battery mode is {found}, not {mode}"]

    async def state_problems(self, state: str) -> list[str]:
        """Returns whether *Control state* is something else."""
        found = await self.hass.state(self.home.entity_id("control_state"))
        return [] if found == state else [f"the control state is {found}, not {state}"]

    async def begun_problems(self) -> list[str]:
        """Returns whether a force is neither going on nor, if seldom polled, believed.

        What such a battery does was mostly not seen yet.
        """
        active = await self.state_problems("active")
        if self.control.poll is None and active:
            return await self.state_problems("starting")
        return active

    async def event_problems(self, event: str) -> list[str]:
        """Returns whether the last of *Control events* is something else."""
        entity_id = self.home.entity_id("control_events")
        found = await self.hass.attribute(entity_id, "event_type")
        return [] if found == event else [f"the last event is {found}, not {event}"]

    async def truth_problems(self, mode: str) -> list[str]:
        """Returns whether the battery in the house does not work as in a mode."""
        now = await self.house.now(self.home.serial)
        return power_problems(
            "in the house", mode, battery=now["battery_w"], grid=now["grid_w"]
        )

    async def shown_problems(self, mode: str) -> list[str]:
        """Returns the same for what Home Assistant shows of it.

        Nothing is wrong with a battery that it polls too seldom to show a force.
        """
        if self.control.poll is None:
            return []
        powers = {}
        for name in ("battery", "grid"):
            state = await self.hass.state(self.home.entity_id(f"{name}_power"))
            try:
                powers[name] = float(state)
            except ValueError:
                return [f"the {name}'s power is {state}"]
        return power_problems("in Home Assistant", mode, **powers)


def power_problems(where: str, mode: str, *, battery: float, grid: float) -> list[str]:
    """Returns what powers (W, + discharges, + imports) do not fit to a mode.

    A battery is charged from the grid, or feeds it, or feeds the house alone.
    """
    match mode:
        case "force_charge":
            right, verb = battery <= -LOAD and grid >= LOAD, "charge from the grid"
        case "force_discharge":
            right, verb = battery >= 2 * LOAD and grid <= -LOAD, "feed the grid"
        case _:
            right = battery >= LOAD / 2 and abs(grid) < LOAD / 2
            verb = "discharge into the house"
    powers = f"battery {battery:.0f} W, grid {grid:.0f} W"
    return [] if right else [f"{where} the battery does not {verb}: {powers}"]


def differences(before: str, after: str) -> list[str]:
    """Returns what differs between two JSON texts, be it only their bytes."""
    if before == after:
        return []
    old, new = dict(leaves(json.loads(before))), dict(leaves(json.loads(after)))
    changed = [
        f"{path} was {old.get(path, 'not there')}, is {new.get(path, 'not there')}"
        for path in dict.fromkeys([*old, *new])
        if old.get(path) != new.get(path)
    ]
    return changed or [f"{before} is now written as {after}"]


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yields the path of each simple value in JSON, and how it is written."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from leaves(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, child in enumerate(value):
            yield from leaves(child, f"{path}.{place}")
    else:
        yield path, json.dumps(value)
