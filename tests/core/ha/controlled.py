"""A control manager that notes what it is asked, and devices that have one."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from types import SimpleNamespace
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.typing import UNDEFINED
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.control.driver import Capabilities, Range, Timing
from core.control.intent import Edit, HoldBlock, Intent, Kind, Values
from core.control.news import ControlEvent
from core.control.outcome import ControlState, EventType, Outcome, Problem, Result
from core.control.validate import validate

from .home import DOMAIN

TIMING = Timing(read_back=40, reaction=360)
ABLE = Capabilities(
    intents=frozenset(Kind),
    blocks=frozenset(HoldBlock),
    power=Range(low=100, high=5000),
    target_soc=Range(low=10, high=100),
    timing=TIMING,
)
WINDOWS = Capabilities(
    intents=frozenset({Kind.FORCE_CHARGE, Kind.HOLD}),
    blocks=frozenset({HoldBlock.BOTH, HoldBlock.CHARGE}),
    timing=TIMING,
)


class FakeManager:
    """Answers what a test tells it to; validates as the real one does."""

    def __init__(self, key: str, capabilities: Capabilities = ABLE) -> None:
        self.key = key
        self.driver = SimpleNamespace(capabilities=capabilities)
        self.allowed = True
        self.state = ControlState.IDLE
        self.mode: Kind | None = None
        self.mode_known = True
        self.ends: datetime | None = None
        self.writes_today = 0
        self.problems: dict[Problem, Mapping[str, str]] = {}
        self.intents: list[Intent] = []
        self.changes: list[Values] = []
        self.values: Values = {}
        self.answer: Result | Exception = Result(outcome=Outcome.APPLIED)
        self.listeners: list[Callable[[], None]] = []
        self.event_listeners: list[Callable[[ControlEvent], None]] = []

    async def execute(self, intent: Intent) -> Result:
        validate(intent, self.driver.capabilities, datetime.now(UTC))
        self.intents.append(intent)
        return self._answer()

    async def set_values(self, change: Edit | Values) -> Result:
        self.changes.append(change(self.values) if callable(change) else change)
        return self._answer()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def listen_events(
        self, listener: Callable[[ControlEvent], None]
    ) -> Callable[[], None]:
        self.event_listeners.append(listener)
        return lambda: self.event_listeners.remove(listener)

    def changed(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self, name, value)
        for listener in list(self.listeners):
            listener()

    def happened(self, event: EventType, **data: Any) -> None:
        for listener in list(self.event_listeners):
            listener(ControlEvent(type=event, data=data))

    def _answer(self) -> Result:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Battery:
    """What a device stands for."""

    def __init__(self, manager: FakeManager | None, zone: tzinfo = UTC) -> None:
        self.control, self.zone = manager, zone


class Site:
    """A loaded entry with devices: battery S1 with its charger EV1, and S2, S3."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        self.hass, self.entry = hass, entry
        self.managers = {name: FakeManager(name) for name in ("S1", "S2")}
        self.batteries = {
            name: Battery(manager) for name, manager in self.managers.items()
        } | {"S3": Battery(None)}
        entry.runtime_data = self.batteries
        entry.mock_state(hass, ConfigEntryState.LOADED)
        self.ids: dict[str, str] = {}
        for name, via in (("S1", None), ("S2", None), ("S3", None), ("EV1", "S1")):
            self.ids[name] = (
                dr.async_get(hass)
                .async_get_or_create(
                    config_entry_id=entry.entry_id,
                    identifiers={(DOMAIN, name)},
                    name=f"Battery {name}",
                    via_device_id=self.ids[via] if via else UNDEFINED,
                )
                .id
            )

    @property
    def manager(self) -> FakeManager:
        return self.managers["S1"]

    async def call(
        self, action: str, *devices: str, answer: bool = True, **data: Any
    ) -> Any:
        """Call an action; the devices are given by name, S1 if there is none."""
        ids = [self.ids.get(name, name) for name in devices or ("S1",)]
        return await self.hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": ids, **data},
            blocking=True,
            return_response=answer,
        )
