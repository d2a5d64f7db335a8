"""Alarms as events: each is told once, also over restarts."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.components.event import EventEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockEntityPlatform

from core.ha.alarm_events import ALARMS, RAISED_ALARMS, AlarmEvents

from .home import DOMAIN, Home, Reading

type Add = Callable[..., Awaitable[AlarmEvents[Reading]]]


class Listed:
    """What the vendor lists now, None if it was never read."""

    def __init__(self) -> None:
        self.alarms: dict[str, dict[str, Any]] | None = {}

    def set(self, *ids: str) -> None:
        self.alarms = {number: {"code": number} for number in ids}


@pytest.fixture
def listed() -> Listed:
    """No alarm at first."""
    return Listed()


@pytest.fixture
def told() -> list[tuple[str, str]]:
    """What was told so far: the event and the alarm's code."""
    return []


@pytest.fixture
def add(
    hass: HomeAssistant,
    home: Home,
    listed: Listed,
    told: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> Add:
    """Add the entity, as each start does."""

    async def add(
        description: EventEntityDescription = ALARMS,
    ) -> AlarmEvents[Reading]:
        coordinator = home.coordinator()
        await coordinator.async_refresh()
        entity = AlarmEvents(
            home.account,
            coordinator,
            "S1",
            lambda: listed.alarms,
            unique_id="S1_alarm",
            device=DeviceInfo(identifiers={(DOMAIN, "S1")}),
            description=description,
        )
        trigger = entity._trigger_event

        def tell(event: str, data: dict[str, Any] | None = None) -> None:
            told.append((event, (data or {})["code"]))
            trigger(event, data)

        monkeypatch.setattr(entity, "_trigger_event", tell)
        platform = MockEntityPlatform(hass, domain="event", platform_name=DOMAIN)
        await platform.async_add_entities([entity])
        return entity

    return add


async def test_what_is_new_and_what_is_over(
    home: Home, listed: Listed, told: list[tuple[str, str]], add: Add
) -> None:
    """In the order in which it helps: first what ended."""
    listed.set("1")
    await add()
    assert told == []
    listed.set("1", "2")
    await home.step()
    listed.set("2", "3")
    await home.step()
    await home.step()
    assert told == [("raised", "2"), ("cleared", "1"), ("raised", "3")]


@pytest.mark.parametrize("description", [ALARMS, RAISED_ALARMS], ids=["both", "raised"])
async def test_a_restart_tells_what_happened_meanwhile(
    home: Home,
    listed: Listed,
    told: list[tuple[str, str]],
    add: Add,
    description: EventEntityDescription,
) -> None:
    """And nothing twice; what is over only where that can be told."""
    listed.set("1")
    entity = await add(description)
    await entity.async_remove()
    listed.set("2")
    await add(description)
    over = [("cleared", "1")] if description is ALARMS else []
    assert told == [*over, ("raised", "2")]


async def test_no_list_tells_nothing(
    home: Home, listed: Listed, told: list[tuple[str, str]], add: Add
) -> None:
    """What was told before stays told."""
    listed.set("1")
    await add()
    listed.alarms = None
    await home.step()
    listed.set("1")
    await home.step()
    assert told == []
