"""A simulated device behind the API's answers, in time that passes by itself."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from custom_components.sungrow_energy._vendor.core.client.decode import mappings
from custom_components.sungrow_energy._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    MaintenanceError,
    ThrottledError,
    UnsupportedError,
    WriteRejected,
)
from custom_components.sungrow_energy._vendor.core.control.driver import Observation
from custom_components.sungrow_energy.control.controllee import Controllee
from custom_components.sungrow_energy.control.settings_driver import SettingsDriver
from custom_components.sungrow_energy.control.sungrow_driver import SungrowDriver
from simulator.sungrow import SungrowSimulator
from simulator.sungrow.call import Call
from simulator.sungrow.commands import check, set_parameters, task_result
from simulator.sungrow.device import Device

NOON = datetime(2026, 11, 20, 12, 2, 10, tzinfo=UTC)
HYBRID = 14
_ERRORS: Mapping[str, type[ApiError]] = {
    "0": UnsupportedError,
    "6": UnsupportedError,
    "6-1": UnsupportedError,
    "12": UnsupportedError,
    "7": MaintenanceError,
    "9": ThrottledError,
}


class AutoClock:
    """Fits the core's clock and the simulator's; waiting makes time pass at once."""

    def __init__(self, now: datetime = NOON) -> None:
        """Begin at a moment."""
        self.elapsed, self._start = 0.0, now

    def __call__(self) -> datetime:
        return self.now()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return 1000.0 + self.elapsed

    async def sleep(self, seconds: float) -> None:
        self.elapsed += seconds
        await asyncio.sleep(0)


class NoteBook(dict[str, Any]):
    """Fits the core's notes."""

    def set(self, key: str, value: Any) -> None:
        if value is None:
            self.pop(key, None)
        else:
            self[key] = value

    async def save(self) -> None:
        """Keep nothing."""


class Api:
    """Fits ``ParameterClient``; asks the simulator's endpoints without a wire.

    ``submitted`` are the tasks, as write or read with their rows.
    """

    def __init__(self, sim: SungrowSimulator) -> None:
        """Reach all plants."""
        self._sim = sim
        self.submitted: list[tuple[bool, dict[str, str]]] = []
        self.looks = 0
        self.fails: list[ApiError | None] = []
        self.look_fails: list[ApiError | None] = []

    def _call(self, **body: Any) -> Call:
        for plant in self._sim.plants:
            plant.house.advance()
        return Call(body=body, v1=False, plants=self._sim.plants, cloud=self._sim.cloud)

    async def check_parameters(self, uuid: str, *, write: bool) -> bool:
        found = check(self._call(set_type=0 if write else 2, uuid=uuid))
        return found["check_result"] == "1"

    async def submit_parameters(
        self,
        uuid: str,
        rows: Sequence[tuple[str, str]],
        *,
        write: bool,
        expire_s: int,
    ) -> str:
        self.submitted.append((write, dict(rows)))
        if self.fails and (err := self.fails.pop(0)) is not None:
            raise err
        listed = [
            {"param_code": code, "set_value": value if write else ""}
            for code, value in rows
        ]
        found = set_parameters(
            self._call(
                set_type=0 if write else 2,
                uuid=uuid,
                task_name="test",
                expire_second=expire_s,
                param_list=listed,
            )
        )
        (row,) = mappings(found["dev_result_list"])
        if row["code"] == "1":
            return str(row["task_id"])
        kind = _ERRORS.get(row["code"], BadDataError)
        if write and kind in {BadDataError, MaintenanceError}:
            kind = WriteRejected
        raise kind("refused", code=row["code"], reason="refused")

    async def task(self, uuid: str, task_id: str) -> Mapping[str, Any]:
        self.looks += 1
        if self.look_fails and (err := self.look_fails.pop(0)) is not None:
            raise err
        found: Mapping[str, Any] = task_result(self._call(task_id=task_id, uuid=uuid))
        return found

    @property
    def written(self) -> list[dict[str, str]]:
        """The rows of all tasks that should change something."""
        return [rows for write, rows in self.submitted if write]

    @property
    def read(self) -> list[list[str]]:
        """The codes of all tasks that read."""
        return [list(rows) for write, rows in self.submitted if not write]


class Budget:
    """Lets everything through; ``open`` while what is kept for writes may be used."""

    open = False

    @contextmanager
    def for_write(self) -> Iterator[None]:
        self.open = True
        try:
            yield
        finally:
            self.open = False


class Rig:
    """A driver on a simulated device."""

    def __init__(self, home: str = "hybrid", device_type: int = HYBRID) -> None:
        """Build a home; ``start`` makes the driver."""
        self.clock = AutoClock()
        self.sim = SungrowSimulator(clock=self.clock, homes=[home])
        (self.plant,) = self.sim.plants
        self.device: Device = self.plant.of(device_type)[0]
        self.device.switches.task_seconds = 5.0
        self.api, self.notes = Api(self.sim), NoteBook()
        self.battery = self.plant.home.has_battery
        self.soc, self.power = 50.0, 0.0
        self.status: str | None = "running"
        self.by_logger = False
        self.serial, self.firmware = self.device.spec.sn, ""
        self.budget = Budget()

    def what(self) -> Controllee:
        """Return what is known of the device."""
        spec = self.device.spec
        return Controllee(
            serial=self.serial,
            uuid=self.device.uuid,
            type=spec.type,
            model=spec.model,
            rated=spec.rated_w or None,
        )

    def hybrid(
        self, on_read: Callable[[Any, datetime], None] = lambda raw, at: None
    ) -> SungrowDriver:
        """Return a driver that leads the battery."""
        return SungrowDriver(
            self.what(),
            self.api,
            notes=self.notes,
            clock=self.clock,
            has_battery=lambda: self.battery,
            status=lambda: self.status,
            logger_limits=lambda: self.by_logger,
            firmware=lambda: self.firmware,
            budget=self.budget,
            admit=lambda requests: None,
            observe=self.observe,
            on_read=on_read,
        )

    def settings(self) -> SettingsDriver:
        """Return a driver of settings only."""
        return SettingsDriver(
            self.what(),
            self.api,
            notes=self.notes,
            clock=self.clock,
            budget=self.budget,
            admit=lambda requests: None,
            observe=self.observe,
            on_read=lambda raw, at: None,
        )

    def observe(self) -> Observation:
        """Return what the battery is told to be seen doing."""
        return Observation(
            at=self.clock.now(), fresh=True, soc=self.soc, battery=self.power
        )

    def stored(self, code: int) -> int:
        """Return what the device has stored of a code."""
        self.device.house.advance()
        return self.device.parameters.stored[code]
