"""Growatt's MIN: segments, power limits and remote control."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from custom_components.growatt_energy.control_min import segments, values
from custom_components.growatt_energy.control_min.min_driver import (
    MinDriver,
    read_schedule,
    settings_of,
)
from custom_components.growatt_energy.families import Family
from simulator.growatt.vpp import AUTHORITY, ENABLE, MINUTES, PERCENT

from .disk import NoteFile
from .growatt import Growatt
from .wire_time import WireClock

# What the app sets: nothing of it is a value of ours, or of the presets
APP_PERCENT, APP_REMOTE, APP_MODE = 33, -21, 0
_FLAGS = (AUTHORITY, ENABLE, PERCENT)


class Min(Growatt):
    """One MIN with its driver."""

    home: ClassVar[str] = "MIN"
    family: ClassVar[Family] = Family.MIN

    def __init__(
        self,
        clock: WireClock,
        *,
        vpp: bool = False,
        authority: bool = False,
        login: bool = False,
        preset: Mapping[str, Any] | None = None,
    ) -> None:
        """Build one whose model has remote control, or has not.

        With ``authority`` its owner has allowed it before.
        """
        super().__init__(clock, login=login, preset=preset)
        self._authority = authority
        self.device.switches.vpp = self.vpp = vpp

    @override
    def prepare(self, notes: NoteFile) -> None:
        super().prepare(notes)
        self.device.vpp.write(AUTHORITY, int(self._authority))
        self._registers = dict(self.device.vpp.values)

    @override
    def make_driver(self) -> MinDriver:
        return MinDriver(
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
    def truth(self) -> Any:
        """Return the settings, and what remote control does now."""
        truth = super().truth()
        if self.vpp:
            registers = self.device.vpp.values
            truth["vpp"] = {str(number): registers[number] for number in _FLAGS}
            truth["ends"] = self.device.vpp.until is not None
        return truth

    @override
    def read_of(self, document: Mapping[str, Any]) -> Any:
        bean = settings_of(document)
        found: dict[str, Any] = values.decode(bean) | segments.decode(bean)
        if self.vpp:
            registers = document["vpp"]
            found["vpp"] = {str(number): registers[str(number)] for number in _FLAGS}
        return found

    @override
    def of_the_app(self) -> Any:
        settings = self.device.settings.stored
        wanted = {
            "chargePowerCommand": APP_PERCENT,
            "disChargePowerCommand": APP_PERCENT,
            "onGridDischargeStopSOC": APP_PERCENT,
            "forcedTimeStop3": "23:12",
        }
        found = {key: v for key, v in wanted.items() if settings[key] == v}
        if self.device.vpp.values[PERCENT] == APP_REMOTE:
            found["vpp"] = APP_REMOTE
        return found

    def remote_by_app(self) -> None:
        """Let an energy company lead the battery from now on, without an end."""
        registers = self.device.vpp
        for number, value in ((AUTHORITY, 1), (ENABLE, 1), (MINUTES, 0)):
            registers.write(number, value)
        registers.write(PERCENT, APP_REMOTE)

    @override
    def restart_device(self) -> None:
        super().restart_device()
        if self.vpp:
            for number in (PERCENT, MINUTES, ENABLE, AUTHORITY):
                self.device.vpp.write(number, self._registers[number])

    @override
    def read_schedule(self, settings: Any) -> Any:
        return read_schedule(settings)
