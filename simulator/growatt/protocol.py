"""Envelopes and errors of V1 and v4 (growatt.md 3.0, 4.2 and 4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .account import Account
from .device import Device
from .plant import Plant

if TYPE_CHECKING:
    from .server import GrowattSimulator

PERMISSION = 10011
FREQUENT = 10012
_V1_TEXTS = {
    -1: "use the new domain name",
    10001: "error_system_error",
    10002: "error_not_exist",
    PERMISSION: "error_permission_denied",
    FREQUENT: "error_frequently_access",
}
_V4_TEXTS = {
    1: "SYSTEM_ERROR",
    2: "TOKEN_IS_INVALID",
    4: "DEVICE_NOT_FOUND",
    5: "DEVICE_OFFLINE",
    6: "PARAMETER_SETTING_FAILED",
    7: "DEVICE_TYPE_ERROR",
    8: "DEVICE_SN_IS_EMPTY",
    9: "DATE_IS_EMPTY",
    10: "PAGE_IS_EMPTY",
    11: "TOO_MANY_DEVICES",
    12: "DEVICE_SN_DOES_NOT_HAVE_PERMISSION",
    102: "FREQUENTLY_ACCESS",
}
LOGIN_PAGE = (
    '<html data-name="login"><head><title>Login</title></head><body>'
    "Note: Dear user, you have not login to the system</body></html>"
)


class V1Error(Exception):
    """An answer of V1 other than success."""

    def __init__(self, code: int, message: str | None = None) -> None:
        """Answer `error_code`; the message is the usual one without another."""
        super().__init__(code, message)
        self.code = code
        self.message = message


class V4Error(Exception):
    """An answer of v4 other than success."""

    def __init__(self, code: int, message: str | None = None) -> None:
        """Answer `code`; the message is the usual one without another."""
        super().__init__(code, message)
        self.code = code
        self.message = message


@dataclass(slots=True)
class Answer:
    """What a V1 endpoint says: the data, and what is beside it."""

    data: Any
    beside: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """A request of a token that may ask."""

    server: GrowattSimulator
    account: Account
    parameters: Mapping[str, str]
    """Query or form."""

    def text(self, name: str) -> str:
        """Return a parameter; V1Error 10003 if it is empty."""
        value = self.parameters.get(name, "")
        if not value:
            raise V1Error(10003, f"error_{name}_is_empty")
        return value

    def plant(self) -> Plant:
        """Return the plant of `plant_id`; V1Error 10002 or 10003."""
        plant = self.account.plant(self.text("plant_id"))
        if plant is None:
            raise V1Error(10002, "error_plant_not_exist")
        return plant

    def device(self, name: str = "device_sn", missing: int = 10002) -> Device:
        """Return the device of a parameter; V1Error `missing`, 10003 or 10011."""
        device = self.account.devices.get(self.text(name))
        if device is None:
            raise V1Error(missing, "error_device_not_exist")
        if not device.switches.permission:
            raise V1Error(PERMISSION)
        device.house.advance()
        return device

    def day(self, name: str) -> date:
        """Return a date; V1Error 10003."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError as err:
            raise V1Error(10003, f"error_{name}") from err

    def page(self) -> tuple[int, int]:
        """Return page (from 1) and its size; V1Error 10013 or 10014."""
        page, size = (
            int(text) if text.isdigit() else usual
            for text, usual in (
                (self.parameters.get("page", ""), 1),
                (self.parameters.get("perpage", ""), 20),
            )
        )
        if size > 100:
            raise V1Error(10013, "error_perpage")
        if page > 250:
            raise V1Error(10014, "error_page")
        return max(page, 1), max(size, 1)

    def paged[T](self, entries: list[T]) -> list[T]:
        """Return the entries of the page that is asked for."""
        page, size = self.page()
        return entries[(page - 1) * size : page * size]


def v1_success(answer: Answer) -> web.Response:
    """Wrap data into the envelope of V1."""
    return dumped(
        {"data": answer.data, "error_code": 0, "error_msg": "", **answer.beside}
    )


def v1_failure(code: int, message: str | None = None) -> web.Response:
    """Say no as V1 does, with status 200."""
    text = _V1_TEXTS.get(code, "error") if message is None else message
    return dumped({"data": "", "error_code": code, "error_msg": text})


def v4_success(data: Any, message: str = "SUCCESSFUL_OPERATION") -> web.Response:
    """Wrap data into the envelope of v4."""
    return dumped({"code": 0, "data": data, "message": message})


def v4_failure(code: int, message: str | None = None) -> web.Response:
    """Say no as v4 does, with status 200."""
    text = _V4_TEXTS.get(code, "ERROR") if message is None else message
    return dumped({"code": code, "data": None, "message": text})


def login_page() -> web.Response:
    """Return what a request without a token gets."""
    return web.Response(text=LOGIN_PAGE, content_type="text/html")


def dumped(document: Any) -> web.Response:
    """Return a document as JSON."""
    return web.json_response(
        document, dumps=lambda value: json.dumps(value, ensure_ascii=False)
    )
