"""Headers, body and envelope of every call (reference sections 2.1, 2.6 and 4)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
import json
import logging
from typing import Any

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping, number, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    MaintenanceError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from .._vendor.core.client.http import HttpClient
from .._vendor.core.client.message import Request, Response
from .encryption import KEY_HEADER, PublicKey, decrypt, encrypt, new_key, new_nonce
from .errors import (
    CLOCK_SKEW,
    MEANINGS,
    NONCE,
    NOT_FOUND,
    OK,
    REFUSALS,
    TOO_FREQUENT,
    VENDOR_TROUBLE,
    TokenRefused,
    code_of,
    oauth_error,
)
from .limits import LOGIN, Pauses

_LOGGER = logging.getLogger(__name__)

TIMEOUT = 30.0
# One more try after a failure of the network; each costs quota.
READ_DELAYS = (3.0,)
ONCE: tuple[float, ...] = ()
_LANGUAGE = "_en_US"
_SYS_CODE = "901"
_SKEW = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What the developer portal shows for an application.

    Attributes:
        app_key: 32 hexadecimal digits.
        secret: 32 characters, the ``x-access-key``.
        public_key: Base64 of an application whose calls have to be encrypted.
    """

    app_key: str = field(repr=False)
    secret: str = field(repr=False)
    public_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call.

    Attributes:
        path: Below the gateway, without a slash before it.
        fields: Of the body, beside those of the frame.
        bearer: Access token of the OAuth flavour.
        token: Token of the login flavour, which also wants ``sys_code``.
        account: Whether it is one of the login flavour without a token yet.
        language: Whether the body names one; the token endpoints want none.
        group: What the budget counts it as; the last part of ``path`` if not given.
        write: Whether it changes something: sent once, see ``HttpClient.write``.
        delays: Those of ``HttpClient.read``.
    """

    path: str
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    bearer: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    account: bool = False
    language: bool = True
    group: str = ""
    write: bool = False
    delays: Sequence[float] = READ_DELAYS

    @property
    def endpoint(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


class Frame:
    """Sends the calls of one application through one gateway."""

    def __init__(
        self,
        http: HttpClient,
        application: Application,
        *,
        clock: Clock,
        redact: Callable[[str], str],
    ) -> None:
        """Take what is shared with other users of the same application.

        Raises ``InvalidPublicKey`` if the application has a key that is none.
        """
        self._http = http
        self._application = application
        self._clock = clock
        self._redact = redact
        self._pauses = Pauses(clock)
        key = application.public_key
        self._public_key = PublicKey.load(key) if key else None
        self._skew = 0.0

    async def call[T](self, call: Call, unwrap: Callable[[dict[str, Any]], T]) -> T:
        """Return what ``unwrap`` makes of the answer's JSON object.

        Raises:
            TokenRefused: The token is to be renewed; nothing was executed.
            ThrottledError: With the pause that begins now.
            ApiError: What ``unwrap`` raises, and what HTTP means.
        """
        try:
            return await self._once(call, unwrap)
        except ApiError as err:
            if err.reason != NONCE and not (
                err.reason == CLOCK_SKEW and await self._synchronised()
            ):
                raise
        return await self._once(call, unwrap)

    async def ask(self, call: Call) -> Any:
        """Return ``result_data`` of a business call; raises what its code means."""

        def unwrap(body: dict[str, Any]) -> Any:
            code = code_of(body.get("result_code"))
            if code != OK or body.get("error"):
                raise self.error(code, body, call)
            self._pauses.answered()
            return body.get("result_data")

        return await self.call(call, unwrap)

    def error(self, code: str | None, body: Mapping[str, Any], call: Call) -> ApiError:
        """Return what is to be raised for an answer with that code."""
        said = text(body.get("result_msg"))
        _LOGGER.debug("%s: %s %s", call.endpoint, code, self._redact(said or ""))
        message = f"iSolarCloud answered {code or 'an error'} to {call.endpoint}"
        raised, reason = MEANINGS.get(code or "", (None, VENDOR_TROUBLE))
        if raised is None and oauth_error(body) is not None:
            return TokenRefused(message, code=code, reason="token")
        if raised is None and code is None and not body.get("error"):
            return BadDataError(message)
        if raised is ThrottledError:
            return ThrottledError(
                message,
                retry_after=self._pauses.after(reason, body),
                code=code,
                reason=reason,
                group=(call.group or LOGIN) if code == "E916" else None,
            )
        if call.write and reason in REFUSALS:
            raised = WriteRejected
        elif raised is None or raised is MaintenanceError:
            # Nothing says whether a change with an unknown code was made
            raised = WriteUnknown if call.write else MaintenanceError
        return raised(message, code=code, reason=reason)

    async def _once[T](self, call: Call, unwrap: Callable[[dict[str, Any]], T]) -> T:
        key = ""

        def build() -> Request:
            nonlocal key
            key = new_key() if self._public_key is not None else ""
            return self._request(call, key)

        def decode(response: Response) -> T:
            return unwrap(self._body(response, key, call))

        if call.write:
            return await self._http.write(build, decode)
        return await self._http.read(build, decode, delays=call.delays)

    def _request(self, call: Call, key: str) -> Request:
        body: dict[str, Any] = {**call.fields, "appkey": self._application.app_key}
        if call.language:
            body["lang"] = _LANGUAGE
        if call.token is not None:
            body["token"] = call.token
        headers = {"x-access-key": self._application.secret}
        if call.bearer is not None:
            headers["Authorization"] = f"Bearer {call.bearer}"
        if call.account or call.token is not None:
            headers["sys_code"] = _SYS_CODE
        headers["Content-Type"] = "application/json;charset=UTF-8"
        if self._public_key is not None:
            moment = self._clock.now().timestamp() + self._skew
            body["api_key_param"] = {
                "timestamp": str(int(moment * 1000)),
                "nonce": new_nonce(),
            }
            headers["Content-Type"] = "application/json"
            headers[KEY_HEADER] = self._public_key.wrap(key)
        content = json.dumps(body, allow_nan=False, separators=(",", ":")).encode()
        return Request(
            method="POST",
            path=call.path,
            content=encrypt(key, content) if key else content,
            headers=headers,
            group=call.group or call.endpoint,
            timeout=TIMEOUT,
            redirects=False,
        )

    def _body(self, response: Response, key: str, call: Call) -> dict[str, Any]:
        """Return the JSON object; the status counts only where there is no code."""
        try:
            found = _json(response, key)
        except TransportError:
            self._check_status(response, call)
            raise
        if not isinstance(found, dict):
            self._check_status(response, call)
            raise TransportError("the answer is no object", reason="not_json")
        if text(found.get("result_code")) is None:
            # Servers that never saw the API name their own errors `error` too
            proxy = response.status not in {400, 401}
            if proxy or oauth_error(found) is None:
                self._check_status(response, call)
        return found

    def _check_status(self, response: Response, call: Call) -> None:
        try:
            response.raise_for_status()
        except ThrottledError as err:
            pause = err.retry_after or self._pauses.after(TOO_FREQUENT, {})
            raise ThrottledError(
                str(err), retry_after=pause, code=err.code, reason=TOO_FREQUENT
            ) from None
        except UnsupportedError as err:
            raise UnsupportedError(str(err), code=err.code, reason=NOT_FOUND) from None
        except AuthError as err:
            if call.bearer is None and call.token is None:
                raise TransportError(str(err), code=err.code) from None
            raise TokenRefused(str(err), code=err.code, reason="token") from None

    async def _synchronised(self) -> bool:
        """Take over the vendor's clock; return whether that changes anything."""
        if self._public_key is None:
            return False
        request = Request(
            method="GET", path="timestamp", group="timestamp", timeout=TIMEOUT
        )
        try:
            told = await self._http.read(lambda: request, _timestamp, delays=ONCE)
        except ApiError:
            return False
        before, self._skew = self._skew, told - self._clock.now().timestamp()
        return abs(self._skew - before) > _SKEW


def _json(response: Response, key: str) -> Any:
    if not key:
        return response.json()
    try:
        plain = decrypt(key, response.body)
    except ValueError:
        return response.json()  # what concerns the encryption comes without it
    try:
        return json.loads(plain, parse_constant=lambda _: None)
    except ValueError, RecursionError:
        raise TransportError("no JSON was encrypted", reason="not_json") from None


def _timestamp(response: Response) -> float:
    """Return the vendor's time in seconds since 1970, which comes in milliseconds."""
    response.raise_for_status()
    found = response.json()
    for _ in range(2):
        fields = mapping(found)
        found = next(
            (fields[name] for name in ("result_data", "timestamp") if name in fields),
            found,
        )
    if (milliseconds := number(found, low=10**12, high=10**13)) is None:
        raise BadDataError("the server tells no time")
    return milliseconds / 1000
