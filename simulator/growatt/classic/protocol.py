"""Calls and answers of the app's side (reference sections 3.0, 3.F and 4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ..account import Account
from ..device import Device, Snapshot
from ..families import Family
from ..plant import Plant
from ..protocol import LOGIN_PAGE, dumped

if TYPE_CHECKING:
    from .server import Classic

NO_LOGIN = "/error.do?errorMess=errorNoLogin"


class Refusal(Exception):
    """An answer `{"success": false, "msg": ...}`."""

    def __init__(self, message: str) -> None:
        """Say which: a code as a text, or words."""
        super().__init__(message)
        self.message = message


class Status(Exception):
    """An answer that is an HTTP error of the gateway."""

    def __init__(self, status: int) -> None:
        """Say which."""
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class Call:
    """A request of a session that is open."""

    server: Classic
    account: Account
    parameters: Mapping[str, str]
    """Query and form together, as a servlet sees them."""
    parts: int = 0
    """How many parts a multipart body had."""

    def text(self, name: str, usual: str | None = None) -> str:
        """Return a parameter; Refusal 501 if it is missing and has no usual value."""
        value = self.parameters.get(name) or usual
        if value is None:
            raise Refusal("501")
        return value

    def plant(self, name: str = "plantId") -> Plant:
        """Return the plant of a parameter; Refusal 501 for any other."""
        plant = self.account.plant(self.text(name))
        if plant is None:
            raise Refusal("501")
        plant.house.advance()
        return plant

    def device(self, name: str, *families: Family) -> Device:
        """Return the device of a parameter.

        Refusal 501 for an unknown one and for one of another family.
        """
        device = self.account.devices.get(self.text(name))
        if device is None or (families and device.family not in families):
            raise Refusal("501")
        device.house.advance()
        return device

    def day(self, name: str = "date") -> date:
        """Return a day, also of `YYYY-MM` and `YYYY`; Refusal 501 for anything else."""
        words = self.text(name)
        try:
            return date.fromisoformat(words + "-01" * (2 - words.count("-")))
        except ValueError as err:
            raise Refusal("501") from err

    def number(self, name: str, usual: int) -> int:
        """Return a whole number; Refusal 501 for anything else."""
        words = self.text(name, str(usual))
        if not words.isdigit():
            raise Refusal("501")
        return int(words)


def shot_of(device: Device) -> Snapshot:
    """Return what the cloud knows last of a device."""
    return device.record or device.now()


def result(obj: Any, *, code: int = 1, message: str = "") -> web.Response:
    """Return `{"result": 1, "msg": "", "obj": ...}`."""
    return dumped({"result": code, "msg": message, "obj": obj})


def back(document: Mapping[str, Any]) -> web.Response:
    """Return `{"back": ...}`."""
    return dumped({"back": document})


def bare(document: Any) -> web.Response:
    """Return a document as it is."""
    return dumped(document)


def refused(message: str) -> web.Response:
    """Return what a write or a read gets that is not done."""
    return dumped({"success": False, "msg": message})


def accepted() -> web.Response:
    """Return what a write gets that the logger has acknowledged."""
    return dumped({"success": True, "msg": "200"})


def page(text: str = LOGIN_PAGE, status: int = 200) -> web.Response:
    """Return an HTML page, the login's unless said otherwise."""
    return web.Response(text=text, status=status, content_type="text/html")


def redirect() -> web.Response:
    """Return where a request without a session is sent."""
    return web.Response(status=302, headers={"Location": NO_LOGIN})
