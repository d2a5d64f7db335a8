"""AlphaESS: the house connection and the EV charger of a system."""

from typing import Any, override

from custom_components.alphaess_energy import charging
from custom_components.alphaess_energy._vendor.core.ha.account import Account

from .alphaess import LEGACY, AlphaEss
from .disk import NoteFile
from .wire_time import WireClock


class Household(AlphaEss):
    """The house connection's current."""

    def __init__(self, clock: WireClock) -> None:
        """Take the home with a charger."""
        super().__init__(clock, home=LEGACY)
        self.key = f"{self.system.serial}/household"

    @override
    def _driver(self, account: Account) -> Any:
        return charging.HouseholdDriver(
            self.system.serial, self.client, **self._shared(account)
        )

    @override
    def stored(self) -> Any:
        return self.truth()["household"]

    @override
    def shown(self) -> Any:
        return self._raw

    @override
    def change_beside(self) -> None:
        self.system.write_as_app(self.system.charge, batHighCap=55)

    @override
    def read_schedule(self, settings: Any) -> Any:
        return None


class Wallbox(Household):
    """Whether an EV charger may charge; a car is plugged in."""

    def __init__(self, clock: WireClock) -> None:
        """Take the home with a charger."""
        super().__init__(clock)
        assert self.system.charger is not None
        self.charger = self.system.charger
        self.key = self.charger.serial

    @override
    def prepare(self, notes: NoteFile) -> None:
        super().prepare(notes)
        self.house().override(ev_plugged=True)

    @override
    def _driver(self, account: Account) -> Any:
        return charging.ChargerDriver(
            self.system.serial,
            self.charger.serial,
            self.client,
            **self._shared(account),
        )

    @override
    def truth(self) -> Any:
        return {**super().truth(), "car": self.house().car_enabled}

    @override
    def stored(self) -> Any:
        return self.truth()["car"]

    @override
    def shown(self) -> Any:
        return self.driver.decode(self._raw, self._clock.now()).values["charging"]

    @override
    def switch(self, *, readback_delay: float = 0.0, **switches: Any) -> None:
        super().switch(**switches)
        self.charger.reaction_delay = readback_delay
