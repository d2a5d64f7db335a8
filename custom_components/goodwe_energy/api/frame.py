"""Headers, signature and envelope of every call (reference sections 2.6, 3 and 4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
import json
import logging
from typing import Any

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteUnknown,
)
from .._vendor.core.client.http import HttpClient
from .._vendor.core.client.message import Request, Response
from . import endpoints
from .endpoints import Endpoint
from .errors import (
    NOT_FOUND,
    RATE_LIMITED,
    SESSION,
    VENDOR_TROUBLE,
    SessionExpired,
    code_of,
    is_ok,
    login_meaning,
    meaning,
)
from .limits import RATE_PAUSE, Pace
from .signature import sign

_LOGGER = logging.getLogger(__name__)

TIMEOUT = 30.0
_WRITE_TIMEOUT = 90.0
# A connection that was kept open and ended meanwhile: a new one will do.
_DROPPED, _RECONNECT = "disconnected", 1.0

# Constant, whatever the version of this client is (quirk 18).
_BROWSER: Mapping[str, str] = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/plain, */*",
    "Origin": "https://semsplus.goodwe.com",
    "Referer": "https://semsplus.goodwe.com/",
    "User-Agent": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
    ),
    "currentLang": "en",
    "neutral": "0",
}
_NOBODY: Mapping[str, Any] = {
    "uid": "",
    "timestamp": 0,
    "token": "",
    "client": "semsPlusWeb",
    "version": "",
    "language": "en",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call.

    Attributes:
        endpoint: What is asked.
        sn: The serial that belongs into its path.
        params: Query, unquoted.
        body: Of a POST.
        group: What the budget counts it as; the endpoint's if not given.
        true_is_ok: Whether ``data: true`` is a success under any code (section 6.5).
    """

    endpoint: Endpoint
    sn: str | None = field(default=None, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    group: str = ""
    true_is_ok: bool = False

    @property
    def write(self) -> bool:
        """Whether it changes something: sent once, see ``HttpClient.write``."""
        return self.endpoint.group in endpoints.WRITES

    @property
    def path(self) -> str:
        """The path below the gateway; raises ``BadDataError`` for an odd serial."""
        if self.sn is None:
            return self.endpoint.path
        if not self.sn or "/" in self.sn:
            raise BadDataError("a serial is none", reason="bad_request")
        return self.endpoint.path.format(sn=self.sn)


class Frame:
    """Sends the calls of one account to whichever host they belong."""

    def __init__(
        self,
        make_http: Callable[[str], HttpClient],
        *,
        clock: Clock,
        redact: Callable[[str], str],
    ) -> None:
        """``make_http`` makes a client for a base URL, all with one budget."""
        self._make_http, self._clock, self._redact = make_http, clock, redact
        self._clients: dict[str, HttpClient] = {}
        self._pace = Pace(clock)
        self._unknown: set[str] = set()

    async def ask(self, base_url: str, call: Call, token: Mapping[str, Any]) -> Any:
        """Return the ``data`` of the answer, None without any.

        ``token`` is the whole object that the login returned.

        Raises:
            SessionExpired: Nothing was executed; a new login is needed.
            ThrottledError: With the pause of the whole account that begins now.
            ApiError: What the code means, and what HTTP means.
        """

        def build() -> Request:
            return self._request(call, token)

        def decode(response: Response) -> Any:
            body = self._body(response, login=False, true_is_ok=call.true_is_ok)
            data = body.get("data")
            if is_ok(code_of(body.get("code"))) or (call.true_is_ok and data is True):
                return data
            raise self._error(body, response, call)

        http = self._http(base_url)
        if not call.write:
            try:
                return await http.read(build, decode, delays=())
            except TransportError as err:
                # The other failures wait for the next poll (section 4)
                if err.reason != _DROPPED:
                    raise
            await self._clock.sleep(_RECONNECT)
            return await http.read(build, decode, delays=())
        async with self._pace.turn():
            return await http.write(build, decode)

    async def log_in(self, base_url: str, call: Call) -> dict[str, Any]:
        """Return the whole answer to a login that has a success code.

        Raises:
            AuthError: ``wrong_password``.
            ApiError: What else the code means, and what HTTP means.
        """

        def decode(response: Response) -> dict[str, Any]:
            body = self._body(response, login=True)
            if not is_ok(code_of(body.get("code"))):
                raise self._error(body, response, call, login=True)
            return body

        def build() -> Request:
            return self._request(call, _NOBODY)

        return await self._http(base_url).read(build, decode, delays=())

    def _http(self, base_url: str) -> HttpClient:
        if (found := self._clients.get(base_url)) is None:
            found = self._clients[base_url] = self._make_http(base_url)
        return found

    def _request(self, call: Call, token: Mapping[str, Any]) -> Request:
        now = int(self._clock.now().timestamp() * 1000)
        uid, secret = text(token.get("uid")) or "", text(token.get("token")) or ""
        return Request(
            method=call.endpoint.method,
            path=call.path,
            params=call.params,
            json=dict(call.body) if call.endpoint.method == "POST" else None,
            headers={
                **_BROWSER,
                "Token": json.dumps(token, separators=(",", ":")),
                "X-Signature": sign(now, uid, secret),
            },
            group=call.group or call.endpoint.group,
            timeout=_WRITE_TIMEOUT if call.write else TIMEOUT,
            redirects=False,
        )

    def _body(
        self, response: Response, *, login: bool, true_is_ok: bool = False
    ) -> dict[str, Any]:
        """Return the JSON object; the status counts only where there is no code."""
        if response.status == 429:
            raise _throttled(response, "429")
        try:
            found = response.json()
        except TransportError:
            _check_status(response, login=login)
            raise
        if not isinstance(found, dict) or code_of(found.get("code")) is None:
            if isinstance(found, dict) and true_is_ok and found.get("data") is True:
                return found
            _check_status(response, login=login)
            if not isinstance(found, dict):
                raise TransportError("the answer is no object", reason="not_json")
            raise BadDataError("the answer has no code")
        if response.status >= 500:
            _check_status(response, login=login)
        return found

    def _error(
        self,
        body: Mapping[str, Any],
        response: Response,
        call: Call,
        *,
        login: bool = False,
    ) -> ApiError:
        """Return what is to be raised for an answer without success."""
        code, name = code_of(body.get("code")), call.endpoint.group
        said = ("msg", "description", "errorMsg", "translationCode")
        told = next(filter(None, (text(body.get(key)) for key in said)), "")
        if _LOGGER.isEnabledFor(logging.DEBUG):
            _LOGGER.debug("%s: %s %s", name, code, self._redact(told))
        found = login_meaning(body) if login else meaning(body, write=call.write)
        if found is None:
            self._note_unknown(code or "")
            found = MaintenanceError, VENDOR_TROUBLE
        raised, reason = found
        if raised is ThrottledError:
            return _throttled(response, code)
        if raised is MaintenanceError and call.write:
            # Nothing says whether a change was made
            raised = WriteUnknown
        message = f"SEMS+ answered {code or 'an error'} to {name}"
        return raised(message, code=code, reason=reason)

    def _note_unknown(self, code: str) -> None:
        if code not in self._unknown:
            self._unknown.add(code)
            _LOGGER.warning("SEMS+ answers with a code that is not known: %s", code)


def _throttled(response: Response, code: str | None) -> ThrottledError:
    """Return the error of "too many", with the pause that the headers name if any."""
    pause = None
    try:
        replace(response, status=429).raise_for_status()
    except ThrottledError as err:
        pause = err.retry_after
    return ThrottledError(
        "SEMS+ asks for fewer requests",
        retry_after=pause or RATE_PAUSE,
        code=code,
        reason=RATE_LIMITED,
    )


def _check_status(response: Response, *, login: bool) -> None:
    """Raise what the status of an answer without a code means."""
    try:
        response.raise_for_status()
    except UnsupportedError as err:
        raise UnsupportedError(str(err), code=err.code, reason=NOT_FOUND) from None
    except AuthError as err:
        if login:
            raise TransportError(str(err), code=err.code) from None
        raise SessionExpired(str(err), code=err.code, reason=SESSION) from None
    except NotPermittedError as err:
        # A gateway before the API says so, of nobody's rights
        raise MaintenanceError(str(err), code=err.code, reason=VENDOR_TROUBLE) from None
