"""Who owns what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .device import Device
from .plant import Plant

USER_NAME = "jane.solar"
PASSWORD = "Zon&Wind2024"
USER_ID = 2345678
TOKEN = "7a1f0c2be9d84513a6c0f7d2e5b49a8c"


@dataclass(slots=True, kw_only=True, eq=False)
class Account:
    """One user of the app, who may have a token too."""

    user_name: str = USER_NAME
    password: str = PASSWORD
    user_id: int = USER_ID
    token: str = TOKEN
    plants: list[Plant] = field(default_factory=list)
    rightlevel: int = 1
    """0 is a visitor, whose writes fail (Q36)."""
    only_looks: bool = False
    """A visitor whom ``rightlevel`` does not tell."""
    email: str = "jane.solar@example.com"
    phone: str = "0049555123456"
    country: str = "Germany"
    cpower_token: str = "c0ffee00c0ffee00c0ffee00c0ffee00"

    @property
    def may_write(self) -> bool:
        """Whether the app's writes are accepted."""
        return bool(self.rightlevel) and not self.only_looks

    @property
    def devices(self) -> Mapping[str, Device]:
        """All devices by serial number."""
        return {device.sn: device for plant in self.plants for device in plant.devices}

    def plant(self, plant_id: object) -> Plant | None:
        """Return a plant by its id, a number or a text."""
        for plant in self.plants:
            if str(plant.id) == str(plant_id):
                return plant
        return None

    def plant_of(self, device: Device) -> Plant:
        """Return where a device stands; StopIteration if it is not this account's."""
        return next(plant for plant in self.plants if device in plant.devices)

    def logger(self, serial: str) -> Plant | None:
        """Return the plant of a datalogger."""
        for plant in self.plants:
            if serial and plant.home.datalogger == serial:
                return plant
        return None
