"""Sungrow: the simulated cloud, and the integration's client on it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, ClassVar, override
from zoneinfo import ZoneInfo

import aiohttp

from custom_components.sungrow_energy import const
from custom_components.sungrow_energy._vendor.core.client.budget import Budget
from custom_components.sungrow_energy._vendor.core.client.errors import ApiError
from custom_components.sungrow_energy._vendor.core.client.http import HttpClient
from custom_components.sungrow_energy._vendor.core.client.redact import Redactor
from custom_components.sungrow_energy._vendor.core.control.driver import Observation
from custom_components.sungrow_energy._vendor.core.ha.account import (
    Account,
    AccountNotes,
)
from custom_components.sungrow_energy.api.access import Flavour
from custom_components.sungrow_energy.api.client import SungrowClient
from custom_components.sungrow_energy.api.frame import Application, Frame
from custom_components.sungrow_energy.control.catalogue import parameters_of
from custom_components.sungrow_energy.control.controllee import Controllee
from custom_components.sungrow_energy.control.row import Row as Told, rows_of
from custom_components.sungrow_energy.control.settings_driver import (
    SettingsDriver,
    values_of,
)
from simulator.faults import Fault, FaultKind
from simulator.house import House
from simulator.sungrow.parameters import parameters_of as simulated
from simulator.sungrow.scale import precision, shown, unit

from .bench import POLL
from .disk import NoteFile
from .sungrow_cloud import IGNORED, REFUSED, REPEATED, SET, Clamping, Cloud, Token
from .vendor import words_of
from .wire_time import WireClock

BERLIN = ZoneInfo("Europe/Berlin")
# The suite polls five times as often as the integration does.
_PUSH = 20.0
_FRESH = timedelta(seconds=3 * POLL)
_SILENT = timedelta(seconds=1.5 * POLL)
_TASK_SECONDS = 1.5
_SCALE = {"raw": 0.1, "unit": "W", "precision": None, "firmware": ""}
_POINTS = ("13141", "13126", "13150", "13146")
_STATUS = {64: "running", 2048: "forced_mode", 4096: "off_grid"}


class KeptAccount(Account):
    """An account whose notes reach the disk as late as those of a real one."""

    file: NoteFile
    clock: WireClock

    @override
    def note(self, key: str, value: Any) -> None:
        super().note(key, value)
        self.file.keep(self.clock.monotonic(), self.notes)

    @override
    async def async_save(self) -> None:
        self.file.save(self.notes)


class Sungrow:
    """One device of a plant with its driver."""

    words: SimpleNamespace = words_of(const.DOMAIN)
    zone = BERLIN
    refused_by_vendor = Fault(kind=FaultKind.VENDOR_ERROR, code=REFUSED)
    too_soon = Fault(kind=FaultKind.VENDOR_ERROR, code=REPEATED)
    ignored = Fault(kind=FaultKind.VENDOR_ERROR, code=IGNORED)
    gap = 45.0

    home: ClassVar[str]
    type: ClassVar[int]
    # What is not read: each ten codes are a task
    left_out: ClassVar[Sequence[str]] = ()

    def __init__(
        self, clock: WireClock, *, preset: Mapping[str, int] | None = None
    ) -> None:
        """Build the home; ``preset`` is what is set on it: raw values by code."""
        self.simulator = Cloud(clock=clock, homes=[self.home])
        self.simulator.cloud.push_seconds = _PUSH
        self.simulator.quota.enforced = False
        self._token = Token(self.simulator)
        (self.plant,) = self.simulator.plants
        self.device = self.plant.of(self.type)[0]
        self.device.switches.task_seconds = _TASK_SECONDS
        # Then a force is one task: it cannot be too much
        self.device.switches.power_raw = "0.01kW"
        self.device.switches.power_precision = "none"
        self._settings = Clamping(self.device.parameters.stored)
        self.device.parameters = self._settings
        self.key = self.device.sn
        self.driver: Any = None
        self._preset, self._clock = dict(preset or {}), clock
        self._raw: Any = None
        self._row: Mapping[str, Any] = {}
        self._answered, self._reads = True, False

    def is_write(self, endpoint: str) -> bool:
        return endpoint == SET

    def is_posted_read(self, path: str) -> bool:
        return self._reads or not path.endswith(SET)

    def prepare(self, notes: NoteFile) -> None:
        self.device.write_as_app(**self._preset)
        self.house().override(pv_w=0, load_w=500, soc=50)
        self.device.upload()
        self._begin = dict(self.device.parameters.stored)
        at = self._clock.now().isoformat()
        spec = self.device.spec
        # What an earlier run has found out
        notes.save(
            {
                f"{self.device.uuid}/parameters": {
                    "no": dict.fromkeys(self.left_out, at)
                },
                f"scale/{spec.sn}/10005": _SCALE,
                f"scale/{spec.sn}/10013": _SCALE,
            }
        )

    def connect(
        self, session: aiohttp.ClientSession, clock: WireClock, notes: NoteFile
    ) -> None:
        budget, redactor = Budget((), clock=clock), Redactor()
        account = KeptAccount(budget=budget, redactor=redactor)
        account.notes.update(notes.lose(clock.monotonic()))
        account.file, account.clock = notes, clock
        self.notes = AccountNotes(account)
        http = HttpClient(
            session,
            self.simulator.url,
            budget=budget,
            clock=clock,
            redact=redactor.text,
        )
        application = Application(
            app_key=self.simulator.app_key, secret=self.simulator.secret
        )
        frame = Frame(http, application, clock=clock, redact=redactor.text)
        self.client = SungrowClient(frame, self._token, Flavour.OAUTH, clock=clock)
        self.budget = budget
        self.driver = self.make_driver()
        # What an earlier run has stored
        self._raw = self._raw or self._document()
        self.driver.decode(self._raw, clock.now())

    def make_driver(self) -> SettingsDriver:
        """Return a driver of the device."""
        return SettingsDriver(self.what(), self, notes=self.notes, **self.shared())

    def what(self) -> Controllee:
        """Return what is known of the device."""
        spec = self.device.spec
        return Controllee(
            serial=spec.sn,
            uuid=self.device.uuid,
            type=spec.type,
            model=spec.model,
            rated=spec.rated_w or None,
        )

    def shared(self) -> dict[str, Any]:
        """Return what all drivers take."""
        return {
            "clock": self._clock,
            "budget": self.budget,
            "admit": lambda requests: None,
            "observe": self.observe,
            "on_read": self._take,
        }

    def _take(self, raw: Any, _received_at: Any) -> None:
        self._raw = raw

    # Fits `ParameterClient`: it is the client, with a wire that knows reads from writes

    async def check_parameters(self, uuid: str, *, write: bool) -> bool:
        return await self.client.check_parameters(uuid, write=write)

    async def submit_parameters(
        self, uuid: str, rows: Any, *, write: bool, expire_s: int
    ) -> str:
        self._reads = not write
        try:
            return await self.client.submit_parameters(
                uuid, rows, write=write, expire_s=expire_s
            )
        finally:
            self._reads = False

    async def task(self, uuid: str, task_id: str) -> Mapping[str, Any]:
        return await self.client.task(uuid, task_id)

    def observe(self) -> Observation:
        """Return what the newest record says of the battery."""
        row, now = self._row, self._clock.now()
        stamp = str(row.get("device_time") or "")
        if not stamp:
            return Observation(reachable=self._answered)
        at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=self.zone)
        # Where clocks are put back only one of both is just past
        at = min((at.replace(fold=fold) for fold in (0, 1)), key=lambda a: abs(now - a))
        soc, charge = _number(row.get("p13141")), _number(row.get("p13126"))
        discharge = _number(row.get("p13150"))
        return Observation(
            at=at,
            fresh=now - at <= _FRESH,
            soc=None if soc is None else soc * 100,
            battery=None if charge is None or discharge is None else discharge - charge,
            reachable=self._answered and now - at <= _SILENT,
        )

    def status(self) -> str | None:
        """Return the operating status."""
        found = _number(self._row.get("p13146"))
        return None if found is None else _STATUS.get(int(found))

    async def poll(self) -> None:
        try:
            found = await self.client.device_points(
                self.type, [self.device.ps_key], _POINTS
            )
            self._answered = True
        except ApiError:
            self._answered = False
        else:
            for row in found["device_point_list"]:
                self._row = row

    def house(self) -> House:
        return self.plant.house

    def truth(self) -> Any:
        self.house().advance()
        return {str(code): it for code, it in self.device.parameters.stored.items()}

    def meaning(self) -> Any:
        return self.truth()

    def stored(self) -> Any:
        self.house().advance()
        return self._read(rows_of(self._document()))

    def _document(self) -> dict[str, Any]:
        """Return what a reading of all that is read would be now."""
        rows = [
            {
                "param_code": str(code),
                "return_value": shown(self.device, parameter),
                "unit": unit(self.device, parameter),
                "set_precision": precision(self.device, parameter),
                "set_val_name_val": "|".join(str(raw) for _, raw in parameter.names),
            }
            for code, parameter in simulated(self.device.spec).items()
            if str(code) not in self.left_out
        ]
        return {"param_list": rows}

    def shown(self) -> Any:
        return self._read(rows_of(self._raw))

    def _read(self, rows: Mapping[str, Told]) -> Any:
        listed = [one for one in parameters_of(self.type) if one.listed]
        return values_of(listed, rows)

    def effects(self) -> list[Any]:
        return list(self.device.effects)

    def writes(self) -> list[Any]:
        return list(self.device.writes)

    def change_beside(self) -> None:
        self.device.write_as_app(p10008=900)

    def of_the_app(self) -> Any:
        raise NotImplementedError

    def restart_device(self) -> None:
        self.device.write_as_app(**{f"p{k}": v for k, v in self._begin.items()})

    def reset(self) -> None:
        self.restart_device()

    def switch(
        self,
        *,
        stores: bool = True,
        follows: bool = True,
        online: bool = True,
        readback_delay: float = 0.0,
        clamps: Mapping[str, float] | None = None,
    ) -> None:
        switches = self.device.switches
        switches.online, switches.executes = online, stores
        self._settings.clamps = clamps or {}
        switches.shown_seconds = readback_delay
        self.house().change(lambda: setattr(switches, "follows", follows))

    def read_schedule(self, settings: Any) -> Any:
        return None


def _number(raw: Any) -> float | None:
    try:
        return float(raw)
    except TypeError, ValueError:
        return None
