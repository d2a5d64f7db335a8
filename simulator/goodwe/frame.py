"""How calls arrive and answers go (reference section 3)."""

from fnmatch import fnmatchcase
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ..noise import dice
from .call import NO_DATA, TRUE_ALONE

if TYPE_CHECKING:
    from collections.abc import Collection

    from .refusal import Refusal
    from .switches import WireSwitches

_EMPTY: dict[str, Any] = {"null": None, "object": {}, "list": []}
NOT_FOUND = {"error_msg": "404 Route Not Found"}


def is_in(endpoint: str, globs: Collection[str]) -> bool:
    """Return whether one of some globs matches an endpoint."""
    return any(fnmatchcase(endpoint, glob) for glob in globs)


class Frame:
    """Wraps answers as the switches want it."""

    def __init__(self, wire: WireSwitches) -> None:
        """Follow the switches."""
        self._wire = wire
        self._dice = dice(1, "trace", 0)

    def success(
        self, endpoint: str, data: Any, *, api: str | None = None
    ) -> web.Response:
        """Answer with data; `api` stands beside them."""
        wire = self._wire
        if data is TRUE_ALONE:
            return web.json_response({"data": True})
        document: dict[str, Any] = {
            "code": wire.success_code,
            "description": "成功",
            "traceId": self._trace(),
        }
        if is_in(endpoint, wire.empty):
            data = _EMPTY.get(wire.empty_as, NO_DATA)
        if data is not NO_DATA:
            document["data"] = data
        if api is not None:
            document["api"] = api
        return web.json_response(document)

    def refusal(self, refusal: Refusal) -> web.Response:
        """Answer with a code."""
        document: dict[str, Any] = {
            "code": refusal.code,
            self._wire.texts_at: refusal.description,
            "traceId": self._trace(),
        }
        if refusal.translation:
            document["translationCode"] = refusal.translation
        return web.json_response(document)

    def _trace(self) -> str:
        return f"{self._dice.getrandbits(64):016x}"


async def body_of(request: web.Request) -> dict[str, Any]:
    """Return the object in a body; what is none has nothing to say."""
    try:
        document = json.loads(await request.text() or "{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
