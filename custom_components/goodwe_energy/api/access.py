"""Calls within a session that is renewed when it is refused (reference section 2.7)."""

from collections.abc import Hashable
from typing import Any

from .._vendor.core.client.decode import text
from .._vendor.core.client.errors import MaintenanceError
from .errors import SESSION, SessionExpired
from .frame import Call, Frame
from .session import Session
from .token import Token


class Access:
    """Asks the endpoints of one account."""

    def __init__(self, frame: Frame, session: Session) -> None:
        """Nothing is sent."""
        self._frame, self.session = frame, session
        self._accepted: Token | None = None
        # What refused a new session that others then took: of one device or station
        self._odd: set[Hashable] = set()

    async def ask(self, call: Call) -> Any:
        """Return the ``data`` of the answer, None without any.

        Raises:
            MaintenanceError: ``session``: a new session is refused as well.
            ApiError: What ``Session.token`` and ``Frame.ask`` raise.
        """
        logins = self.session.logins
        token = await self.session.token()
        fresh = self.session.logins != logins
        try:
            return await self._send(call, token)
        except SessionExpired as err:
            if fresh:
                raise self._refused(call, token, err) from None
            if _subject(call) in self._odd and token == self._accepted:
                raise _not_accepted(err) from None
        token = await self.session.renew(token)
        try:
            return await self._send(call, token)
        except SessionExpired as err:
            raise self._refused(call, token, err) from None

    def _refused(
        self, call: Call, token: Token, err: SessionExpired
    ) -> MaintenanceError:
        """Take note that a new session was refused: another login would not help."""
        self._odd.add(_subject(call))
        self.session.useless(token)
        return _not_accepted(err)

    async def _send(self, call: Call, token: Token) -> Any:
        found = await self._frame.ask(token.gateway, call, token.fields)
        self._odd.discard(_subject(call))
        self._accepted = token
        self.session.accepted()
        return found


def _subject(call: Call) -> Hashable:
    """Return what a call is about: an endpoint, and whose values it was asked for."""
    asked = {**call.params, **call.body}
    named = (asked.get(name) for name in ("stationId", "pwId", "plantId", "sn"))
    return call.endpoint.group, call.sn, *(text(value) for value in named)


def _not_accepted(err: SessionExpired) -> MaintenanceError:
    return MaintenanceError(str(err), code=err.code, reason=SESSION)
