"""What a manager tells others: events, changes, and what a person should know of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .outcome import EventType, Problem

type Cancel = Callable[[], None]

# So many events wait for somebody to hear them
_UNTOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEvent:
    """Something happened to a lease."""

    type: EventType
    data: Mapping[str, Any] = field(default_factory=dict)


class News:
    """Listeners, and problems that are told when they come for the second time."""

    def __init__(
        self, noted: object = None, keep: Callable[[Any], None] = lambda _: None
    ) -> None:
        """Begin with what was ``noted`` in an earlier run; ``keep`` notes changes."""
        self.problems: dict[Problem, dict[str, str]] = {}
        self._times: dict[Problem, int] = {}
        self._keep = keep
        self._untold: list[ControlEvent] = []
        self._restore(noted)
        self._listeners: list[Callable[[], None]] = []
        self._event_listeners: list[Callable[[ControlEvent], None]] = []

    def listen(self, listener: Callable[[], None]) -> Cancel:
        """Call after each change of what is known."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def listen_events(self, listener: Callable[[ControlEvent], None]) -> Cancel:
        """Call for each event, also for those that nobody has heard yet."""
        self._event_listeners.append(listener)
        untold, self._untold = self._untold, []
        for event in untold:
            listener(event)
        return lambda: self._event_listeners.remove(listener)

    def changed(self) -> None:
        """Tell that something may have changed."""
        for listener in list(self._listeners):
            listener()

    def emit(self, event: EventType, **data: Any) -> None:
        """Tell of an event."""
        told = ControlEvent(type=event, data=data)
        if not self._event_listeners:
            self._untold = [*self._untold, told][-_UNTOLD:]
        for listener in list(self._event_listeners):
            listener(told)

    def problem(self, problem: Problem, *, times: int = 1, **placeholders: str) -> None:
        """Note a problem; it is told from the ``times``-th time in a row on."""
        self._times[problem] = self._times.get(problem, 0) + 1
        if self._times[problem] >= times:
            self.problems[problem] = placeholders
        self._note()

    def noted(self, problem: Problem) -> bool:
        """Return whether there is a problem, also one that is not told yet."""
        return problem in self._times

    def solved(self, *problems: Problem) -> None:
        """Take problems back."""
        if self._times.keys().isdisjoint(problems):
            return
        for problem in problems:
            self._times.pop(problem, None)
            self.problems.pop(problem, None)
        self._note()

    def _note(self) -> None:
        noted = {
            str(problem): {"times": times, "told": self.problems.get(problem)}
            for problem, times in self._times.items()
        }
        self._keep(noted or None)

    def _restore(self, noted: object) -> None:
        for name, one in noted.items() if isinstance(noted, dict) else ():
            try:
                problem, times, told = Problem(name), int(one["times"]), one["told"]
            except KeyError, TypeError, ValueError:
                continue
            self._times[problem] = times
            if isinstance(told, dict):
                self.problems[problem] = told
