"""A system that takes orders: what tests say to it, and where they look."""

from datetime import datetime
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator
from simulator.alphaess.system import AlphaSystem
from simulator.house import House

from ...orders_room import OrdersRoom
from ..conftest import SYSTEM_1, SYSTEM_2, Step
from ..devices import device_id

LEASES = f"{DOMAIN}.leases"
CHARGE = "updateChargeConfigInfo"
DISCHARGE = "updateDisChargeConfigInfo"
PERIODIC = "setTimeChargeBySn"
# Reads of both stores
SETTINGS = "get[CDT]*harge*"
POLL = 61
SETTINGS_POLL = 10 * 60 + 1

# The first system has the legacy store, the second one the periodic one.
BOTH_STORES = pytest.mark.parametrize(
    ("homes", "serial"),
    [pytest.param(1, SYSTEM_1, id="legacy"), pytest.param(2, SYSTEM_2, id="periodic")],
)

PERIODIC_STORE = pytest.mark.parametrize(("homes", "serial"), [(2, SYSTEM_2)])


class Room(OrdersRoom):
    """One of the account's systems; `serial` says which."""

    domain, poll = DOMAIN, POLL
    charging = (30, {"target_soc": 90})

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: AlphaEssSimulator,
        step: Step,
        freezer: FrozenDateTimeFactory,
        serial: str = SYSTEM_1,
    ) -> None:
        self.hass, self.entry, self.sim = hass, entry, sim
        self.step, self.freezer, self.serial = step, freezer, serial

    def beside(self, serial: str) -> Room:
        """Return another system of the account."""
        return Room(self.hass, self.entry, self.sim, self.step, self.freezer, serial)

    @property
    def endpoint(self) -> str:
        """Where a force is written."""
        return CHARGE if self.serial == SYSTEM_1 else PERIODIC

    @property
    def part(self) -> str:
        """Which settings a force is in."""
        return "charge" if self.serial == SYSTEM_1 else "periodic"

    @property
    def device(self) -> str:
        """The device's id."""
        return device_id(self.hass, self.entry, self.serial)

    async def start(self, **options: Any) -> None:
        """Set the account up and let everything be read; half full, no sun."""
        self.entry.add_to_hass(self.hass)
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        for house in self.sim.houses.values():
            house.override(pv_w=0, load_w=500, soc=50)
        for system in self.sim.systems.values():
            # As `assume_enabled` says
            system.write_as_app(system.periodic, gridChargeCycle=1, ctrDisCycle=1)
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()
        await self.step(POLL)

    async def minutes(self, count: float, *, each: float = 5) -> None:
        """Let time pass, with polls `each` so many minutes."""
        while count > 0:
            await self.step(min(count, each) * 60 + 0.5)
            count -= each

    def unique_id(self, key: str) -> str:
        """Return what never changes of an entity; a whole one is taken as it is."""
        return key if key[:2].isupper() else super().unique_id(key)

    @property
    def mode(self) -> str:
        """What the battery does by order."""
        return self.state("select", "battery_mode")

    @property
    def control(self) -> str:
        """The state of control."""
        return self.state("sensor", "control_state")

    # What is true

    @property
    def system(self) -> AlphaSystem:
        """The simulated system."""
        return self.sim.systems[self.serial]

    @property
    def house(self) -> House:
        """The simulated house."""
        return self.sim.houses[self.serial]

    @property
    def stored(self) -> str:
        """What is stored, byte for byte."""
        system = self.system
        return json.dumps(
            [
                system.charge.stored,
                system.discharge.stored,
                system.periodic.stored,
            ]
        )

    @property
    def parts(self) -> list[str]:
        """Which settings accepted writes were for, oldest first."""
        return [write.part for write in self.system.writes]

    @property
    def effects(self) -> list[str]:
        """Which settings were changed by them."""
        return [effect.part for effect in self.system.effects]

    @property
    def sent(self) -> int:
        """How many writes reached the cloud, also those that it refused."""
        return sum(
            self.sim.counters.count(name, system=self.serial)
            for name in (CHARGE, DISCHARGE, PERIODIC)
        )

    @property
    def battery(self) -> float:
        """The power of the battery in W, + discharges."""
        return self.house.live().battery_w

    @property
    def now(self) -> datetime:
        """The house's local time."""
        return self.house.live().at.astimezone(self.entry.runtime_data.zone)
