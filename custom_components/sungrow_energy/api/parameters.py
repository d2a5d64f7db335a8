"""Tasks that read and change a device's parameters (reference sections 6.1 and 4.3).

A task that was taken proves nothing: only a later read-back does.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping, mappings, text
from .._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    MaintenanceError,
    ThrottledError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from .access import Access
from .errors import BAD_REQUEST, NOT_SUPPORTED, code_of
from .frame import ONCE
from .limits import CHECK, SET, TASK

NO_TEMPLATE = "no_template"
CODE_NOT_SUPPORTED = "code_not_supported"
NO_NEGATIVES = "no_negative_values"
DEVICE_OFFLINE = "device_offline"
NO_DEVICE = "no_device"
OUT_OF_RANGE = "out_of_range"
REPEATED = "repeated"

_WRITE, _READ = 0, 2
_OK = "1"
_REASONS: Mapping[str, tuple[type[ApiError], str]] = {
    "0": (UnsupportedError, NOT_SUPPORTED),
    "2": (BadDataError, BAD_REQUEST),
    "3": (BadDataError, OUT_OF_RANGE),
    "4": (BadDataError, BAD_REQUEST),
    "5": (BadDataError, NO_DEVICE),
    "6": (UnsupportedError, NO_TEMPLATE),
    "6-1": (UnsupportedError, CODE_NOT_SUPPORTED),
    "7": (MaintenanceError, DEVICE_OFFLINE),
    "8": (BadDataError, BAD_REQUEST),
    "9": (ThrottledError, REPEATED),
    "11": (BadDataError, BAD_REQUEST),
    "12": (UnsupportedError, NO_NEGATIVES),
}


_CHECK_OFFLINE = "6"


class Parameters:
    """What control needs; part of ``SungrowClient``."""

    _access: Access
    _clock: Clock

    async def check_parameters(self, uuid: str, *, write: bool) -> bool:
        """Return whether parameters of a device can be changed, or else read.

        Raises ``MaintenanceError`` (``device_offline``) if the device does not tell.
        """
        kind = _WRITE if write else _READ
        data = mapping(await self._access.ask(CHECK, {"set_type": kind, "uuid": uuid}))
        row = _row_of(data.get("dev_result_list"), uuid)
        results = {text(data.get("check_result")), text(row.get("check_result", _OK))}
        if results == {_OK}:
            return True
        if _CHECK_OFFLINE in results:
            raise MaintenanceError(
                f"iSolarCloud answered {_CHECK_OFFLINE} to {CHECK}",
                code=_CHECK_OFFLINE,
                reason=DEVICE_OFFLINE,
            )
        return False

    async def submit_parameters(
        self,
        uuid: str,
        rows: Iterable[tuple[str, str]],
        *,
        write: bool,
        expire_s: int = 120,
    ) -> str:
        """Begin one task and return its id.

        Args:
            uuid: Device; no other task of it may be running.
            rows: Codes and raw values as text, at most ten; values are not used by a
                read.
            write: Whether to change or to read.
            expire_s: Seconds after which the cloud gives up, at most 1800.

        Raises:
            UnsupportedError: ``not_supported``, ``no_template``, ``code_not_supported``
                (one of the codes) or ``no_negative_values``.
            MaintenanceError: ``device_offline``, for a read.
            ThrottledError: ``repeated``: a task like that is running; wait a moment.
            BadDataError: ``bad_request``, ``out_of_range``, ``no_device``, for a read.
            WriteRejected: Instead of the last two kinds, for a write.
            WriteUnknown: A write that may have been taken.
            ApiError: What ``Access.ask`` raises.
        """
        parameters = [
            {"param_code": code, "set_value": value if write else ""}
            for code, value in rows
        ]
        what = "write" if write else "read"
        fields = {
            "set_type": _WRITE if write else _READ,
            "uuid": uuid,
            "task_name": f"HA {what} {self._clock.now():%Y-%m-%d %H:%M:%S}",
            "expire_second": expire_s,
            "param_list": parameters,
        }
        data = mapping(await self._access.ask(SET, fields, write=write, delays=ONCE))
        row = _row_of(data.get("dev_result_list"), uuid)
        code = code_of(row.get("code")) or code_of(data.get("check_result"))
        if code == _OK and (task := text(row.get("task_id"))) is not None:
            return task
        raise _refusal(code, write=write)

    async def task(self, uuid: str, task_id: str) -> dict[str, Any]:
        """Return a task: ``command_status`` and ``param_list`` of section 6.1.

        It stays ``command_status`` 2 until 8; then each row has a status of its own.
        """
        fields = {"task_id": task_id, "uuid": uuid}
        return dict(mapping(await self._access.ask(TASK, fields)))


def _row_of(rows: object, uuid: str) -> Mapping[str, Any]:
    found = mappings(rows)
    same = [row for row in found if text(row.get("uuid")) == uuid]
    return next(iter(same or found), {})


def _refusal(code: str | None, *, write: bool) -> ApiError:
    """Return what is raised for a task that was not taken."""
    message = f"iSolarCloud answered {code} to {SET}"
    if code is None or code == _OK:  # it was taken, but cannot be asked about
        return (WriteUnknown if write else BadDataError)(message, code=code)
    raised, reason = _REASONS.get(code, (UnsupportedError, NOT_SUPPORTED))
    if write and raised in {BadDataError, MaintenanceError}:
        raised = WriteRejected
    return raised(message, code=code, reason=reason)
