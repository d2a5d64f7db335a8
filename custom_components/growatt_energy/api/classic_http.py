"""How the app's requests are made of an operation (reference section 3.F)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import (
    TransportError,
    UnsupportedError,
    WriteRejected,
)
from .._vendor.core.client.message import Response
from .classic_answers import check_write, checked, obj
from .classic_session import READ_DELAYS, ClassicSession
from .errors import (
    NOT_SUPPORTED,
    OFFLINE,
    PERMISSION,
    SESSION,
    json_of,
    object_of,
)
from .write_watch import WriteWatch

# An endpoint that fails so often in a row for a device, while others work, is not there
# for it (section 4.1). One that leads to the login page costs a login each time.
_FAILURES = 3
# The first rest is short: it may be an outage that was there when we started.
_RESTS = (7200.0, 86_400.0)
# One that has answered is there, but is out of order for a while: the rests grow.
_RESTS_ANSWERED = (1800.0, 3600.0, 7200.0)

type _Key = tuple[str, str]


@dataclass
class _Failure:
    """How often in a row, and whether anything else worked since.

    That is since the first time, or since it was asked again after ``rests`` rests.
    """

    times: int = 0
    others_work: bool = False
    rests: int = 0


class ClassicHttp:
    """Asks within a session and unwraps the answers."""

    def __init__(self, session: ClassicSession, *, clock: Clock) -> None:
        """Take the session, which all users of the account share."""
        self._session = session
        self._clock = clock
        self._failed: dict[_Key, _Failure] = {}
        self._answered: set[_Key] = set()
        self._resting: dict[_Key, float] = {}
        self.writes = WriteWatch()

    async def ask(
        self,
        method: Literal["GET", "POST"],
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        about: str = "",
    ) -> Any:
        """Return the answer's JSON, whatever it is.

        ``about`` is the device: an endpoint that keeps failing with 500 for it, or that
        keeps leading to the login page, while others work, raises ``UnsupportedError``
        without being asked: for a day, or a while if it has answered before.
        """
        key = (f"{path}?{(params or {}).get('op', '')}", about)
        if self._clock.monotonic() < self._resting.get(key, 0.0):
            raise UnsupportedError(
                "the server fails for this device", reason=NOT_SUPPORTED
            )

        def decode(response: Response) -> Any:
            return checked(json_of(response), self._session.redact)

        try:
            body = await self._session.read(
                method,
                path,
                params,
                form=form,
                decode=decode,
                delays=() if key in self._failed else READ_DELAYS,
            )
        except TransportError as err:
            if err.reason == SESSION or (err.code == "500" and about):
                self._count_failure(key)
            raise
        self._failed.pop(key, None)
        self._answered.add(key)
        for failure in self._failed.values():
            failure.others_work = True
        return body

    async def ask_object(
        self,
        method: Literal["GET", "POST"],
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        about: str = "",
    ) -> dict[str, Any]:
        """Return the answer's JSON object, empty for anything else."""
        return dict(
            mapping(await self.ask(method, path, params, form=form, about=about))
        )

    async def ask_obj(
        self,
        method: Literal["GET", "POST"],
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        about: str = "",
    ) -> dict[str, Any]:
        """Return ``obj`` of the answer's envelope, empty where it is ``null``."""
        return obj(await self.ask(method, path, params, form=form, about=about))

    async def text(self, path: str, params: Mapping[str, str]) -> str:
        """Return a page as it is; raises as ``ClassicSession.read``."""

        def decode(response: Response) -> str:
            return response.body.decode("utf-8", "replace")

        found: str = await self._session.read("GET", path, params, decode=decode)
        return found

    async def send(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        content: tuple[str, bytes] | None = None,
    ) -> None:
        """POST a change, once.

        Raises as ``classic_answers.check_write``; ``UnsupportedError`` (``permission``)
        for a visitor, who is told that the device is offline (Q36).
        """
        serial = {**(params or {}), **(form or {})}.get("serialNum", "")
        with self.writes.write(serial):
            await self._session.write(
                path, params, self._accepted, form=form, content=content
            )

    def admit(self) -> None:
        """Raise ``ThrottledError`` if a write could not go soon; see the session."""
        self._session.admit()

    @property
    def redact(self) -> Callable[[str], str]:
        """Makes text safe to log."""
        return self._session.redact

    def _accepted(self, response: Response) -> None:
        try:
            check_write(object_of(response), self._session.redact)
        except WriteRejected as err:
            if err.reason != OFFLINE or not self._session.visitor:
                raise
            raise UnsupportedError(str(err), code=err.code, reason=PERMISSION) from None

    def _count_failure(self, key: _Key) -> None:
        """Count; so many while others work mean "not there", or out of order."""
        failure = self._failed.setdefault(key, _Failure())
        failure.times += 1
        if failure.times < _FAILURES or not failure.others_work:
            return
        rests = _RESTS_ANSWERED if key in self._answered else _RESTS
        rest = rests[min(failure.rests, len(rests) - 1)]
        failure.others_work = False
        failure.rests += 1
        self._resting[key] = self._clock.monotonic() + rest
