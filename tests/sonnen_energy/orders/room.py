"""A battery that takes orders: what tests say to it, and where they look."""

from datetime import datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sonnen_energy.const import DOMAIN
from simulator.house import House
from simulator.sonnen import SonnenBattery, SonnenSimulator

from ...orders_room import OrdersRoom
from ..conftest import Step

LEASES = f"{DOMAIN}.leases"
# So many seconds apart are the polls of the status.
POLL = 10


class Room(OrdersRoom):
    """The battery of one entry."""

    domain, poll = DOMAIN, POLL

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: SonnenSimulator,
        battery: SonnenBattery,
        step: Step,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        self.hass, self.entry, self.sim, self.battery = hass, entry, sim, battery
        self.step, self.freezer, self.serial = step, freezer, battery.serial

    async def start(self, **options: Any) -> None:
        """Set the entry up and let everything be read; half full, no sun."""
        self.entry.add_to_hass(self.hass)
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        self.house.override(pv_w=0, load_w=500)
        self.battery.set_usoc(50)
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()
        await self.seconds(61)

    @property
    def device(self) -> str:
        """The device's id."""
        return self.device_id()

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
    def house(self) -> House:
        """The simulated house."""
        return self.battery.house

    @property
    def stored(self) -> dict[str, Any]:
        """What is stored, set points too."""
        return self.battery.stored

    @property
    def sent(self) -> int:
        """How many writes reached the battery, also those that it refused."""
        return self.sim.counters.count("set*", system=self.serial)

    @property
    def power(self) -> float:
        """The power of the battery in W, + discharges."""
        return self.house.live().battery_w

    @property
    def now(self) -> datetime:
        """The house's local time."""
        return self.house.live().at.astimezone(self.entry.runtime_data.zone)
