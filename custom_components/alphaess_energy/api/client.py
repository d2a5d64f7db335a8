"""The endpoints of the AlphaCloud Open API (reference section 3).

Every method returns the vendor's own JSON, so that it can be kept over a restart
and shown in diagnostics; ``models.py`` makes readings of it.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
import logging
from typing import Any

from .._vendor.core.client.budget import Budget
from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping, mappings, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
)
from .._vendor.core.client.http import HttpClient, Request, Response
from .auth import SUSPECT_SKEW, Signer
from .errors import (
    ALREADY_BOUND,
    CLOCK,
    CLOCK_OR_WHITELIST,
    NO_DATA,
    NOT_BOUND,
    SUCCESS,
    TOO_FAST,
    code_of,
    error_for,
)

DEFAULT_URL = "https://openapi.alphaess.com/api"
# After "request too fast" all requests of the account keep this distance.
SLOW_GAP = 10.0
SLOW_FOR = timedelta(minutes=15).total_seconds()
READ_DELAYS = (2.0, 5.0)
# A change without an answer has to be looked for, so it is waited for longer.
WRITE_TIMEOUT = 30.0

_LOGGER = logging.getLogger(__name__)

type Json = dict[str, Any] | list[Any] | str | None


class AlphaEssClient:
    """Reads and writes the systems of one developer account."""

    def __init__(
        self,
        http: HttpClient,
        signer: Signer,
        *,
        budget: Budget,
        clock: Clock,
        redact: Callable[[str], str],
    ) -> None:
        """Take what is shared with other users of the same account."""
        self._redact = redact
        self._http = http
        self._signer = signer
        self._budget = budget
        self._clock = clock
        self._unknown_codes: set[int] = set()

    @property
    def clock_skew(self) -> timedelta:
        """How far our clock is off, 0 while the server accepts it."""
        return self._signer.offset

    async def systems(self) -> list[dict[str, Any]]:
        """List the systems of the account (3.1); a list of none is an answer too."""
        return self._list(await self._read("getEssList"))

    async def last_power(self, serial: str) -> dict[str, Any]:
        """Read the flows of now (3.2); every field may be null."""
        return await self._object("getLastPowerData", serial)

    async def day_power(self, serial: str, day: date) -> list[dict[str, Any]]:
        """Read a day's records of about 5 minutes (3.3), in the vendor's order."""
        data = await self._read("getOneDayPowerBySn", serial, queryDate=day.isoformat())
        return [dict(item) for item in mappings(data)]

    async def day_energy(self, serial: str, day: date) -> dict[str, Any]:
        """Read a day's energies (3.4)."""
        return await self._object(
            "getOneDateEnergyBySn", serial, queryDate=day.isoformat()
        )

    async def summary(self, serial: str) -> dict[str, Any]:
        """Read the totals, income and shares (3.5)."""
        return await self._object("getSumDataForCustomer", serial)

    async def charge_config(self, serial: str) -> dict[str, Any]:
        """Read the charging windows of the legacy store (3.6)."""
        return await self._object("getChargeConfigInfo", serial)

    async def discharge_config(self, serial: str) -> dict[str, Any]:
        """Read the discharging windows of the legacy store (3.7)."""
        return await self._object("getDisChargeConfigInfo", serial)

    async def periodic_config(self, serial: str) -> dict[str, Any]:
        """Read the periodic store (3.8); ``UnsupportedError`` if not entitled."""
        return await self._object("getTimeChargeBySn", serial)

    async def chargers(self, serial: str) -> list[dict[str, Any]]:
        """List the EV chargers of a system (3.13); an empty list is an answer too."""
        return self._list(await self._read("getEvChargerConfigList", serial))

    async def household_current(self, serial: str) -> dict[str, Any]:
        """Read the house connection's current in A (3.14)."""
        return await self._object("getEvChargerCurrentsBySn", serial)

    async def charger_status(self, serial: str, charger: str) -> dict[str, Any]:
        """Read the state of one EV charger (3.16)."""
        return await self._object("getEvChargerStatusBySn", serial, evchargerSn=charger)

    async def set_charge_config(self, serial: str, config: Mapping[str, Any]) -> None:
        """Replace the charging side of the legacy store (3.6) as a whole.

        ``config`` has all fields of the reading: what is left out is refused. Sent
        once. Raises WriteUnknown if it may have arrived, ThrottledError with a code if
        it came too soon after the last one; see ``errors.py`` for the others.
        """
        await self._write("updateChargeConfigInfo", serial, config)

    async def set_discharge_config(
        self, serial: str, config: Mapping[str, Any]
    ) -> None:
        """Replace the discharging side of the legacy store (3.7) as a whole, once.

        Raises as ``set_charge_config`` does.
        """
        await self._write("updateDisChargeConfigInfo", serial, config)

    async def set_periodic_config(self, serial: str, config: Mapping[str, Any]) -> None:
        """Replace the periodic store (3.9) as a whole, once.

        ``config`` has both flags, the cycle and both lists, none of them empty.
        Raises as ``set_charge_config`` does; UnsupportedError if only reading is
        permitted.
        """
        await self._write("setTimeChargeBySn", serial, config)

    async def set_household_current(self, serial: str, amperes: int) -> None:
        """Set the house connection's current in A (3.15), once."""
        await self._write(
            "setEvChargerCurrentsBySn", serial, {"currentsetting": amperes}
        )

    async def control_charger(self, serial: str, charger: str, *, start: bool) -> None:
        """Start or stop an EV charger (3.17), once; its status tells what it does."""
        body = {"evchargerSn": charger, "controlMode": int(start)}
        await self._write("remoteControlEvCharger", serial, body)

    async def send_verification_code(self, serial: str, check_code: str) -> str | None:
        """Have a code sent to the system's owner (3.10); some answers hold it."""
        return text(
            await self._read(
                "getVerificationCode", serial, write=True, checkCode=check_code
            )
        )

    async def bind(self, serial: str, code: str) -> None:
        """Add a system to the account (3.11); one that is there already is fine."""
        await self._write("bindSn", serial, {"code": code}, done=ALREADY_BOUND)

    async def unbind(self, serial: str) -> None:
        """Remove a system from the account (3.12); one that is gone is fine."""
        await self._write("unBindSn", serial, {}, done=NOT_BOUND)

    @staticmethod
    def _list(data: Json) -> list[dict[str, Any]]:
        """Return a list of devices; none at all is an outage, not an empty list."""
        if not isinstance(data, list | dict):
            raise BadDataError("the list is missing")
        return [dict(item) for item in mappings(data)]

    async def _object(self, path: str, serial: str, **params: str) -> dict[str, Any]:
        data = await self._read(path, serial, write=False, **params)
        items = mappings(data)
        return dict(items[0]) if items else {}

    async def _read(
        self,
        path: str,
        serial: str | None = None,
        *,
        write: bool = False,
        **params: str,
    ) -> Json:
        """GET; one that has an effect is sent once, like a write."""
        if serial is not None:
            params = {"sysSn": serial, **params}

        def build() -> Request:
            return Request(
                method="GET", path=path, params=params, headers=self._headers()
            )

        def decode(response: Response) -> Json:
            return self._data(response, write=write)

        async def send() -> Json:
            if write:
                return await self._http.write(build, decode)
            return await self._http.read(build, decode, delays=READ_DELAYS)

        return await self._patiently(send, again=not write)

    async def _write(
        self,
        path: str,
        serial: str,
        body: Mapping[str, Any],
        *,
        done: int | None = None,
    ) -> None:
        """POST once; the code ``done`` says that it was so already."""
        message = {**body, "sysSn": serial}

        def build() -> Request:
            return Request(
                method="POST",
                path=path,
                json=message,
                headers=self._headers(),
                timeout=WRITE_TIMEOUT,
            )

        def decode(response: Response) -> None:
            self._data(response, write=True, done=done)

        async def send() -> None:
            await self._http.write(build, decode)

        await self._patiently(send, again=False)

    async def _patiently[T](
        self, send: Callable[[], Awaitable[T]], *, again: bool
    ) -> T:
        """Send; once more where the server only minded our clock or our pace.

        Neither refusal had an effect, so a write may follow a corrected clock too.
        """
        offset = self._signer.offset
        try:
            return await send()
        except ThrottledError as err:
            if err.code is None:
                raise  # our own budget: nothing was sent
            # Said to a change it is about the pause since the last one of its kind
            # (section 5); if it was the pace after all, the next read is told too.
            if again or err.code != str(TOO_FAST):
                self._budget.slow_down(SLOW_GAP, SLOW_FOR)
            if not again:
                raise
        except NotPermittedError as err:
            if err.reason != "clock_skew" or self._signer.offset == offset:
                raise
        return await send()

    def _headers(self) -> dict[str, str]:
        return self._signer.headers(self._clock.now())

    def _data(
        self, response: Response, *, write: bool, done: int | None = None
    ) -> Json:
        """Return ``data`` of the envelope, or raise what its code means."""
        if response.status in {401, 403}:
            raise AuthError(f"AlphaESS answered HTTP {response.status}")
        response.raise_for_status()
        body = mapping(response.json())
        code = code_of(body)
        if code in SUCCESS or (done is not None and code == done):
            data: Json = body.get("data")
            return data
        if code == NO_DATA and not write:
            return None
        if code in CLOCK_OR_WHITELIST:
            raise self._clock_or_whitelist(response, code)
        raise self._error(code, body, write=write)

    def _error(self, code: int | None, body: Any, *, write: bool) -> ApiError:
        err = error_for(code, body, self._redact, write=write)
        if (
            code is not None
            and isinstance(err, MaintenanceError)
            and err.reason is None
            and code not in self._unknown_codes
        ):
            self._unknown_codes.add(code)
            _LOGGER.warning("AlphaESS answered with the unknown code %s", code)
        return err

    def _clock_or_whitelist(self, response: Response, code: int | None) -> ApiError:
        """Tell a wrong clock from a refused address: both come with one code.

        6006 is documented as the clock and 6009 as the whitelist; the answer's ``Date``
        says what time it is there, and so whether 6009 is about the clock too.
        """
        wrong_clock = code == CLOCK
        if (date_there := response.server_date) is not None:
            skew = date_there - response.received_at
            if abs(skew - self._signer.offset) > SUSPECT_SKEW:
                wrong_clock = True
                self._signer.offset = skew if abs(skew) > SUSPECT_SKEW else timedelta()
        return NotPermittedError(
            f"AlphaESS answered {code}: "
            + (
                "the time stamp is refused" if wrong_clock else "the address is refused"
            ),
            code=str(code),
            reason="clock_skew" if wrong_clock else "ip_whitelist",
        )
