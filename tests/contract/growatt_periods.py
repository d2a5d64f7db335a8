"""Growatt's SPH and SPA: periods that are written as groups, and remote control."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from custom_components.growatt_energy.control_sph.period_driver import (
    PeriodDriver,
    read_schedule,
)
from custom_components.growatt_energy.control_sph.spa_driver import SpaDriver
from custom_components.growatt_energy.control_sph.sph_driver import SphDriver
from custom_components.growatt_energy.families import Family
from simulator.growatt.vpp import PERCENT

from .growatt_min import _FLAGS, APP_PERCENT, APP_REMOTE, Min

# What the app sets: nothing of it is a value of ours, or of the presets
_OF_THE_APP = ("chargePowerCommand", "disChargePowerCommand", "exportLimitPowerRate")
APP_WINDOW = "21:33"


class Sph(Min):
    """One SPH with its driver."""

    home: ClassVar[str] = "SPH"
    family: ClassVar[Family] = Family.SPH
    driver_class: ClassVar[type[SphDriver | SpaDriver]] = SphDriver

    @override
    def is_write(self, endpoint: str) -> bool:
        name = endpoint.rpartition("/")[2]
        return super().is_write(endpoint) or name.endswith(("SetApi", "SetApiNew"))

    @override
    def make_driver(self) -> PeriodDriver:
        return self.driver_class(
            self.key,
            self.setter,
            fetch=self.fetch,
            on_read=self.take,
            observe=self.observe,
            zone=self.zone,
            notes=self.notes,
            clock=self._clock,
            budget=self.budget,
            rated_power=self.rated_power,
        )

    @override
    def read_of(self, document: Mapping[str, Any]) -> Any:
        store = self.driver.store
        found: dict[str, Any] = {}
        for part in (*store.groups, *store.requests):
            found |= part.read(document)
        if self.vpp:
            registers = document["vpp"]
            found["vpp"] = {str(number): registers[str(number)] for number in _FLAGS}
        return found

    @override
    def of_the_app(self) -> Any:
        settings = self.device.settings.stored
        found = {key: v for key, v in settings.items() if v == APP_WINDOW}
        found |= {
            key: APP_PERCENT for key in _OF_THE_APP if settings[key] == APP_PERCENT
        }
        if self.device.vpp.values[PERCENT] == APP_REMOTE:
            found["vpp"] = APP_REMOTE
        return found

    @override
    def read_schedule(self, settings: Any) -> Any:
        return read_schedule(settings, self.driver.store, self.rated_power())


class Spa(Sph):
    """One SPA with its driver."""

    home: ClassVar[str] = "SPA"
    family: ClassVar[Family] = Family.SPA
    driver_class: ClassVar[type[SphDriver | SpaDriver]] = SpaDriver
    _load = 500

    @override
    async def poll(self) -> None:
        """Have the house change: by that the app's records are known to be new."""
        self._load = 1020 - self._load
        self.house().override(load_w=self._load)
        await super().poll()
