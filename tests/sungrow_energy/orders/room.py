"""An account whose devices take orders: what tests say to them, and where they look."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.const import DOMAIN
from simulator.house import House
from simulator.sungrow import SungrowSimulator
from simulator.sungrow.device import Device

from ...orders_room import OrdersRoom
from ..conftest import Step

LEASES = f"{DOMAIN}.leases"
# So many seconds apart are the polls; samples come as often.
POLL = 300
MODE, COMMAND, POWER = 10003, 10004, 10005


class Room(OrdersRoom):
    """The devices of one entry; what is said goes to the first unless said otherwise."""

    domain, poll = DOMAIN, POLL
    forgotten = (
        "accounts",
        "connections",
        "token_keepers",
        "control",
        "force_defaults",
    )
    charging = (60, {"power": 3000})

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: SungrowSimulator,
        step: Step,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        self.hass, self.entry, self.sim = hass, entry, sim
        self.step, self.freezer = step, freezer
        self.serial = next(iter(sim.devices))

    async def start(self, *, allow: bool = True, **options: Any) -> None:
        """Set the entry up and let everything be read; half full, no sun."""
        self.entry.add_to_hass(self.hass)
        self.hass.config_entries.async_update_entry(
            self.entry, options={"allow_control": allow, **options}
        )
        for house in self.sim.houses.values():
            house.override(pv_w=0, load_w=500, soc=50)
        for plant in self.sim.plants:
            plant.upload()
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()
        await self.step(1)
        self.sim.counters.reset()

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
    def stored(self) -> dict[int, int]:
        """What the device has stored, on the wire, by code."""
        kept = dict(self.device.parameters.stored)
        # Outside of compulsory mode nobody looks at it.
        if kept.get(MODE) == 0:
            kept.pop(POWER, None)
        return kept

    @property
    def sent(self) -> int:
        """How many tasks were to change something, also those that were refused."""
        return len(self.device.writes)

    @property
    def power(self) -> float:
        """The power of the battery in W, + discharges."""
        return self.house.live().battery_w
