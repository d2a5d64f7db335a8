"""Envelope, signature and order of checks (alphaess.md sections 2, 3.0 and 3.18)."""

from dataclasses import dataclass, field
from datetime import datetime
import hashlib
import hmac
import json
import math
from typing import TYPE_CHECKING, Any

from aiohttp import web

from . import codes
from .codes import Language, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .server import AlphaEssSimulator
    from .system import AlphaSystem

SIGNATURE_SECONDS = 300


class ApiError(Exception):
    """An answer other than success."""

    def __init__(
        self,
        code: int,
        *,
        explanation: str | None = None,
        message: str | None = None,
        bare: bool = False,
    ) -> None:
        """`explanation` is `expMsg`; a bare answer has only `code` and `msg`."""
        super().__init__(code, explanation)
        self.code = code
        self.explanation = explanation
        self.message = message
        self.bare = bare


@dataclass(slots=True)
class Account:
    """One developer account and the systems that are bound to it."""

    app_id: str
    app_secret: str
    bound: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Call:
    """A request that has passed the checks of its headers."""

    server: AlphaEssSimulator
    account: Account
    query: Mapping[str, str]
    body: dict[str, Any]
    """The POST's JSON object; empty for a GET, whose body nobody reads."""

    def parameter(self, name: str) -> str:
        """Return a parameter of the query; 6001 if it is missing or empty.

        Which code the vendor uses for a missing one is not known: 10001 is said of
        bodies only.
        """
        value = self.query.get(name, "")
        if not value:
            raise ApiError(codes.PARAMETER, explanation=f"{name} is null")
        return value

    def required(self, *names: str) -> list[Any]:
        """Return fields of the body; 10001 if one is missing or null."""
        values = [self.body.get(name) for name in names]
        if None in values:
            raise ApiError(codes.MALFORMED)
        return values

    def bound_system(self, serial: object) -> AlphaSystem:
        """Return a system of this account; 6005 for any other, known or not."""
        system = self.server.systems.get(str(serial))
        if system is None or system.serial not in self.account.bound:
            raise ApiError(codes.NOT_BOUND)
        return system

    def queried_system(self) -> AlphaSystem:
        """Return the system that a GET names."""
        return self.bound_system(self.parameter("sysSn"))


def number_of(value: Any, name: str) -> int | float:
    """Return a finite number, also from a string that is one; 6001 otherwise."""
    if not isinstance(value, bool):
        try:
            number = float(value)
        except TypeError, ValueError, OverflowError:
            number = math.nan
        if math.isfinite(number):
            return int(number) if number.is_integer() else number
    raise ApiError(codes.PARAMETER, explanation=name)


def signature(app_id: str, app_secret: str, timestamp: str) -> str:
    """Return what the header `sign` has to be (section 2)."""
    return hashlib.sha512(f"{app_id}{app_secret}{timestamp}".encode()).hexdigest()


def authenticate(server: AlphaEssSimulator, request: web.Request) -> Account:
    """Return the account of a signed request; ApiError otherwise."""
    headers = request.headers
    app_id = headers.get("appId", "")
    timestamp = headers.get("timeStamp", "")
    sign = headers.get("sign", "")
    # A request without any header is known to be answered 6012, so appId comes first
    for value, code in (
        (app_id, codes.NO_APP_ID),
        (timestamp, codes.NO_TIMESTAMP),
        (sign, codes.NO_SIGNATURE),
    ):
        if not value:
            raise ApiError(code, bare=True)
    now = server.server_time(request).timestamp()
    if (
        not (timestamp.isascii() and timestamp.isdigit())
        or abs(now - int(timestamp)) > SIGNATURE_SECONDS
    ):
        if server.clock_error_code == codes.WHITELIST:
            raise ApiError(codes.WHITELIST, message=codes.CLOCK_TEXT, bare=True)
        raise ApiError(codes.TIMESTAMP)
    account = server.accounts.get(app_id)
    # Unknown AppIDs are not documented; a signature that cannot be right is wrong
    secret = account.app_secret if account else ""
    expected = signature(app_id, secret, timestamp)
    if account is None or not hmac.compare_digest(expected.encode(), sign.encode()):
        raise ApiError(codes.SIGNATURE)
    if not server.whitelisted:
        raise ApiError(codes.WHITELIST)
    return account


async def json_body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object of a POST; 10001 for anything else."""
    try:
        body = json.loads(await request.text())
    except ValueError as err:
        raise ApiError(codes.MALFORMED) from err
    if not isinstance(body, dict):
        raise ApiError(codes.MALFORMED)
    return body


def success(data: Any, language: Language) -> web.Response:
    """Wrap data into the envelope."""
    return _json(
        {
            "code": codes.SUCCESS,
            "msg": text_of(codes.SUCCESS, language),
            "expMsg": None,
            "data": data,
            "extra": None,
        }
    )


def failure(error: ApiError, language: Language) -> web.Response:
    """Say no: with HTTP status 200, as the vendor does."""
    document: dict[str, Any] = {
        "code": error.code,
        "msg": error.message or text_of(error.code, language),
    }
    if not error.bare:
        document |= {"expMsg": error.explanation, "data": None, "extra": None}
    return _json(document)


def gateway_error(status: int, path: str, now: datetime) -> web.Response:
    """Return the answer to a wrong path (404) or verb (405), which has no code."""
    texts = {404: "Not Found", 405: "Method Not Allowed"}
    return _json(
        {
            "timestamp": now.isoformat(timespec="milliseconds"),
            "status": status,
            "error": texts[status],
            "path": path,
        },
        status,
    )


def _json(document: dict[str, Any], status: int = 200) -> web.Response:
    return web.json_response(
        document,
        status=status,
        dumps=lambda value: json.dumps(value, ensure_ascii=False),
    )
