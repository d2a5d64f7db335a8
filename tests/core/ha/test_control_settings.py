"""Entities that set something show what was read, and wait for the outcome."""

from collections.abc import Callable
from datetime import time
from typing import Any

from homeassistant.components.number import NumberEntity
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockEntityPlatform

from core.client.errors import TransportError, WriteUnverified
from core.control.driver import Range, Settings
from core.control.intent import SetReserve
from core.control.outcome import Refusal
from core.ha.control_settings import (
    NumberSettingDescription,
    SettingDescription,
    SettingNumber,
    SettingSource,
    SettingSwitch,
    SettingTime,
    SwitchSettingDescription,
    TimeSettingDescription,
)

from .controlled import FakeManager
from .home import DOMAIN, NOW, Home

LIMIT = NumberSettingDescription(
    key="limit",
    exists_fn=lambda settings: "limit" in settings.values,
    value_fn=lambda settings: settings.values["limit"],  # type: ignore[return-value,arg-type]
    range_fn=lambda settings, able: Range(low=10, high=able.target_soc.high, step=5),
    change_fn=lambda value, settings, able: {"limit": value},
)
RESERVE = NumberSettingDescription(
    key="reserve",
    value_fn=lambda settings: None,
    range_fn=lambda settings, able: Range(low=0, high=100),
    intent_fn=lambda value: SetReserve(soc=value),
)
ENABLED = SwitchSettingDescription(
    key="enabled",
    assumed_key="enabled",
    value_fn=lambda settings: settings.values.get("enabled"),  # type: ignore[return-value,arg-type]
    change_fn=lambda on, settings, able: lambda values: {"enabled": on, **values},
)


def quarter(value: time, settings: Settings, able: Any) -> dict[str, Any]:
    if value.minute % 15:
        raise Refusal("off_grid_time", time=value)
    return {"start": value.isoformat()}


START = TimeSettingDescription(
    key="start",
    value_fn=lambda settings: time.fromisoformat(str(settings.values["start"])),
    change_fn=quarter,
)


class Panel:
    """Setting entities over a document that a test changes."""

    def __init__(self, hass: HomeAssistant, home: Home) -> None:
        self.hass, self.home = hass, home
        self.manager = FakeManager("S1")
        self.coordinator = home.coordinator()
        self.known: Settings | None = Settings(
            observed_at=NOW,
            values={"limit": 90, "enabled": True, "start": "01:00"},
        )
        self.source = SettingSource(
            domain=DOMAIN,
            serial="S1",
            device_info={"identifiers": {(DOMAIN, "S1")}},
            manager=self.manager,  # type: ignore[arg-type]
            coordinator=self.coordinator,
            settings=lambda: self.known,
        )

    async def add[T: (SettingNumber, SettingSwitch, SettingTime)](
        self,
        kind: Callable[[SettingSource, Any], T],
        description: SettingDescription,
    ) -> T:
        entity = kind(self.source, description)
        domain = "number" if isinstance(entity, NumberEntity) else "switch"
        if isinstance(entity, SettingTime):
            domain = "time"
        platform = MockEntityPlatform(self.hass, domain=domain, platform_name=DOMAIN)
        await platform.async_add_entities([entity])
        return entity

    def state(self, entity: Any) -> State:
        found = self.hass.states.get(entity.entity_id)
        assert found is not None
        return found

    async def read(self, **values: Any) -> None:
        """Poll; the store now says so."""
        assert self.known is not None
        self.known = Settings(observed_at=NOW, values={**self.known.values, **values})
        await self.home.step()


@pytest.fixture
async def panel(hass: HomeAssistant, home: Home) -> Panel:
    """A document that was read."""
    panel = Panel(hass, home)
    await panel.coordinator.async_refresh()
    return panel


async def test_what_was_read_is_shown(panel: Panel) -> None:
    entities = [
        await panel.add(SettingNumber, LIMIT),
        await panel.add(SettingSwitch, ENABLED),
        await panel.add(SettingTime, START),
    ]
    assert [panel.state(entity).state for entity in entities] == [
        "90",
        "on",
        "01:00:00",
    ]
    await panel.read(limit=80, enabled=False, start="02:15")
    assert [panel.state(entity).state for entity in entities] == [
        "80",
        "off",
        "02:15:00",
    ]
    assert entities[0].unique_id == "S1_limit"


async def test_a_wish_is_not_shown(panel: Panel) -> None:
    """Not even when the call has returned: only a reading changes the state."""
    entity = await panel.add(SettingNumber, LIMIT)
    await entity.async_set_native_value(70)
    assert panel.manager.changes == [{"limit": 70}]
    assert panel.state(entity).state == "90"


async def test_a_number_has_the_range_of_the_device(panel: Panel) -> None:
    entity = await panel.add(SettingNumber, LIMIT)
    limits = panel.state(entity).attributes
    assert (limits["min"], limits["max"], limits["step"]) == (10, 100, 5)


async def test_a_switch_and_a_time_become_changes(panel: Panel) -> None:
    """A change may depend on what is set when its turn comes."""
    panel.manager.values = {"other": 1}
    switch = await panel.add(SettingSwitch, ENABLED)
    await switch.async_turn_off()
    await switch.async_turn_on()
    start = await panel.add(SettingTime, START)
    await start.async_set_value(time(3, 30))
    assert panel.manager.changes == [
        {"enabled": False, "other": 1},
        {"enabled": True, "other": 1},
        {"start": "03:30:00"},
    ]


async def test_a_number_may_be_an_intent(panel: Panel) -> None:
    entity = await panel.add(SettingNumber, RESERVE)
    await entity.async_set_native_value(20)
    assert panel.manager.intents == [SetReserve(soc=20)]
    assert panel.manager.changes == []


async def test_what_cannot_be_read_is_assumed(panel: Panel) -> None:
    switch = await panel.add(SettingSwitch, ENABLED)
    limit = await panel.add(SettingNumber, LIMIT)
    assert "assumed_state" not in panel.state(switch).attributes
    assert panel.known is not None
    panel.known = Settings(
        observed_at=NOW,
        values=panel.known.values,
        assumed=frozenset({"enabled"}),
    )
    await panel.home.step()
    assert panel.state(switch).attributes["assumed_state"] is True
    assert "assumed_state" not in panel.state(limit).attributes


async def test_settings_that_are_not_known_or_not_there_are_hidden(
    panel: Panel,
) -> None:
    limit = await panel.add(SettingNumber, LIMIT)
    switch = await panel.add(SettingSwitch, ENABLED)
    panel.known = Settings(observed_at=NOW, values={"enabled": True})
    await panel.home.step()
    assert panel.state(limit).state == "unavailable"
    assert panel.state(switch).state == "on"
    panel.known = None
    await panel.home.step()
    assert panel.state(switch).state == "unavailable"
    for order in (limit.async_set_native_value(50), switch.async_turn_on()):
        with pytest.raises(ServiceValidationError) as caught:
            await order
        assert caught.value.translation_key == "settings_unknown"
    start = SettingTime(panel.source, START)
    assert (limit.native_value, switch.is_on, start.native_value) == (None, None, None)
    assert limit.native_max_value == 100


async def test_settings_that_are_too_old_are_hidden(panel: Panel) -> None:
    entity = await panel.add(SettingNumber, LIMIT)
    panel.home.vendor.answer = TransportError("down")
    for _ in range(5):
        await panel.home.step()
    assert panel.state(entity).state == "unavailable"


@pytest.mark.parametrize(
    ("problem", "kind", "key"),
    [
        (Refusal("stale"), ServiceValidationError, "stale"),
        (WriteUnverified("no"), HomeAssistantError, "write_unverified"),
    ],
)
async def test_what_fails_raises_as_an_action_does(
    panel: Panel, problem: Exception, kind: type[Exception], key: str
) -> None:
    panel.manager.answer = problem
    limit = await panel.add(SettingNumber, LIMIT)
    reserve = await panel.add(SettingNumber, RESERVE)
    for entity in (limit, reserve):
        with pytest.raises(kind) as caught:
            await entity.async_set_native_value(50)
        assert isinstance(caught.value, HomeAssistantError)
        assert caught.value.translation_key == key


async def test_what_cannot_be_set_is_refused_before_anything_is_sent(
    panel: Panel,
) -> None:
    start = await panel.add(SettingTime, START)
    with pytest.raises(ServiceValidationError) as caught:
        await start.async_set_value(time(3, 10))
    assert caught.value.translation_key == "off_grid_time"
    assert caught.value.translation_placeholders == {"time": "03:10:00"}
    for description in (LIMIT, RESERVE):
        entity = await panel.add(SettingNumber, description)
        with pytest.raises(ServiceValidationError) as caught:
            await entity.async_set_native_value(float("nan"))
        assert caught.value.translation_key == "not_a_number"
    assert panel.manager.changes == []
    assert panel.manager.intents == []


async def test_control_that_is_off_sets_nothing(panel: Panel) -> None:
    panel.manager.allowed = False
    switch = await panel.add(SettingSwitch, ENABLED)
    with pytest.raises(ServiceValidationError) as caught:
        await switch.async_turn_off()
    assert caught.value.translation_key == "control_off"
    assert panel.manager.changes == []
