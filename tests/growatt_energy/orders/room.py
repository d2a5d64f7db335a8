"""An account whose devices take orders: what tests say to them, and where they look."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.const import DOMAIN
from simulator.growatt import GrowattSimulator
from simulator.growatt.device import Device
from simulator.house import House

from ...orders_room import OrdersRoom
from ..conftest import Step

LEASES = f"{DOMAIN}.leases"
# So many seconds apart are the polls; records come as often.
POLL = 300


class Room(OrdersRoom):
    """The devices of one entry; what is said goes to the first unless said otherwise."""

    domain, poll = DOMAIN, POLL
    forgotten = ("accounts", "connections", "control", "force_defaults")
    charging = (60, {"power": 3000})

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: GrowattSimulator,
        step: Step,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        self.hass, self.entry, self.sim = hass, entry, sim
        self.step, self.freezer = step, freezer
        self.serial = next(iter(sim.devices))

    async def start(self, **options: Any) -> None:
        """Set the entry up and let everything be read; half full, no sun."""
        self.entry.add_to_hass(self.hass)
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        for house in self.sim.houses.values():
            house.override(pv_w=0, load_w=500, soc=50)
        for device in self.sim.devices.values():
            device.push()
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()
        await self.step(1)
        self.sim.counters.reset()

    def device_id(self, key: str | None = None) -> str:
        """Return the id of a device by its serial, of the plant by ``plant``."""
        if key == "plant":
            key = next(iter(self.entry.runtime_data.plants.values())).key
        return super().device_id(key)

    @property
    def mode(self) -> str | None:
        """Which force or hold runs; None is self-use."""
        kind = self.manager.mode
        return None if kind is None else str(kind)

    @property
    def control(self) -> str:
        """The state of control."""
        return str(self.manager.state)

    # What is true

    @property
    def device(self) -> Device:
        """The simulated device."""
        return self.sim.devices[self.serial]

    @property
    def house(self) -> House:
        """The simulated house."""
        return self.sim.houses[next(iter(self.sim.houses))]

    @property
    def stored(self) -> dict[str, Any]:
        """What is stored, and what remote control does."""
        remote = {f"vpp {key}": value for key, value in self.device.vpp.values.items()}
        # The time that remote control may last is nothing that anybody looks at.
        remote.pop("vpp 26", None)
        return {**self.device.settings.stored, **remote}

    @property
    def sent(self) -> int:
        """How many writes the device was sent, also those that it refused."""
        return len(self.device.writes)

    @property
    def power(self) -> float:
        """The power of the battery in W, + discharges."""
        return self.house.live().battery_w
