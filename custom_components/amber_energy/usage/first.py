"""The import of the past that the settings ask for, once after set-up (7.1)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from homeassistant.core import callback

from .._vendor.core.ha.history_import import HistoryImport, Progress
from .state import UsageState


class FirstImport:
    """Starts it, again after whatever came between, and notes when it is finished."""

    def __init__(
        self,
        history: HistoryImport,
        *,
        wanted: Callable[[], int],
        first_day: Callable[[int], date],
        state: Callable[[], UsageState],
        keep: Callable[[UsageState], None],
    ) -> None:
        """Follow ``history``.

        ``wanted`` is a number of days, 0 while nothing can be imported; ``first_day``
        says where so many days begin.
        """
        self._history, self._wanted, self._first_day = history, wanted, first_day
        self._state, self._keep = state, keep
        history.async_listen(self._went_on)

    @callback
    def begin(self) -> None:
        """Start it unless it was made, or another import runs.

        What is newer than the start of the daily runs is theirs.
        """
        state, wanted, progress = self._state(), self._wanted(), self._history.progress
        if wanted <= state.history_days or state.done_until is None:
            return
        if progress is not None and progress.state == "running":
            return
        first = self._first_day(wanted)
        if first <= state.done_until:
            self._history.start(first, state.done_until)
        else:
            self._keep(replace(state, history_days=wanted))

    @callback
    def _went_on(self, event: str, progress: Progress) -> None:
        if event != "finished":
            return
        state, wanted = self._state(), self._wanted()
        if wanted > state.history_days and progress.first <= self._first_day(wanted):
            self._keep(replace(state, history_days=wanted))
        self.begin()
