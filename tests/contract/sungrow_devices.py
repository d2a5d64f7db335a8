"""Sungrow's devices that the suite runs on."""

from collections.abc import Mapping
from typing import Any, override

from custom_components.sungrow_energy.control import schedule
from custom_components.sungrow_energy.control.sungrow_driver import SungrowDriver

from .sungrow import Sungrow


class Hybrid(Sungrow):
    """One SH10RT with a battery."""

    home = "hybrid"
    type = 14
    left_out = (
        *("10001", "10007", "10008", "10009", "10010", "10014"),
        *("10017", "10024", "10034", "10036"),
        *("10072", "10073", "10074", "10075", "10076"),
    )

    @override
    def make_driver(self) -> SungrowDriver:
        return SungrowDriver(
            self.what(),
            self,
            notes=self.notes,
            has_battery=lambda: self.plant.home.has_battery,
            status=self.status,
            **self.shared(),
        )

    @override
    def of_the_app(self) -> Any:
        stored = self.device.parameters.stored
        return [
            code for code in ("p10002", "p10005") if stored[int(code[1:])] == APP[code]
        ]

    @override
    def read_schedule(self, settings: Any) -> Any:
        return schedule.rows_of(settings.values)


class Logger(Sungrow):
    """One Logger1000 of a plant without a battery."""

    home = "string"
    type = 9

    @override
    def change_beside(self) -> None:
        self.device.write_as_app(p10090=1)


# What the app sets: nothing of it is a value of ours, or of the presets
APP: Mapping[str, int] = {"p10002": 230, "p10004": 187, "p10005": 3330}
