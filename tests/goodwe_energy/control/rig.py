"""A driver on the settings of a simulated inverter, without a wire between them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.goodwe_energy._vendor.core.client.errors import (
    UnsupportedError,
    WriteRejected,
)
from custom_components.goodwe_energy._vendor.core.control.driver import (
    Observation,
    Settings,
)
from custom_components.goodwe_energy.api.target import Target
from custom_components.goodwe_energy.control.controllee import Controllee
from custom_components.goodwe_energy.control.inverter_driver import InverterDriver
from custom_components.goodwe_energy.control.settings_reader import Status
from simulator.goodwe import GoodWeSimulator
from simulator.goodwe.named_settings import changes_of, value_of
from simulator.goodwe.refusal import Refusal as Refused
from tests.core.fake_clock import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")


class Budget:
    """Has room for everything."""

    def for_write(self) -> nullcontext[None]:
        return nullcontext()


class Notes(dict[str, Any]):
    """Fits `core.control.book.Notes`."""

    def set(self, key: str, value: Any) -> None:
        self[key] = value

    async def save(self) -> None:
        pass


class Cloud:
    """Fits `RemoteClient`; `said` is what was written: target, name or values, log."""

    def __init__(self, home: str, clock: FakeClock) -> None:
        """Build the home; ``lost`` are methods that are refused with ``read_fail``."""
        simulator = GoodWeSimulator(clock=clock.now, homes=[home])
        (self.station,) = simulator.stations
        self.device = next(it for it in self.station.devices if it.is_inverter)
        self.controls = self.device.control
        self.controls.switches.reaction_seconds = 0.0
        self.lost: set[str] = set()
        self.error: Exception | None = None
        self.said: list[tuple[Target, Any, Mapping[str, Any]]] = []
        self.asked: list[str] = []

    def _ask(self, name: str) -> None:
        self.asked.append(name)
        if name in self.lost:
            raise UnsupportedError("no", code="read_fail")

    async def work_mode(self, sn: str) -> Mapping[str, Any]:
        self._ask("work_mode")
        dialect = self.controls.dialect
        return {"workMode": dialect and dialect.work_mode, "arm": self.controls.arm}

    async def function_menus(
        self,
        sn: str,
        *,
        module: str = "GENERAL_FUNCTIONS",
        menu_code: int = 0,
        bat_index: str = "",
    ) -> Sequence[Mapping[str, Any]]:
        self._ask(module)
        if module == "WORK_MODE":
            dialect = self.controls.dialect
            if dialect is None:
                return []
            return self.controls.functions.cards(v1=dialect.exclusive)
        return self.controls.functions.menus(menu_code, bat_index)

    async def function_values(
        self, sn: str, functions: Mapping[str, str]
    ) -> Mapping[str, Any]:
        self._ask("function_values")
        assert all(self.controls.functions.find(*pair) for pair in functions.items())
        values = {address: self.controls.register(address) for address in functions}
        return {key: value for key, value in values.items() if value is not None}

    async def settings(
        self, sn: str, names: Sequence[str]
    ) -> Mapping[str, Mapping[str, Any]]:
        self._ask("settings")
        return {name: value_of(self.controls, name) for name in names}

    async def set_function(
        self,
        target: Target,
        values: Mapping[str, Any],
        ids: Mapping[str, str],
        logs: Mapping[str, Any],
    ) -> None:
        self.said.append((target, dict(values), logs))
        if self.error is not None:
            raise self.error
        functions = {
            self.controls.functions.find(address, ids[address]): value
            for address, value in values.items()
        }
        assert None not in functions
        self.controls.write_registers(functions)

    async def set_setting(
        self,
        target: Target,
        name: str,
        data: Mapping[str, Any],
        logs: Mapping[str, Any],
    ) -> None:
        self.said.append((target, {name: dict(data)}, logs))
        if self.error is not None:
            raise self.error
        try:
            changes = changes_of(self.controls, name, data)
        except Refused as err:
            raise WriteRejected("no", code=err.code) from err
        self.controls.put(changes)


class Rig:
    """One inverter with its driver."""

    def __init__(
        self,
        home: str = "hybrid",
        *,
        notes: Notes | None = None,
        battery: Callable[[], str | None] = lambda: "1",
        rated: float | None = None,
        clock: FakeClock | None = None,
    ) -> None:
        """Read nothing yet."""
        self.clock = clock or FakeClock(auto=True)
        self.cloud = Cloud(home, self.clock)
        self.controls = self.cloud.controls
        self.notes = Notes() if notes is None else notes
        self.soc: float | None = 50.0
        self.running: bool | None = None
        self.read_documents: list[Any] = []
        spec = self.cloud.device.spec
        self.driver = InverterDriver(
            Controllee(
                serial=spec.sn,
                name=spec.name,
                type=spec.type,
                station_id=self.cloud.station.id,
                model=spec.model,
                rated=spec.rated_w if rated is None else rated,
            ),
            self.cloud,
            zone=BERLIN,
            has_battery=lambda: self.cloud.station.home.has_battery,
            battery_name=lambda: "mppt1_battery",
            notes=self.notes,
            clock=self.clock,
            budget=Budget(),
            admit=lambda requests: None,
            observe=lambda: Observation(at=self.clock.now(), fresh=True, soc=self.soc),
            on_read=lambda raw, at: self.read_documents.append(raw),
            status=self._status,
            battery=battery,
        )

    def _status(self) -> Status | None:
        """Return what the list of devices says now."""
        if self.running is None:
            return None
        return Status(running=self.running, at=self.clock.now())

    async def read(self) -> Settings:
        """Return what is set, as the integration reads it."""
        await self.driver.discover()
        return await self.driver.read()

    async def set(self, changes: Mapping[str, Any]) -> Settings:
        """Send changes, step by step, and return what is set then."""
        settings = await self.read()
        for step in self.driver.steps(changes, settings):
            await self.driver.apply(step, settings, {})
        return await self.driver.read()

    def after(self, **time: float) -> Any:
        """Return a moment so far from now."""
        return self.clock.now() + timedelta(**time)
