"""The two token endpoints (reference section 2.2)."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from .frame import Frame, envelope
from .gate import Gate
from .oauth import Failed, OAuth
from .refusal import Refusal, text_of

_CLIENT = ("001", "E00000", "E911", "E912", "E914")


class TokenCalls:
    """Parses calls of the token endpoints and forms their answers."""

    def __init__(self, oauth: OAuth, gate: Gate) -> None:
        """Serve an application's grants."""
        self._oauth = oauth
        self._gate = gate
        self._running = 0

    async def exchange(self, frame: Frame, now: datetime) -> web.Response:
        """Answer `apiManage/token`."""
        body = frame.body

        def issue() -> dict[str, Any]:
            if body.get("grant_type") != "authorization_code":
                message = "Unsupported grant type"
                raise Failed("6", message, "unsupported_grant_type")
            code, redirect = str(body.get("code")), str(body.get("redirect_uri"))
            mode = body.get("token_scope_mode")
            issued = self._oauth.exchange(code, redirect, mode)
            self._oauth.tokens.exchanges += 1
            return issued

        return await self._answer(frame, now, issue)

    async def refresh(self, frame: Frame, now: datetime) -> web.Response:
        """Answer `apiManage/refreshToken`."""
        token = str(frame.body.get("refresh_token") or "")
        self._running += 1
        tokens = self._oauth.tokens
        tokens.most_concurrent = max(tokens.most_concurrent, self._running)
        try:
            return await self._answer(
                frame, now, lambda: self._oauth.refresh(token), is_refresh=True
            )
        finally:
            self._running -= 1

    async def _answer(
        self,
        frame: Frame,
        now: datetime,
        issue: Callable[[], dict[str, Any]],
        *,
        is_refresh: bool = False,
    ) -> web.Response:
        """Take effect at once and answer after the latency."""
        try:
            self._check(frame, now)
            response = self._success(frame, issue())
        except Failed as failed:
            self._oauth.tokens.refused += 1
            response = self._failure(frame, failed, is_refresh=is_refresh)
        if self._oauth.latency:
            await asyncio.sleep(self._oauth.latency)
        return response

    def _check(self, frame: Frame, now: datetime) -> None:
        try:
            self._gate.check_encryption(frame, now)
            self._gate.check_application(frame)
        except Refusal as refusal:
            code = refusal.code
            if self._oauth.wrong_client_as == "4" and code in _CLIENT:
                code = "4"
            message = text_of(refusal.code, chinese=False)
            raise Failed(code, message, "invalid_client") from refusal

    def _success(self, frame: Frame, issued: dict[str, Any]) -> web.Response:
        beside = {
            name: value
            for name, value in issued.items()
            if name not in {"code", "auth_ps_list", "auth_user"}
        }
        match self._oauth.tokens_at:
            case "both":
                parts = beside | {"result_data": issued}
            case "result_data":
                parts = {"result_data": issued}
            case "top":
                parts = issued
        parts.pop("code", None)
        return frame.respond(envelope("1", "success", as_number=False, **parts))

    def _failure(
        self, frame: Frame, failed: Failed, *, is_refresh: bool
    ) -> web.Response:
        status = self._oauth.failure_status
        is_client = failed.error == "invalid_client"
        at_data = self._oauth.refresh_failure_at == "result_data"
        if is_refresh and at_data and not is_client:
            data = {"code": failed.code, "access_token": None, "refresh_token": None}
            document = envelope("1", "success", as_number=False, result_data=data)
            return frame.respond(document, status)
        document = envelope(
            failed.code,
            failed.message,
            as_number=False,
            error=failed.error,
            error_description=failed.message,
        )
        return frame.respond(document, status)
