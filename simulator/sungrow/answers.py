"""What the gateway says, as the switches of the frame want it (reference section 4)."""

from typing import Any

from aiohttp import web

from .frame import Frame, envelope
from .refusal import text_of
from .switches import WireSwitches

_LIMITS = ("E901", "E998", "E999")
_WAIT_S = 60


class Answers:
    """Forms answers to business calls."""

    def __init__(self, switches: WireSwitches) -> None:
        """Do as the switches say at that time."""
        self._switches = switches

    def chinese(self, frame: Frame) -> bool:
        """Return whether the texts of an answer are Chinese."""
        return self._switches.texts_chinese or frame.chinese

    def success(self, frame: Frame, data: Any) -> web.Response:
        """Wrap data."""
        return self._said(frame, "1", None, result_data=data)

    def refusal(
        self, frame: Frame, code: str, message: str | None = None
    ) -> web.Response:
        """Say another code; the message is the usual one without another."""
        hint = {}
        if self._switches.retry_hint and code in _LIMITS:
            hint = {self._switches.retry_hint: _WAIT_S}
        return self._said(frame, code, message, result_data=None, **hint)

    def absent(self, frame: Frame) -> web.Response:
        """Answer a call of an endpoint that is not there."""
        if self._switches.absent_as == "E996":
            return self.refusal(frame, "E996")
        return web.Response(status=int(self._switches.absent_as))

    def unauthorized(self) -> web.Response:
        """Answer a token of the other flavour."""
        return web.Response(status=401, text="Unauthorized")

    def dead_token(self, frame: Frame) -> web.Response:
        """Answer a token that does not count."""
        switches = self._switches
        match switches.dead_login_as if frame.v1 else switches.dead_token_as:
            case "401":
                return self.unauthorized()
            case "error":
                told = "Access token expired"
                document = {"error": "invalid_token", "error_description": told}
                return frame.respond(document)
            case code:
                return self.refusal(frame, code)

    def _said(
        self, frame: Frame, code: str, message: str | None, **rest: Any
    ) -> web.Response:
        text = message or text_of(code, chinese=self.chinese(frame))
        as_number = self._switches.codes_as_numbers
        return frame.respond(envelope(code, text, as_number=as_number, **rest))
