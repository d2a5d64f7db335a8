"""When an entity writes its state (design.md section 3)."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State
from homeassistant.helpers.entity import Entity, EntityDescription
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockEntityPlatform,
)

from core.client.errors import TransportError
from core.ha.entity import (
    BundleEntity,
    BundleSensor,
    Candidate,
    EntityAdder,
    add_with_their_data,
    minute,
)

from .home import DOMAIN, Home, Reading

MEASUREMENT = SensorEntityDescription(
    key="power",
    name="Power",
    device_class=SensorDeviceClass.POWER,
    state_class=SensorStateClass.MEASUREMENT,
    native_unit_of_measurement="W",
)
COUNTER = SensorEntityDescription(
    key="energy",
    name="Energy",
    device_class=SensorDeviceClass.ENERGY,
    state_class=SensorStateClass.TOTAL_INCREASING,
    native_unit_of_measurement="kWh",
)
INCOME = SensorEntityDescription(
    key="income",
    name="Income",
    device_class=SensorDeviceClass.MONETARY,
    state_class=SensorStateClass.TOTAL,
)
TEXT = SensorEntityDescription(key="status", name="Status")


class Value(BundleSensor[Reading]):
    """Shows what was read."""

    @property
    @override
    def native_value(self) -> int:
        return self.coordinator.data.value


class Income(Value):
    """Shows money of a day."""

    unit = "EUR"
    reset = datetime(2026, 5, 12, tzinfo=UTC)

    @property
    @override
    def native_unit_of_measurement(self) -> str:
        return self.unit

    @property
    @override
    def last_reset(self) -> datetime:
        return self.reset


class Shown:
    """A sensor in Home Assistant, and what is written of it."""

    def __init__(self, home: Home, entity: Value, polls: list[State]) -> None:
        self.home, self.entity, self.written = home, entity, polls

    @property
    def state(self) -> State:
        state = self.home.hass.states.get(self.entity.entity_id)
        assert state is not None
        return state


@pytest.fixture
def show(
    hass: HomeAssistant, home: Home, monkeypatch: pytest.MonkeyPatch
) -> Callable[[SensorEntityDescription], Any]:
    """Add a sensor for a description, with its first value read."""

    async def show(description: SensorEntityDescription) -> Shown:
        coordinator = home.coordinator()
        await coordinator.async_refresh()
        entity = Value(coordinator, description, "S1_value")
        platform = MockEntityPlatform(hass, domain="sensor", platform_name=DOMAIN)
        await platform.async_add_entities([entity])
        written: list[State] = []
        real = entity.async_write_ha_state

        def write() -> None:
            real()
            state = hass.states.get(entity.entity_id)
            assert state is not None
            written.append(state)

        monkeypatch.setattr(entity, "async_write_ha_state", write)
        return Shown(home, entity, written)

    return show


async def test_an_equal_measurement_is_reported(
    home: Home, show: Callable[..., Any]
) -> None:
    """Statistics and integrals need to know that it still holds."""
    shown = await show(MEASUREMENT)
    changed, reported = shown.state.last_changed, shown.state.last_reported
    for _ in range(3):
        await home.step()
        assert shown.state.last_reported > reported
        reported = shown.state.last_reported
    assert len(shown.written) == 3
    assert shown.state.last_changed == changed


@pytest.mark.parametrize("description", [COUNTER, TEXT], ids=lambda d: d.key)
async def test_an_equal_value_of_another_kind_is_not_written(
    home: Home, show: Callable[..., Any], description: SensorEntityDescription
) -> None:
    """It says nothing new."""
    shown = await show(description)
    reported = shown.state.last_reported
    for _ in range(3):
        await home.step()
    assert shown.written == []
    assert shown.state.last_reported == reported
    home.vendor.answer = 2
    await home.step()
    assert shown.state.state == "2"
    assert len(shown.written) == 1


@pytest.mark.parametrize("description", [MEASUREMENT, COUNTER], ids=lambda d: d.key)
async def test_a_failed_poll_writes_nothing(
    home: Home, show: Callable[..., Any], description: SensorEntityDescription
) -> None:
    """The last value stands until it is too old, then it is hidden once."""
    shown = await show(description)
    home.vendor.answer = TransportError("x")
    for _ in range(3):
        await home.step()
    assert shown.written == []
    assert shown.state.state == "1"
    for _ in range(5):
        await home.step()
    assert [state.state for state in shown.written] == ["unavailable"]
    home.vendor.answer = 1
    await home.step()
    assert [state.state for state in shown.written] == ["unavailable", "1"]


async def test_a_measurement_that_was_not_made_anew(
    home: Home, hass: HomeAssistant
) -> None:
    """A frozen cloud: successful polls with the old reading report nothing."""
    read_at = datetime.now(UTC)
    coordinator = home.coordinator(
        decode=lambda raw, _: Reading(observed_at=read_at, value=raw["value"])
    )
    await coordinator.async_refresh()
    entity = Value(coordinator, MEASUREMENT, "S1_value")
    platform = MockEntityPlatform(hass, domain="sensor", platform_name=DOMAIN)
    await platform.async_add_entities([entity])
    await home.step()
    state = hass.states.get(entity.entity_id)
    assert state is not None
    await home.step()
    again = hass.states.get(entity.entity_id)
    assert again is not None
    assert again.last_reported == state.last_reported


async def test_another_unit_or_reset_is_written(
    home: Home, hass: HomeAssistant
) -> None:
    """People see them beside the value."""
    income = Income(home.coordinator(), INCOME, "S1_income")
    await income.coordinator.async_refresh()
    platform = MockEntityPlatform(hass, domain="sensor", platform_name=DOMAIN)
    await platform.async_add_entities([income])
    await home.step()

    def attributes() -> tuple[str, str]:
        state = hass.states.get(income.entity_id)
        assert state is not None
        shown = state.attributes
        return shown["unit_of_measurement"], shown["last_reset"]

    income.unit = "AUD"
    await home.step()
    assert attributes() == ("AUD", "2026-05-12T00:00:00+00:00")
    income.reset = datetime(2026, 5, 13, tzinfo=UTC)
    await home.step()
    assert attributes() == ("AUD", "2026-05-13T00:00:00+00:00")


async def test_what_is_shown_is_the_subclass_business(home: Home) -> None:
    """Each kind of entity says what people see of it."""
    entity: BundleEntity[Reading] = BundleEntity(
        home.coordinator(), EntityDescription(key="x"), "S1_x"
    )
    with pytest.raises(NotImplementedError):
        _ = entity.shown
    assert entity.measured is False
    assert entity.unique_id == "S1_x"
    assert entity.has_entity_name


def test_each_entity_is_added_once() -> None:
    """And again after its device was gone."""
    added: list[list[Entity]] = []

    def add(
        new_entities: Iterable[Entity],
        update_before_add: bool = False,
        *,
        config_subentry_id: str | None = None,
    ) -> None:
        added.append(list(new_entities))

    adder = EntityAdder(add)
    one, two = Entity(), Entity()
    first, second = ("S1", "power", lambda: one), ("S2", "power", lambda: two)
    adder.update({"S1"}, [first])
    adder.update({"S1"}, [first])
    adder.update({"S1", "S2"}, [first, second])
    adder.update({"S1"}, [first])
    adder.update({"S1", "S2"}, [first, second])
    assert added == [[one], [two], [two]]


class OneMore:
    """An entry at run time that has one more entity at each poll."""

    device_serials = frozenset({"S1"})

    def __init__(self) -> None:
        self.poll: CALLBACK_TYPE = lambda: None
        self.there: list[Candidate] = []

    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        def poll() -> None:
            self.there.append(("S1", str(len(self.there)), Entity))
            listener()

        self.poll = poll
        return lambda: None


def test_an_entry_that_goes_gets_no_entity_any_more(hass: HomeAssistant) -> None:
    """Its platform is gone already when the last answer comes."""
    added: list[Entity] = []

    def add(
        new_entities: Iterable[Entity],
        update_before_add: bool = False,
        *,
        config_subentry_id: str | None = None,
    ) -> None:
        added.extend(new_entities)

    entry: ConfigEntry[OneMore] = MockConfigEntry()
    entry.runtime_data = OneMore()
    add_with_their_data(entry, add, lambda runtime: runtime.there)
    entry.runtime_data.poll()
    assert len(added) == 1
    entry.mock_state(hass, ConfigEntryState.UNLOAD_IN_PROGRESS)
    entry.runtime_data.poll()
    assert len(added) == 1


def test_minute() -> None:
    """A moving time that writes at most one state a minute."""
    at = datetime(2026, 5, 12, 10, 59, 59, 999, tzinfo=UTC)
    assert minute(at) == datetime(2026, 5, 12, 10, 59, tzinfo=UTC)
    assert minute(None) is None
