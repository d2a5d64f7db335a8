"""An account whose devices take orders: what tests say to them, and where they look."""

import asyncio
from collections.abc import Mapping
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy.const import DOMAIN
from simulator.goodwe import GoodWeSimulator
from simulator.goodwe.device import Device
from simulator.goodwe.station import Station
from simulator.house import House

from ...orders_room import OrdersRoom
from ..conftest import Step

LEASES = f"{DOMAIN}.leases"
# So many seconds apart are the polls in most tests: as seldom as forces allow it.
POLL = 300
# Registers of immediate charging: whether, up to which percent, at which
CHARGING, CHARGING_SOC, CHARGING_POWER = "47545", "47546", "47603"
RESERVE = "45356"
SET_REGISTERS = "sems-remote/api/v1/address/remote/setDeviceFunctionParameters"
SET_NAMED = "sems-remote/api/v1/remote/set"


class Room(OrdersRoom):
    """The devices of one entry; what is said goes to the inverter unless said otherwise."""

    domain, poll = DOMAIN, POLL
    forgotten = ("accounts", "connections", "control", "force_defaults")
    charging = (60, {"power": 3000})

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: GoodWeSimulator,
        step: Step,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        self.hass, self.entry, self.sim = hass, entry, sim
        self.step, self.freezer = step, freezer
        self.serial = next(
            device.sn for device in self.station.devices if device.is_inverter
        )

    async def start(self, *, allow: bool = True, **options: Any) -> None:
        """Set the entry up and let everything be read; half full, no sun.

        A device acknowledges at once unless its ``write_seconds`` say otherwise.
        """
        self.entry.add_to_hass(self.hass)
        wanted = {"allow_control": allow, "poll_seconds": POLL}
        self.hass.config_entries.async_update_entry(
            # Where options are changed later nothing is pushed either
            self.entry,
            data={**self.entry.data, "live": False},
            options=wanted | options,
        )
        self.poll = options.get("poll_seconds", POLL)
        for device in self.sim.devices.values():
            if (switches := getattr(device.control, "switches", None)) is not None:
                switches.write_seconds = 0.0
        for station in self.sim.stations:
            station.house.override(pv_w=0, load_w=500, soc=50)
            station.upload()
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()
        await self.step(1)
        self.sim.counters.reset()
        self.sim.requests.forget()

    async def advance(
        self, task: asyncio.Task[Any], *, by: float, at_most: float
    ) -> None:
        """Let time pass until a task ends, with what a device takes its time for."""
        passed = 0.0
        while not task.done() and passed < at_most:
            self.freezer.tick(by)
            passed += by
            for _ in range(100):
                await asyncio.sleep(0)

    @property
    def mode(self) -> str | None:
        """Which force runs; None is self-use."""
        kind = self.manager.mode
        return None if kind is None else str(kind)

    @property
    def control(self) -> str:
        """The state of control."""
        return str(self.manager.state)

    # What is true

    @property
    def station(self) -> Station:
        """The first simulated station."""
        return self.sim.stations[0]

    @property
    def device(self) -> Device:
        """The simulated inverter."""
        return self.sim.devices[self.serial]

    @property
    def controls(self) -> Any:
        """What can be set of it."""
        return self.device.control

    @property
    def house(self) -> House:
        """The simulated house."""
        return self.station.house

    @property
    def stored(self) -> dict[str, Any]:
        """What the inverter has stored, as the wire has it.

        Slots without a time are empty; immediate charging that is done is off.
        """
        self.house.advance()
        done = {CHARGING: 0} if self.controls.immediate_done else {}
        return {
            name: _without_unused(name, value)
            for name, value in {**self.controls.settings.stored, **done}.items()
        }

    def slot(self, number: int) -> dict[str, Any]:
        """Return a slot as the wire has it, its fields without the number."""
        fields: Mapping[str, Any] = self.stored[f"TOU{number}"]
        return {name.removesuffix(str(number)): fields[name] for name in fields}

    @property
    def slots_on(self) -> list[int]:
        """The slots that are enabled."""
        return [
            number
            for number in range(1, 13)
            if self.slot(number).get("TOUWeekEnable") == 249
        ]

    @property
    def sent(self) -> int:
        """How many changes the cloud has taken."""
        return len(self.controls.writes)

    @property
    def power(self) -> float:
        """The power of the battery in W, + discharges."""
        return self.house.live().battery_w


def _without_unused(name: str, value: Any) -> Any:
    """Return a value; a slot without a time is none, whatever else it says."""
    if not name.startswith("TOU") or not isinstance(value, dict):
        return float(value) if isinstance(value, int | float) else value
    number = name.removeprefix("TOU")
    same = value[f"TOUStart{number}"] == value[f"TOUEnd{number}"]
    return {} if same else dict(value)
