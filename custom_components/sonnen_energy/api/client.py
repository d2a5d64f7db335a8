"""The endpoints of a sonnenBatterie's own API v2 (reference section 3).

Every method returns the vendor's own JSON, so that it can be kept over a restart
and shown in diagnostics; ``models.py`` makes readings of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
import logging
from typing import Any, Literal

from .._vendor.core.client.budget import Budget
from .._vendor.core.client.clock import Clock, SystemClock
from .._vendor.core.client.decode import mappings, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    NotPermittedError,
    ThrottledError,
    UnsupportedError,
)
from .._vendor.core.client.http import HttpClient, Request, Response
from .errors import empty_object, not_accepted, read_refused, write_refused
from .keys import SOFTWARE, is_key, is_writable

_PATH = "api/v2"
# After a 429, which nobody has seen yet: all requests keep this distance for a while.
_SLOW_GAP = 10.0
_SLOW_FOR = 900.0
# So many 403 in a row of one of these, while ``status`` works, are a matter of the
# token (section 4).
_FORBIDDEN = 3
_NEEDED = frozenset({"configurations", "latestdata"})
# A single 404 may be a restart's; a second one in a row is the word of firmware that
# was never seen to have it. What was is asked at its cadence, once a minute at most.
_ASK_AGAIN = 55.0
_ASK_RARELY = 3600.0
_SET_POINT_LIMIT = 1_000_000_000

_LOGGER = logging.getLogger(__name__)


class SonnenClient:
    """Reads and writes one battery.

    An endpoint that this firmware does not have (404) raises ``UnsupportedError``
    without being asked, and is asked again once an hour, or at once when the battery
    was away or tells another ``DE_Software``: who polls it at its cadence does no harm.
    One that has ever answered is not taken for missing, and ``configurations`` and
    ``latestdata``, which control needs, never are.
    """

    def __init__(
        self,
        http: HttpClient,
        token: str,
        *,
        budget: Budget,
        redact: Callable[[str], str],
        clock: Clock | None = None,
        answered: Iterable[str] = (),
    ) -> None:
        """Take what is shared with other users of the same battery.

        ``http`` has the base URL ``http(s)://host:port``; ``answered`` are the
        endpoints that the battery is known to have.
        """
        self._http = http
        self._token = token
        self._budget = budget
        self._redact = redact
        self._clock = clock or SystemClock()
        self._status_works = False
        self._answered = set(answered)
        # Per path: how often 403 in a row
        self._forbidden: Counter[str] = Counter()
        # Per path: how often 404 in a row, and when to ask again (monotonic)
        self._missing: dict[str, tuple[int, float]] = {}
        self._software: str | None = None

    @property
    def missing(self) -> frozenset[str]:
        """The endpoints that the battery said it does not have."""
        return frozenset(self._missing)

    async def status(self) -> dict[str, Any]:
        """Read the flows of now (3.1), for which the battery needs no token.

        Raises ``UnsupportedError`` (``no_api``) if there is no API v2.
        """
        try:
            body = await self._read("status")
        except UnsupportedError as err:
            self._status_works = False
            raise UnsupportedError(str(err), code=err.code, reason="no_api") from err
        except ApiError:
            self._status_works = False
            raise
        if not self._status_works:
            # It may have been restarted, and says 404 to much while it starts.
            self._missing.clear()
        self._status_works = True
        return _object(body)

    async def latest(self) -> dict[str, Any]:
        """Read set point, health bits and more (3.2)."""
        return _filled(_object(await self._guarded("latestdata")))

    async def battery(self) -> dict[str, Any]:
        """Read capacities, cycles and cells (3.3)."""
        return _object(await self._guarded("battery"))

    async def meters(self) -> list[dict[str, Any]]:
        """List the power meters (3.4); some firmware numbers them in an object."""
        body = await self._guarded("powermeter")
        if isinstance(body, dict):
            body = [body] if "direction" in body else list(body.values())
        if not isinstance(body, list):
            raise BadDataError("the list of meters is missing")
        return [dict(item) for item in mappings(body)]

    async def inverter(self) -> dict[str, Any]:
        """Read the inverter's electrical values (3.5)."""
        return _object(await self._guarded("inverter"))

    async def io(self) -> dict[str, Any]:
        """Read the digital inputs and outputs (3.6)."""
        return _object(await self._guarded("io"))

    async def configurations(self) -> dict[str, Any]:
        """Read all settings (3.7)."""
        body = _filled(_object(await self._guarded("configurations")))
        software = text(body.get(SOFTWARE))
        if software is not None and software != self._software:
            if self._software is not None:
                self._missing.clear()
            self._software = software
        return body

    async def configuration(self, key: str) -> Any:
        """Read one setting (3.7), as the battery sends it: mostly text.

        Raises ``UnsupportedError`` for a key that the battery does not have or show.
        """
        if not is_key(key):
            raise BadDataError("no configuration key", reason="bad_request")
        try:
            body = _object(await self._read(f"configurations/{key}"))
        except NotPermittedError as err:
            raise UnsupportedError(str(err), code=err.code) from err
        if key not in _filled(body):
            raise BadDataError("the answer is about another key")
        return body[key]

    async def set_configuration(self, key: str, value: str) -> None:
        """Set one key (6.1), once. That it shows is for the caller to look at.

        Raises ``WriteUnknown`` if it may have arrived, ``BadDataError`` before
        anything is sent for what must not be; see ``errors.py`` for the others.
        """
        if not is_writable(key, value):
            raise BadDataError(f"{key} cannot be set so", reason="bad_request")
        await self._write("PUT", "configurations", form={key: value})

    async def set_point(
        self, direction: Literal["charge", "discharge"], watts: int
    ) -> None:
        """Tell the battery a power in W (6.4), once; it obeys in mode 1 only.

        It cannot be read back. Raises as ``set_configuration`` does.
        """
        if not 0 <= watts < _SET_POINT_LIMIT:
            raise BadDataError("no set point", reason="bad_request")
        await self._write("POST", f"setpoint/{direction}/{watts:d}")

    async def _guarded(self, path: str) -> Any:
        """GET an endpoint that needs the token and may not exist."""
        times, again = self._missing.get(path, (0, 0.0))
        if times and self._clock.monotonic() < again:
            raise UnsupportedError(f"the battery has no {path}", code="404")
        try:
            body = await self._read(path)
        except UnsupportedError as err:
            if err.code == "404" and path not in _NEEDED:
                _LOGGER.debug("The battery has no %s", path)
                known = path in self._answered
                pause = _ASK_RARELY if times and not known else _ASK_AGAIN
                self._missing[path] = (times + 1, self._clock.monotonic() + pause)
            raise
        except NotPermittedError as err:
            self._forbidden[path] += 1
            often = self._forbidden[path] >= _FORBIDDEN
            # While the configuration is answered, the token is good.
            good = "configurations" in self._answered - self._forbidden.keys()
            if often and not good and path in _NEEDED and self._status_works:
                raise AuthError(str(err), code=err.code) from err
            raise
        del self._forbidden[path]
        if path == "configurations":
            # So the token is good, whatever else is locked.
            self._forbidden.clear()
        self._missing.pop(path, None)
        self._answered.add(path)
        return body

    async def _read(self, path: str) -> Any:
        """GET, once: what fails is polled again soon, and never in a loop."""

        def build() -> Request:
            return self._request("GET", path)

        def decode(response: Response) -> Any:
            read_refused(response)
            return response.json()

        try:
            return await self._http.read(build, decode, delays=())
        except ThrottledError as err:
            self._slow_down(err)
            raise

    async def _write(
        self, method: str, path: str, *, form: Mapping[str, str] | None = None
    ) -> None:
        def build() -> Request:
            return self._request(method, path, form)

        def decode(response: Response) -> None:
            write_refused(response, self._redact, set_point=form is None)
            if (refusal := not_accepted(response, self._redact)) is not None:
                raise refusal

        try:
            await self._http.write(build, decode)
        except ThrottledError as err:
            self._slow_down(err)
            raise

    def _request(
        self, method: str, path: str, form: Mapping[str, str] | None = None
    ) -> Request:
        return Request(
            method=method,
            path=f"{_PATH}/{path}",
            form=form,
            headers={"Auth-Token": self._token},
            redirects=False,
        )

    def _slow_down(self, err: ThrottledError) -> None:
        if err.code is not None:  # the battery's word, not our own budget's
            self._budget.slow_down(_SLOW_GAP, _SLOW_FOR)


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise BadDataError("the answer is no object")
    return body


def _filled(body: dict[str, Any]) -> dict[str, Any]:
    """Raise ``AuthError`` for ``{}``: old firmware's answer to a wrong token (2.2)."""
    if not body:
        raise empty_object()
    return body
