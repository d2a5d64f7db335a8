"""GoodWe's devices that the suite runs on."""

from typing import Any, override

from custom_components.goodwe_energy.control.inverter_driver import InverterDriver
from custom_components.goodwe_energy.control.schedule import read_schedule

from .goodwe import GoodWe


class ThreePhase(GoodWe):
    """A GW10K-ET with a battery: slots, and immediate charging."""

    home = "hybrid"
    written_before = 9

    @override
    def make_driver(self) -> InverterDriver:
        return InverterDriver(
            self.what(),
            self.client,
            zone=self.zone,
            has_battery=lambda: True,
            battery_name=lambda: "mppt1_battery",
            battery=lambda: "1",
            **self.shared(),
        )

    @override
    def read_schedule(self, settings: Any) -> Any:
        return read_schedule(settings.values, self.device.spec.rated_w)


class SinglePhase(ThreePhase):
    """A GW6000-EH."""

    home = "v2"
    written_before = 0


class Exclusive(ThreePhase):
    """A GW5048D-ES with one mode at a time and no immediate charging."""

    home = "v1"
    written_before = 2

    def __init__(self, clock: Any, **options: Any) -> None:
        """Take immediate charging out of its menus."""
        super().__init__(clock, **options)
        self.controls.functions.battery = ()


class PvOnly(GoodWe):
    """An inverter without a battery."""

    home = "string"
