"""Growatt's NOAH, storage and string inverters: settings only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import TYPE_CHECKING, Any, ClassVar, override

from custom_components.growatt_energy._vendor.core.client.budget import Rule
from custom_components.growatt_energy.control_rest import noah_segments
from custom_components.growatt_energy.control_rest.inverter_driver import (
    InverterDriver,
)
from custom_components.growatt_energy.control_rest.noah_driver import NoahDriver
from custom_components.growatt_energy.control_rest.storage_driver import StorageDriver
from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.sources.identity import Remembered
from custom_components.growatt_energy.sources.noah_info import noah_info

from .growatt import Growatt
from .vendor import Case, Refused

if TYPE_CHECKING:
    from .bench import Bench

# What the app sets: nothing of it is a value of ours, or of the presets
APP_RESERVE = 23


class _Rest(Growatt):
    """A device that is asked itself for its settings."""

    def _shared(self) -> dict[str, Any]:
        return {
            "fetch": self.fetch,
            "on_read": self.take,
            "observe": self.observe,
            "zone": self.zone,
            "clock": self._clock,
            "budget": self.budget,
            "rated_power": self.rated_power,
        }

    @override
    def read_of(self, document: Mapping[str, Any]) -> Any:
        return self.driver._decode(document)

    @override
    def switch(self, *, readback_delay: float = 0.0, **switches: Any) -> None:
        super().switch(**switches)
        self.device.switches.reaction_delay = readback_delay


class Inverter(_Rest):
    """One string inverter."""

    home: ClassVar[str] = "SPA"
    family: ClassVar[Family] = Family.INVERTER

    @override
    def make_driver(self) -> InverterDriver:
        return InverterDriver(self.key, self.setter, self.family, **self._shared())

    @override
    def change_beside(self) -> None:
        self.device.write_as_app(reactiveRate=5)


class Storage(_Rest):
    """One SPF."""

    home: ClassVar[str] = "STORAGE"
    family: ClassVar[Family] = Family.STORAGE

    @override
    def make_driver(self) -> StorageDriver:
        return StorageDriver(self.key, self.setter, **self._shared())

    @override
    def change_beside(self) -> None:
        self.device.write_as_app(storage_lithium_battery="5")


class Noah(_Rest):
    """One NOAH."""

    home: ClassVar[str] = "NOAH"
    family: ClassVar[Family] = Family.NOAH
    # The suite reads its settings more often than every five minutes
    rules: ClassVar[Sequence[Rule]] = ()

    @override
    def make_driver(self) -> NoahDriver:
        return NoahDriver(
            self.key, self.setter, fetch_app=self._fetch_app, **self._shared()
        )

    async def _fetch_app(self) -> Mapping[str, Any]:
        return await noah_info(self.client, Remembered(), self.key)

    @override
    def switch(self, *, readback_delay: float = 0.0, **switches: Any) -> None:
        Growatt.switch(self, readback_delay=readback_delay, **switches)

    @override
    def change_beside(self) -> None:
        self.device.write_as_app(chargingSocHighLimit=90)

    @override
    def of_the_app(self) -> Any:
        low = self.device.settings.stored["chargingSocLowLimit"]
        return [low] if low == APP_RESERVE else []

    @override
    def read_schedule(self, settings: Any) -> Any:
        return noah_segments.rows(settings.values), {}


def _values_of(**values: Any) -> Callable[[Bench], Any]:
    return lambda bench: bench.words.SetValues(edits=(lambda _: values,))


def _limit(bench: Bench) -> Any:
    percent = bench.pick(60, 10, 95)
    return bench.words.SetValues(edits=(lambda _: {"active_power_limit": percent},))


INVERTER_CASES = (
    Case(
        name="limit",
        kind="set_values",
        make=_limit,
        clamp={"activeRate": 5},
        clamped={"active_power_limit": 5},
    ),
    Case(
        name="off_and_limit",
        kind="set_values",
        make=_values_of(power_on=False, active_power_limit=50),
        requests=2,
    ),
)
STORAGE_CASES = (
    Case(
        name="charging",
        kind="set_values",
        make=_values_of(ac_charge=True, ac_charge_soc=70),
        requests=2,
    ),
    Case(
        name="window",
        kind="set_values",
        make=_values_of(ac_charge_start="01:05", ac_charge_end="05:30"),
    ),
)


def _reserve(bench: Bench, minutes: float) -> Any:
    return bench.words.SetReserve(
        soc=bench.pick(20, 15, 22), until=bench.after(minutes)
    )


def _schedule(bench: Bench) -> Any:
    words = bench.words
    watts = float(bench.pick(300, 200, 800))
    return words.SetSchedule(
        rows=(
            words.Row(start=time(8), end=time(16), mode="battery_first", power=watts),
            words.Row(start=time(22), end=time(23), mode="load_first", power=175.0),
        ),
        switches={},
    )


def _app(**values: Any) -> Callable[[Bench], None]:
    return lambda bench: bench.vendor.device.write_as_app(**values)


NOAH_CASES = (
    Case(
        name="timed_reserve",
        kind="set_reserve",
        make=_reserve,
        timed=True,
        clamp={"chargingSocLowLimit": 12},
        interfere=_app(chargingSocLowLimit=APP_RESERVE),
    ),
    Case(
        name="values",
        kind="set_values",
        make=_values_of(output_power=250, grid_charging=True),
        requests=2,
    ),
    Case(name="schedule", kind="set_schedule", make=_schedule, requests=2),
)

_UNABLE = (
    Refused(
        "force_charge",
        "not_supported",
        lambda bench: bench.words.ForceCharge(until=bench.after(30)),
    ),
    Refused("unknown_setting", "unknown_setting", _values_of(pf=1)),
)
INVERTER_REFUSED = (
    *_UNABLE,
    Refused("limit_101", "setting_range", _values_of(active_power_limit=101)),
    Refused("on_text", "unknown_setting", _values_of(power_on="on")),
)
STORAGE_REFUSED = (
    *_UNABLE,
    Refused("soc_9", "setting_range", _values_of(ac_charge_soc=9)),
    Refused("soc_half", "setting_whole", _values_of(ac_charge_soc=50.5)),
    Refused("time", "unknown_setting", _values_of(ac_charge_start="1:5")),
)
NOAH_REFUSED = (
    *_UNABLE,
    Refused("reserve_31", "soc_range", lambda bench: bench.words.SetReserve(soc=31)),
    Refused("limit_69", "setting_range", _values_of(charge_limit=69)),
    Refused("power_801", "power_range", _values_of(output_power=801)),
    Refused("segment", "unknown_setting", _values_of(segment1="soon")),
)
