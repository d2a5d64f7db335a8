"""The control entities of a running entry, by the ends of their unique ids."""

from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator
from simulator.alphaess.journal import Write
from simulator.alphaess.system import AlphaSystem

from .conftest import SYSTEM_1
from .devices import device_id


@dataclass
class Panel:
    """What a person has in front of them."""

    hass: HomeAssistant
    sim: AlphaEssSimulator
    entry: MockConfigEntry

    @property
    def system(self) -> AlphaSystem:
        """The first system, which has the legacy store."""
        return self.sim.systems[SYSTEM_1]

    def writes(self, serial: str = SYSTEM_1) -> list[Write]:
        return self.sim.systems[serial].writes

    def entity_id(self, platform: str, key: str, serial: str = SYSTEM_1) -> str:
        found = self.find(platform, key, serial)
        assert found is not None, key
        return found

    def find(self, platform: str, key: str, serial: str = SYSTEM_1) -> str | None:
        return er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{serial}_{key}"
        )

    def state(self, platform: str, key: str, serial: str = SYSTEM_1) -> State:
        found = self.hass.states.get(self.entity_id(platform, key, serial))
        assert found is not None, key
        return found

    def shown(self, platform: str, key: str, serial: str = SYSTEM_1) -> str:
        return self.state(platform, key, serial).state

    async def set(
        self, platform: str, key: str, value: Any = None, serial: str = SYSTEM_1
    ) -> None:
        """Set an entity as the frontend does."""
        action, data = {
            "number": ("set_value", {"value": value}),
            "time": ("set_value", {"time": value}),
            "select": ("select_option", {"option": value}),
            "switch": ("turn_on" if value else "turn_off", {}),
            "button": ("press", {}),
        }[platform]
        await self.hass.services.async_call(
            platform,
            action,
            {"entity_id": self.entity_id(platform, key, serial), **data},
            blocking=True,
        )

    async def act(self, action: str, *serials: str, **data: Any) -> Any:
        """Call an action and return what it answers, by serial."""
        ids = {
            device_id(self.hass, self.entry, serial): serial
            for serial in serials or (SYSTEM_1,)
        }
        answer: Any = await self.hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": list(ids), **data},
            blocking=True,
            return_response=True,
        )
        return {ids[key]: item for key, item in answer.items()}
