"""The imports of the past of everything that an entry has."""

from collections.abc import Iterable
from typing import Any, Protocol

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..client.decode import integer
from .account import Account
from .history_import import HistoryImport


class HistoryRuntime(Protocol):
    """An entry at run time, as far as its imports need to know it."""

    hass: HomeAssistant
    account: Account

    @property
    def entry(self) -> ConfigEntry[Any]:
        """The entry with its options."""

    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call after each poll; return what ends that."""


class Histories[T]:
    """Knows for each plant or device how far the import of its past has come.

    Imports that were not finished go on when their target is there again; those of what
    is gone end. Subclasses say what targets there are and how their past is read.
    """

    def __init__(self, runtime: HistoryRuntime, *, option: str, most_days: int) -> None:
        """Begin with nothing.

        ``option`` names how many days are imported once at the beginning, at most
        ``most_days``.
        """
        self._entry_runtime = runtime
        self._option, self._most = option, most_days
        self._jobs: dict[str, HistoryImport] = {}
        self._begun: set[str] = set()
        self._cancel: CALLBACK_TYPE | None = None

    def targets(self) -> Iterable[T]:
        """Return whatever has a past, as far as it is there now."""
        raise NotImplementedError

    def key(self, target: T) -> str:
        """Return what stands for a target in the account's notes."""
        raise NotImplementedError

    def make(self, target: T) -> HistoryImport | None:
        """Return the import of a target; None if it has no past to read."""
        raise NotImplementedError

    def ready(self, target: T) -> bool:
        """Tell whether enough is known of a target to read its past."""
        return True

    def begin(self, target: T, days: int) -> None:
        """Start the import of a target's last days."""
        raise NotImplementedError

    @callback
    def of(self, target: T) -> HistoryImport | None:
        """Return the import of a target; None if it has no past to read."""
        key = self.key(target)
        if (job := self._jobs.get(key)) is None:
            if (job := self.make(target)) is None:
                return None
            self._jobs[key] = job
        return job

    @callback
    def async_begin(self) -> None:
        """Go on with what was not finished, and follow the targets."""
        self._cancel = self._entry_runtime.async_listen(self._follow)
        self._follow()

    @callback
    def async_stop(self) -> None:
        """Let go of the targets; the jobs end with the entry."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def forget(self, key: str) -> None:
        """Hear that a target is gone, after its job has ended."""

    @callback
    def _follow(self) -> None:
        now = {self.key(target): target for target in self.targets()}
        for key in [key for key in self._jobs if key not in now]:
            self._jobs.pop(key).stop()
            self._begun.discard(key)
            self.forget(key)
        for key, target in now.items():
            if key in self._begun or not self.ready(target):
                continue
            if (job := self.of(target)) is None:
                continue
            self._begun.add(key)
            job.resume()
            self._import_once(key, target)

    def _import_once(self, key: str, target: T) -> None:
        """Import the past if the options ask for it and it was not done yet."""
        if "recorder" not in self._entry_runtime.hass.config.components:
            return
        account, note = self._entry_runtime.account, f"{key}/history_days"
        options = self._entry_runtime.entry.options
        asked = integer(options.get(self._option), low=1) or 0
        days = min(asked, self._most)
        if days > (integer(account.notes.get(note)) or 0):
            account.note(note, days)
            self.begin(target, days)
