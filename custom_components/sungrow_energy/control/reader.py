"""Reads the parameters of a device in as few tasks as it takes (section 6.2)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched

from .._vendor.core.client.errors import ApiError, BadDataError, UnsupportedError
from .._vendor.core.control.intent import Value
from .encode import decode
from .parameter import Parameter
from .row import Row
from .support import Support
from .tasks import MOST_ROWS, TASK_TIMEOUT, TaskRunner

# Verification failed; values out of range, or empty; not for this model or application
_ABOUT_CODES = frozenset({"0", "3", "4", "6-1"})


class Reader:
    """Knows which codes go together."""

    def __init__(self, runner: TaskRunner, support: Support) -> None:
        """Use what is known of the device."""
        self._runner, self._support = runner, support

    async def read(
        self, parameters: Iterable[Parameter], *, must: bool = False
    ) -> dict[str, Row]:
        """Return what the device has of them, by code; one that is silent is left out.

        A task with a code that is not there is refused as a whole: then it is found out
        which one that is, once. With ``must`` also codes are asked for that seemed to be
        gone. Raises ``ApiError`` if the device cannot be read, or tells nothing.
        """
        together: list[str] = []
        single: list[str] = []
        for parameter in parameters:
            for code in parameter.codes:
                if must or self._support.has(code):
                    apart = parameter.alone or self._support.is_alone(code)
                    (single if apart else together).append(code)
        found: dict[str, Row] = {}
        missing: list[ApiError] = []
        for codes in batched(together, MOST_ROWS, strict=False):
            try:
                found |= await self._together(codes, missing)
            except ApiError as err:
                # A device that answers nothing is not asked code by code.
                if err.reason != TASK_TIMEOUT or not (found or must):
                    raise
                missing.append(err)
        for code in single:
            found |= await self._single(code, missing)
        if missing and not found:
            raise missing[0]
        return found

    async def _together(
        self, codes: Sequence[str], missing: list[ApiError]
    ) -> dict[str, Row]:
        try:
            found = await self._runner.read(codes)
        except ApiError as err:
            if not _about_codes(err):
                raise
            if len(codes) > 1:
                return await self._halves(codes, missing)
            self._lacks(codes[0], err, missing)
            return {}
        self._support.answered(found)
        # One that failed among others is asked for by itself.
        for code in [code for code in codes if code not in found]:
            found |= await self._single(code, missing)
        return found

    async def _halves(
        self, codes: Sequence[str], missing: list[ApiError]
    ) -> dict[str, Row]:
        found: dict[str, Row] = {}
        middle = len(codes) // 2
        for part in (codes[:middle], codes[middle:]):
            if len(part) > 1:
                found |= await self._together(part, missing)
            else:
                found |= await self._single(part[0], missing)
        if len(codes) == len(found) == 2:
            self._support.disagreed(codes)
        return found

    async def _single(self, code: str, missing: list[ApiError]) -> dict[str, Row]:
        try:
            rows = await self._runner.read([code])
        except ApiError as err:
            if _about_codes(err):
                self._lacks(code, err, missing)
            elif err.reason != TASK_TIMEOUT:
                raise
            elif not self._support.failed(code):
                missing.append(err)
            return {}
        if code in rows:
            self._support.answered(rows)
        elif not self._support.failed(code):
            missing.append(_missing(code))
        return rows

    def _lacks(self, code: str, err: ApiError, missing: list[ApiError]) -> None:
        """Note that a code was refused by itself."""
        there = isinstance(err, UnsupportedError)
        note = self._support.refused if there else self._support.failed
        if not note(code):
            missing.append(_missing(code))


def _missing(code: str) -> ApiError:
    return BadDataError(f"{code} is missing", reason="settings_incomplete")


def _about_codes(err: ApiError) -> bool:
    """Return whether a task was refused because of its codes (section 4.3)."""
    return err.code in _ABOUT_CODES


def complete(parameter: Parameter, rows: Mapping[str, Row]) -> Sequence[Row] | None:
    """Return the rows of all codes of a parameter, None if one is missing."""
    found = [rows.get(code) for code in parameter.codes]
    known = [row for row in found if row is not None]
    return known if len(known) == len(found) else None


def values_of(
    parameters: Iterable[Parameter], rows: Mapping[str, Row]
) -> dict[str, Value]:
    """Return what of some parameters was read, by key."""
    values: dict[str, Value] = {}
    for parameter in parameters:
        if (found := complete(parameter, rows)) is not None:
            known, value = decode(parameter, found)
            if known:
                values[parameter.key] = value
    return values
