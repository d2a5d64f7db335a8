"""AlphaCloud Open API over simulated houses."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
import json
from typing import Any, Literal, override

from aiohttp import web

from ..clock import Clock, system_clock
from ..house import House
from ..server import Simulator
from ..setting import Setting
from . import binding, charging, codes, reads, settings
from .codes import Language
from .homes import APP_ID, APP_SECRET, Charger, Home, default_homes
from .protocol import (
    Account,
    ApiError,
    Call,
    authenticate,
    failure,
    gateway_error,
    json_body,
    success,
)
from .switches import switch_routes
from .system import AlphaSystem

_ENDPOINTS: dict[str, tuple[str, Callable[[Call], Any]]] = {
    "getEssList": ("GET", reads.ess_list),
    "getLastPowerData": ("GET", reads.last_power),
    "getOneDayPowerBySn": ("GET", reads.day_power),
    "getOneDateEnergyBySn": ("GET", reads.day_energy),
    "getSumDataForCustomer": ("GET", reads.summary),
    "getChargeConfigInfo": ("GET", settings.charge_config),
    "updateChargeConfigInfo": ("POST", settings.update_charge),
    "getDisChargeConfigInfo": ("GET", settings.discharge_config),
    "updateDisChargeConfigInfo": ("POST", settings.update_discharge),
    "getTimeChargeBySn": ("GET", settings.time_charge),
    "setTimeChargeBySn": ("POST", settings.set_time_charge),
    "getVerificationCode": ("GET", binding.verification_code),
    "bindSn": ("POST", binding.bind),
    "unBindSn": ("POST", binding.unbind),
    "getEvChargerConfigList": ("GET", charging.chargers),
    "getEvChargerCurrentsBySn": ("GET", charging.household_current),
    "setEvChargerCurrentsBySn": ("POST", charging.set_household_current),
    "getEvChargerStatusBySn": ("GET", charging.charger_status),
    "remoteControlEvCharger": ("POST", charging.control_charger),
}

_WEEK = [6, 5, 4, 3, 2, 1, 7]


class AlphaEssSimulator(Simulator):
    """The cloud of AlphaESS with some systems and developer accounts.

    Plain attributes are switches; those of one system are at `systems[serial]`.
    """

    name = "alphaess"
    base_path = "/api"

    def __init__(
        self,
        *,
        clock: Clock = system_clock,
        homes: int | Sequence[Home] = 2,
        seed: int = 1,
        time_zone: str = "Europe/Berlin",
        accounts: Sequence[Account] | None = None,
        installed: date | None = None,
        reaction_delay: float = 120.0,
        readback_delay: float = 0.0,
    ) -> None:
        """Build `homes` (a number of usual ones, with `seed` and `time_zone`).

        Delays in seconds begin with an accepted write. Without `accounts` there is
        one, to which all homes are bound. Nothing is known of the days before
        `installed`, which is 60 days ago unless said otherwise.
        """
        if isinstance(homes, int):
            homes = default_homes(homes, seed=seed, time_zone=time_zone)
        self.systems: dict[str, AlphaSystem] = {
            home.serial: _system(
                home,
                House(home.spec, clock, installed=installed),
                reaction_delay,
                readback_delay,
            )
            for home in homes
        }
        super().__init__(
            clock, {serial: system.house for serial, system in self.systems.items()}
        )
        if accounts is None:
            accounts = [Account(APP_ID, APP_SECRET, set(self.systems))]
        self.accounts = {account.app_id: account for account in accounts}

        self.language: Language = "en"
        self.clock_error_code: Literal[6006, 6009] = 6009
        """What a wrong time of a request is answered: documented, or seen."""
        self.whitelisted = True
        """False: the caller's address is not on the account's list (6009)."""
        self.calls_per_second: int = 50
        """Per account; one more is answered 6053. 0 is no limit."""
        self.write_gap = 30.0
        """Seconds between writes of one side of one system, else 6053."""
        self.list_as_object = False
        """A list of one system is answered as the bare object."""
        self.code_in_answer = False
        """The verification code is in the answer, not only in the mail."""
        self.endpoints = dict(_ENDPOINTS)
        """Verb and handler by name; a recording has some of its own."""
        self._calls: dict[str, deque[datetime]] = {}

    @override
    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", self.base_path + "/{endpoint:.*}", self._answer),
            *switch_routes(self),
        ]

    @override
    async def identify(self, request: web.Request) -> tuple[str, str | None]:
        endpoint = request.path.removeprefix(self.base_path).strip("/")
        serial = request.query.get("sysSn")
        if serial is None and request.method == "POST":
            try:
                serial = (await json_body(request)).get("sysSn")
            except ApiError, web.HTTPRequestEntityTooLarge:
                serial = None
        return endpoint, serial if isinstance(serial, str) else None

    @override
    def error_response(self, code: int, message: str | None) -> web.Response:
        return failure(ApiError(code, message=message), self.language)

    @override
    def code_of(self, response: web.StreamResponse) -> int | None:
        if not isinstance(response, web.Response):
            return None
        try:
            code = json.loads(response.text or "").get("code")
        except ValueError, AttributeError:
            return None
        return code if isinstance(code, int) else None

    @override
    def credentials(self) -> dict[str, str]:
        account = next(iter(self.accounts.values()))
        return {"AppID": account.app_id, "AppSecret": account.app_secret}

    async def _answer(self, request: web.Request) -> web.Response:
        verb, handler = self.endpoints.get(request.match_info["endpoint"], (None, None))
        if handler is None or verb != request.method:
            return gateway_error(
                404 if handler is None else 405, request.path, self.clock()
            )
        try:
            account = authenticate(self, request)
            self._limit(account)
            # Some clients attach a body to a GET, which is not read
            body = await json_body(request) if verb == "POST" else {}
            call = Call(self, account, request.query, body)
            return success(handler(call), self.language)
        except ApiError as error:
            return failure(error, self.language)

    def _limit(self, account: Account) -> None:
        if not self.calls_per_second:
            return
        now = self.clock()
        calls = self._calls.setdefault(account.app_id, deque())
        while calls and not timedelta() <= now - calls[0] < timedelta(seconds=1):
            calls.popleft()
        if len(calls) >= self.calls_per_second:
            raise ApiError(codes.TOO_FAST)
        calls.append(now)


def _system(
    home: Home, house: House, reaction_delay: float, readback_delay: float
) -> AlphaSystem:
    """Put a home into the cloud, with the settings of an installer."""
    periodic = home.store == "periodic"
    full_w = round(home.spec.inverter_limit_w)
    floor = round(home.spec.floor_percent)

    def period(begin: str, end: str, limit: float) -> dict[str, Any]:
        return {
            "beginTime": begin,
            "endTime": end,
            "weeks": _WEEK,
            "chargePower": full_w,
            "chargeLimit": limit,
        }

    return AlphaSystem(
        home=home,
        house=house,
        charger=None if home.charger is None else Charger(serial=home.charger),
        live=home.live,
        governing=home.store,
        periodic_read=periodic,
        periodic_write=periodic,
        reaction_delay=reaction_delay,
        readback_delay=readback_delay,
        charge=Setting(
            {
                "gridCharge": 0,
                "timeChaf1": "01:00",
                "timeChae1": "05:00",
                "timeChaf2": "00:00",
                "timeChae2": "00:00",
                "batHighCap": 100,
            }
        ),
        discharge=Setting(
            {
                "ctrDis": 0,
                "timeDisf1": "00:00",
                "timeDise1": "00:00",
                "timeDisf2": "00:00",
                "timeDise2": "00:00",
                "batUseCap": floor,
            }
        ),
        periodic=Setting(
            {
                "executeCycleType": 1,
                "gridChargeCycle": 0,
                "ctrDisCycle": 0,
                "chargeTimeList": [period("02:00", "05:00", 90.0)],
                "dischargeTimeList": [period("17:00", "21:30", 15.0)],
            }
        ),
    )
