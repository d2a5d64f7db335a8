"""What a device has: its functions are found, never assumed (reference section 6.2)."""

from collections.abc import (
    Awaitable,
    Callable,
    Iterable,
    Mapping,
    Sequence,
    Set as AbstractSet,
)
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import integer, mapping, moment, number, text
from .._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    NotPermittedError,
    UnsupportedError,
)
from .._vendor.core.control.book import Notes
from .client import RemoteClient
from .dialect import Dialect, dialect_named, dialect_of
from .function import Function, Menus, cards_of, functions_of, menu_keys_of
from .matching import OF_BATTERY_MENU, matched

RENEW = timedelta(hours=6)
# Parts without an answer are asked for again after that, then less and less
RETRY = timedelta(minutes=10)
BATTERY_MENU = 1
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found out about a device; ``cards`` are None if nobody could tell.

    ``missing`` are the parts that had no answer, ``tries`` how often in a row.
    """

    functions: Mapping[str, Function] = field(default_factory=dict)
    dialect: Dialect | None = None
    cards: frozenset[str] | None = None
    menu_keys: Sequence[str] = ()
    battery: str = ""
    at: datetime | None = None
    missing: frozenset[str] = frozenset()
    tries: int = 0


class Discovery:
    """Asks for the menus of a device now and then, and remembers what is in them."""

    def __init__(
        self,
        serial: str,
        client: RemoteClient,
        *,
        notes: Notes,
        clock: Clock,
        battery: Callable[[], str | None],
    ) -> None:
        """``battery`` tells the index of the battery system, None without one."""
        self._serial, self._client = serial, client
        self._notes, self._clock, self._battery = notes, clock, battery
        self.found = _load(notes.get(self._note))

    @property
    def _note(self) -> str:
        return f"{self._serial}/functions"

    @property
    def _in_force(self) -> bool:
        """Whether a force may be on, of which the end must stay known."""
        return self._notes.get(f"{self._serial}/forced") is not None

    @property
    def _index(self) -> str:
        """The battery to ask for: during a force the one that it began with."""
        known = self.found.battery
        return known if known and self._in_force else self._battery() or ""

    @property
    def due(self) -> bool:
        """Whether it is to be asked again; at once for another battery."""
        found = self.found
        if found.at is None or self._index != found.battery:
            return True
        age = self._clock.now() - found.at
        return not timedelta() <= age < _pause_after(found.tries)

    async def renew(self, *, force: bool = False) -> None:
        """Ask again if it is time. Raises ``ApiError`` if nothing is known at all."""
        if not (force or self.due):
            return
        try:
            found = await self._ask()
        except ApiError:
            if self.found.at is None:
                raise
            return
        self.found = found
        self._notes.set(self._note, _dump(found))

    async def _ask(self) -> Found:
        """Ask for all parts; one without an answer stays as it was."""
        before, battery = self.found, self._index
        dialect = dialect_of(
            await self._part(self._client.work_mode(self._serial), _NOTHING)
        )
        nothing: Menus = ()
        general = await self._part(self._client.function_menus(self._serial), nothing)
        of_battery = nothing
        if battery:
            of_battery = await self._part(
                self._client.function_menus(
                    self._serial, menu_code=BATTERY_MENU, bat_index=battery
                ),
                nothing,
            )
        cards = await self._part(
            self._client.function_menus(self._serial, module="WORK_MODE"), nothing
        )
        answered = {
            "dialect": dialect is not None,
            "general": bool(general),
            "battery": bool(of_battery) or not battery,
            "cards": bool(cards),
        }
        missing = frozenset(part for part, is_told in answered.items() if not is_told)
        keys = (*menu_keys_of(general), *menu_keys_of(of_battery))
        return Found(
            functions={
                **self._kept(missing, battery),
                **matched(functions_of(general), functions_of(of_battery)),
            },
            dialect=dialect or before.dialect,
            cards=cards_of(cards) if cards else before.cards,
            menu_keys=keys if general else before.menu_keys,
            battery=battery,
            at=self._clock.now(),
            missing=missing,
            tries=_tries(before, missing),
        )

    def _kept(self, missing: AbstractSet[str], battery: str) -> Mapping[str, Function]:
        """Return the functions that stay although they were not listed now."""
        known = self.found.functions
        if self._in_force:
            return known
        general = "general" in missing
        of_battery = "battery" in missing and battery == self.found.battery
        return {
            key: one
            for key, one in known.items()
            if (of_battery if key in OF_BATTERY_MENU else general)
        }

    @staticmethod
    async def _part[T](answer: Awaitable[T], nothing: T) -> T:
        """Return one answer; a device that cannot be asked this has nothing of it."""
        try:
            return await answer
        except BadDataError, NotPermittedError, UnsupportedError:
            return nothing


def _tries(before: Found, missing: frozenset[str]) -> int:
    """Return how often in a row no more than before was answered."""
    if not missing:
        return 0
    return before.tries + 1 if missing <= before.missing else 1


def _pause_after(tries: int) -> timedelta:
    """Return how long not to ask, after so many answers in a row that lacked a part."""
    return min(RENEW, RETRY * 2 ** min(tries - 1, 8)) if tries else RENEW


def _dump(found: Found) -> dict[str, Any]:
    return {
        "functions": {key: one.dump() for key, one in found.functions.items()},
        "dialect": found.dialect and found.dialect.version,
        "cards": None if found.cards is None else sorted(found.cards),
        "menu_keys": list(found.menu_keys),
        "battery": found.battery,
        "at": found.at and found.at.isoformat(),
        "missing": sorted(found.missing),
        "tries": found.tries,
    }


def _load(note: object) -> Found:
    data = mapping(note)
    cards = data.get("cards")
    return Found(
        functions={
            str(key): function
            for key, raw in mapping(data.get("functions")).items()
            if (function := Function.load(raw)) is not None
        },
        dialect=dialect_named(number(data.get("dialect"))),
        cards=frozenset(_texts(cards)) if isinstance(cards, list) else None,
        menu_keys=_texts(data.get("menu_keys")),
        battery=text(data.get("battery")) or "",
        at=moment(data.get("at")),
        missing=frozenset(_texts(data.get("missing"))),
        tries=integer(data.get("tries"), low=0) or 0,
    )


def _texts(value: object) -> list[str]:
    values: Iterable[object] = value if isinstance(value, list) else ()
    return [one for one in values if isinstance(one, str)]
