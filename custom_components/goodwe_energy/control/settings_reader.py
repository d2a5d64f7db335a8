"""Reads what is set on an inverter: named settings and registers (section 6)."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    NotPermittedError,
    UnsupportedError,
)
from .._vendor.core.control.book import Notes
from .._vendor.core.control.driver import Settings
from .._vendor.core.control.intent import Value, Values
from . import named, registers
from .catalogue import IMMEDIATE, REGISTERS, RUNNING
from .client import RemoteClient
from .discovery import Discovery
from .told import Told

NAMED, REGISTER = "named", "registers"
# How long writers look for what was not answered, and a little more
_DOUBT = timedelta(seconds=75)
_REFUSED = (NotPermittedError, UnsupportedError, BadDataError)


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a device's status says that it runs, and when it was received."""

    running: bool
    at: datetime


class SettingsReader:
    """One document of both kinds, and what it means."""

    def __init__(
        self, serial: str, client: RemoteClient, discovery: Discovery, notes: Notes
    ) -> None:
        """Ask for what ``discovery`` has found."""
        self._serial, self._client = serial, client
        self._discovery, self._notes = discovery, notes
        self._told = Told.load(notes.get(self._note))
        self._last: dict[str, Any] = {}

    @property
    def _note(self) -> str:
        return f"{self._serial}/told"

    def told(self, values: Values, now: datetime, *, leased: bool = False) -> None:
        """Keep what was acknowledged: some of it may not be readable."""
        self._told.acknowledged(values, now, leased=leased)
        if not values.keys().isdisjoint(REGISTERS):
            self._notes.set(self._note, self._told.dump())

    async def begins(self, values: Values, read: Values, *, leased: bool) -> Told:
        """Note before it is sent what nothing shows, or not for sure, afterwards.

        That is a start, which is taken for done, and how what is ``leased`` was
        ``read``. It is on disk then: after a crash, or without an answer, it must still
        be ended. Returns what ``refused`` goes back to.
        """
        before = self._told.copy()
        if leased:
            self._told.begins(values, read)
        if values.get(IMMEDIATE) is True:
            self._told.values[IMMEDIATE] = True
            self._told.doubt_ends = None
        if values.get(IMMEDIATE) is True or self._told.earlier != before.earlier:
            self._notes.set(self._note, self._told.dump())
            await self._notes.save()
        return before

    def unanswered(self, values: Values, now: datetime) -> None:
        """Look for a while whether a start has arrived that nobody acknowledged."""
        if values.get(IMMEDIATE) is True:
            self._told.doubt_ends = now + _DOUBT

    def refused(self, before: Told) -> None:
        """Go back to what was told before a change that did not arrive."""
        if before != self._told:
            self._told = before
            self._notes.set(self._note, before.dump())

    async def fetch(self, keys: AbstractSet[str] | None = None) -> dict[str, Any]:
        """Return a document of what is set, of some settings or of all.

        What a device refuses to tell is empty. Raises ``ApiError`` if neither kind was
        answered, or one of them was not for another reason.
        """
        found = self._discovery.found
        wanted = registers.readable(found.functions)
        document: dict[str, Any] = {}
        refused: ApiError | None = None
        if keys is None or not keys <= set(REGISTERS):
            names = named.names_of(found.dialect)
            try:
                document[NAMED] = dict(await self._client.settings(self._serial, names))
            except _REFUSED as err:
                refused = err
        if wanted and (keys is None or not keys.isdisjoint(REGISTERS)):
            try:
                document[REGISTER] = dict(
                    await self._client.function_values(self._serial, wanted)
                )
            except _REFUSED as err:
                refused = err
        if refused is not None and not document:
            raise refused
        return document

    def whole(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return a document with what was read before of the kind that it lacks."""
        return {**self._last, **document}

    def decode(
        self, raw: Mapping[str, Any], observed_at: datetime, status: Status | None
    ) -> Settings:
        """Return what a document means; ``status`` tells of what is not in it."""
        document = mapping(raw)
        self._last = {**self._last, **document}
        found = self._discovery.found
        settings = mapping(document.get(NAMED))
        values = named.decode(settings, found.dialect, found.cards)
        assumed: set[str] = set()
        volatile: frozenset[str] = frozenset()
        if REGISTER in document or not registers.readable(found.functions):
            known, missing = registers.decode(
                mapping(document.get(REGISTER)), found.functions
            )
            values |= {key: value for key, value in known.items() if key not in values}
            assumed = {key for key in missing if key not in values}
            if IMMEDIATE in found.functions:
                self._believe(values, assumed, observed_at)
            volatile = self._told.perhaps_old(values)
            told = {**self._told.values}
            if status is not None and self._told.is_newer(status.at):
                told[RUNNING] = status.running
            values |= {key: told[key] for key in assumed if key in told}
        return Settings(
            observed_at=observed_at,
            values=values,
            assumed=frozenset(assumed),
            raw=document,
            volatile=volatile,
        )

    def _believe(
        self, values: dict[str, Value], assumed: set[str], now: datetime
    ) -> None:
        """Believe of immediate charging what was acknowledged, not what is cached.

        The cache (6.2) may be older than our own write, or than the end at which the
        device stops by itself. Only that it stands still is believed of it, and that
        a start without an answer has arrived.
        """
        told, read = self._told, values.pop(IMMEDIATE, None)
        if told.doubt_ends is not None and (read is True or now >= told.doubt_ends):
            told.doubt_ends = None
        begun = told.values.get(IMMEDIATE) is True and told.doubt_ends is None
        if read is False and not begun:
            values[IMMEDIATE] = False
        else:
            assumed.add(IMMEDIATE)
