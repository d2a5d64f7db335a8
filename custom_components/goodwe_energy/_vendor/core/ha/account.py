"""What one account remembers over reloads and restarts.

The request budget, the last documents of the vendor, the counters' floors and
unfinished jobs belong to the account, not to a config entry: the config flow,
a reload and a second try after a failed set-up all share them, so that none of
them is a burst.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
import hashlib
import logging
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..client.budget import Budget
from ..client.redact import Redactor
from .rising import State, valid

_LOGGER = logging.getLogger(__name__)

_SAVE_DELAY = 30.0
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as the vendor sent it, and when it was received (aware UTC)."""

    raw: Any
    received_at: datetime


@dataclass(repr=False)
class Account:
    """One account with a vendor. Made by ``async_account``."""

    budget: Budget
    redactor: Redactor
    documents: dict[str, Stored] = field(default_factory=dict)
    counters: dict[str, State] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    import_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _store: Store[dict[str, Any]] | None = None
    _kept: bool = False
    _queued: bool = False

    @callback
    def touch(self) -> None:
        """Have the account written within half a minute.

        Asked once until it is written: each call of ``async_delay_save`` moves the
        time, so that often enough called it would never write.
        """
        if self._store is not None and self._kept and not self._queued:
            self._queued = True
            self._store.async_delay_save(self._data, _SAVE_DELAY)

    @callback
    def put(self, key: str, raw: Any, received_at: datetime) -> None:
        """Remember a document."""
        self.documents[key] = Stored(raw, received_at)
        self.touch()

    @callback
    def note(self, key: str, value: Any) -> None:
        """Remember a plain JSON value, or forget it when it is None."""
        if value is None:
            self.notes.pop(key, None)
        else:
            self.notes[key] = value
        self.touch()

    @callback
    def seen(self, key: str, now: bool) -> bool:
        """Whether something was ever there, also before a restart.

        A second phase that happens to carry nothing, or an income that is missing at
        midnight, must not take its entity away.
        """
        if now and not self.notes.get(key):
            self.note(key, True)
        return bool(self.notes.get(key))

    @callback
    def counter(self, key: str) -> State:
        """Return the state of one rising counter, to be changed in place."""
        return self.counters.setdefault(key, {})

    @callback
    def forget(self, prefix: str = "", *, but: Collection[str] = ()) -> None:
        """Drop what is known of a system; the budget stays, and the notes in ``but``."""
        for section in (self.documents, self.counters, self.notes):
            for key in [key for key in section if key.startswith(prefix)]:
                if section is not self.notes or key not in but:
                    del section[key]
        self.touch()

    async def async_save(self) -> None:
        """Write at once."""
        if self._store is not None and self._kept:
            await self._store.async_save(self._data())

    @callback
    def keep(self) -> None:
        """Write changes to disk from now on: the account has a config entry."""
        self._kept = True

    @callback
    def leave(self) -> None:
        """Write no more, as the config entry is removed."""
        self._kept = False

    async def async_load(self, store: Store[dict[str, Any]]) -> None:
        """Take over what was stored.

        Nothing is, with a warning, if it cannot be read. A file that a newer version
        wrote or that the disk does not give is not overwritten either: the account
        then remembers until the next start only.
        """
        stored = None
        try:
            stored = await store.async_load()
        except HomeAssistantError as err:
            _LOGGER.warning("The account begins anew and is not saved: %s", err)
            return
        except Exception as err:  # noqa: BLE001 - whatever stands in the file
            _LOGGER.warning(
                "The account begins anew, its file is damaged (%s)", type(err).__name__
            )
        self._store = store
        if isinstance(stored, dict):
            self._restore(stored)

    def _restore(self, stored: dict[str, Any]) -> None:
        self.budget.restore(stored.get("budget"))
        for key, document in _items(stored.get("documents")):
            try:
                received_at = dt_util.parse_datetime(document["received_at"])
                if received_at is not None and received_at.tzinfo is not None:
                    self.documents.setdefault(key, Stored(document["raw"], received_at))
            except KeyError, TypeError, ValueError:
                continue
        for key, state in _items(stored.get("counters")):
            if restored := valid(state):
                self.counters.setdefault(key, restored)
        for key, note in _items(stored.get("notes")):
            self.notes.setdefault(key, note)

    @callback
    def _data(self) -> dict[str, Any]:
        self._queued = False
        return {
            "budget": self.budget.dump(),
            "documents": {
                key: {
                    "raw": document.raw,
                    "received_at": document.received_at.isoformat(),
                }
                for key, document in self.documents.items()
            },
            "counters": {key: dict(state) for key, state in self.counters.items()},
            "notes": self.notes,
        }


class AccountNotes:
    """The notes of an account, as a manager wants them."""

    def __init__(self, account: Account) -> None:
        """Keep them in the account's file."""
        self._account = account

    def get(self, key: str) -> Any:
        """Return a note, None if there is none."""
        return self._account.notes.get(key)

    def set(self, key: str, value: Any) -> None:
        """Keep a note; None forgets it."""
        self._account.note(key, value)

    async def save(self) -> None:
        """Return when all notes are on disk, as far as the account is kept there."""
        await self._account.async_save()


def _items(section: object) -> list[tuple[str, Any]]:
    return list(section.items()) if isinstance(section, dict) else []


async def async_account(
    hass: HomeAssistant, domain: str, account_id: str, make: Callable[[], Account]
) -> Account:
    """Return the one object for this account, made and loaded at its first use.

    A file that is of no use is as if there were none (see ``Account.async_load``).
    """
    key: HassKey[dict[str, asyncio.Task[Account]]] = HassKey(f"{domain}.accounts")
    accounts = hass.data.setdefault(key, {})

    async def load() -> Account:
        digest = hashlib.sha256(account_id.encode()).hexdigest()[:12]
        account = make()
        await account.async_load(
            Store(
                hass,
                _VERSION,
                f"{domain}.account_{digest}",
                private=True,
                atomic_writes=True,
            )
        )
        return account

    if (loading := accounts.get(account_id)) is None or _failed(loading):
        # A task of its own: who asked first may be cancelled, others wait for it too
        loading = accounts[account_id] = hass.async_create_background_task(
            load(), f"{domain} account", eager_start=False
        )
    return await asyncio.shield(loading)


def _failed(task: asyncio.Task[Account]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


async def async_move(earlier: Account, account: Account, *, login: str) -> None:
    """Let an account remember what it did under another name, which it forgets there.

    Notes whose key begins with ``login`` stay: they belong to the credentials. So do
    documents, which can look different from now on, and the budget.
    """
    account.counters.update(earlier.counters)
    account.notes.update(
        {key: note for key, note in earlier.notes.items() if not key.startswith(login)}
    )
    await account.async_save()
    earlier.forget(but=[key for key in earlier.notes if key.startswith(login)])
    await earlier.async_save()
    earlier.leave()
