"""Entities over a control manager that only takes notes (control.md section 4)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.number import NumberExtraStoredData
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.common import (
    MockEntityPlatform,
    async_fire_time_changed,
    mock_restore_cache,
    mock_restore_cache_with_extra_data,
)

from core.client.errors import WriteUnverified
from core.control.driver import Capabilities, Range
from core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Kind,
    SelfUse,
)
from core.control.outcome import ControlState, EventType, Refusal
from core.ha.control_defaults import force_defaults
from core.ha.control_entity import ControlDevice, ControlEntity
from core.ha.control_mode import (
    BatteryMode,
    HoldBlockSelect,
    battery_mode,
    hold_block,
)
from core.ha.control_numbers import (
    FORCE_DURATION,
    FORCE_NUMBERS,
    FORCE_POWER,
    FORCE_TARGET,
    ForceNumber,
)
from core.ha.control_state import (
    CONTROL_EVENTS,
    CONTROL_SENSORS,
    ControlEvents,
    ControlSensor,
)

from .controlled import ABLE, TIMING, WINDOWS, FakeManager
from .home import DOMAIN, NOW

HOUR = timedelta(hours=1)
NAN = float("nan")

MODE = battery_mode([Kind.FORCE_CHARGE, Kind.FORCE_DISCHARGE, Kind.HOLD])
BLOCK = hold_block(list(HoldBlock))
STATE, ENDS, WRITES = CONTROL_SENSORS

type Add = Callable[[Entity], Awaitable[str]]


@pytest.fixture
def manager(freezer: FrozenDateTimeFactory) -> FakeManager:
    """One that can do everything."""
    freezer.move_to(NOW)
    return FakeManager("S1")


@pytest.fixture
def device(manager: FakeManager) -> ControlDevice:
    """A device with that manager."""
    return controlled(manager)


def controlled(manager: FakeManager, **changes: Any) -> ControlDevice:
    return ControlDevice(
        **{
            "domain": DOMAIN,
            "serial": "S1",
            "device_info": {"identifiers": {(DOMAIN, "S1")}},
            "manager": manager,
            **changes,
        }
    )


@pytest.fixture
def add(hass: HomeAssistant) -> Add:
    """Add an entity to Home Assistant; returns its id."""

    async def add_one(entity: Entity) -> str:
        domain = type(entity).__mro__
        kind = next(
            base.__module__.split(".")[2]
            for base in domain
            if base.__module__.startswith("homeassistant.components.")
        )
        platform = MockEntityPlatform(hass, domain=kind, platform_name=DOMAIN)
        await platform.async_add_entities([entity])
        return entity.entity_id

    return add_one


def shown(hass: HomeAssistant, entity_id: str) -> State:
    state = hass.states.get(entity_id)
    assert state is not None
    return state


async def test_battery_mode_shows_what_runs(
    hass: HomeAssistant, manager: FakeManager, device: ControlDevice, add: Add
) -> None:
    entity_id = await add(BatteryMode(device, MODE))
    assert shown(hass, entity_id).state == "self_use"
    assert shown(hass, entity_id).attributes["options"] == [
        "self_use",
        "force_charge",
        "force_discharge",
        "hold",
    ]
    manager.changed(mode=Kind.HOLD)
    assert shown(hass, entity_id).state == "hold"
    manager.changed(mode=None)
    assert shown(hass, entity_id).state == "self_use"


async def test_battery_mode_is_unknown_while_nobody_knows_it(
    hass: HomeAssistant, manager: FakeManager, device: ControlDevice, add: Add
) -> None:
    """Self-use would be a promise that nobody can give."""
    entity_id = await add(BatteryMode(device, MODE))
    manager.changed(mode_known=False)
    assert shown(hass, entity_id).state == "unknown"
    manager.changed(mode_known=True)
    assert shown(hass, entity_id).state == "self_use"


async def test_battery_mode_offers_what_the_device_can_do(
    hass: HomeAssistant, manager: FakeManager, device: ControlDevice, add: Add
) -> None:
    manager.driver.capabilities = WINDOWS
    entity_id = await add(BatteryMode(device, MODE))
    offered = shown(hass, entity_id).attributes["options"]
    assert offered == ["self_use", "force_charge", "hold"]
    manager.changed(driver=type(manager.driver)(capabilities=ABLE))
    assert "force_discharge" in shown(hass, entity_id).attributes["options"]


def test_battery_mode_describes_what_a_vendor_can_do() -> None:
    assert battery_mode([Kind.HOLD, Kind.SET_RESERVE]).options == ["self_use", "hold"]
    assert hold_block([HoldBlock.BOTH]).options == ["both"]


async def test_battery_mode_is_hidden_until_the_settings_are_known(
    hass: HomeAssistant, manager: FakeManager, add: Add
) -> None:
    known = False
    device = controlled(manager, settings_known=lambda: known)
    entity_id = await add(BatteryMode(device, MODE))
    assert shown(hass, entity_id).state == "unavailable"
    known = True
    manager.changed()
    assert shown(hass, entity_id).state == "self_use"


@pytest.mark.parametrize(
    ("option", "intent"),
    [
        (
            "force_charge",
            ForceCharge(until=NOW + timedelta(minutes=5), power=700, target_soc=60),
        ),
        (
            "force_discharge",
            ForceDischarge(until=NOW + timedelta(minutes=5), power=700, target_soc=60),
        ),
        ("hold", Hold(until=NOW + timedelta(minutes=5), block=HoldBlock.BOTH)),
        ("self_use", SelfUse()),
    ],
)
async def test_a_selection_goes_by_the_numbers_beside_it(
    hass: HomeAssistant,
    manager: FakeManager,
    device: ControlDevice,
    add: Add,
    option: str,
    intent: Any,
) -> None:
    defaults = force_defaults(hass, DOMAIN, "S1")
    defaults.minutes, defaults.power, defaults.target_soc = 5, 700, 60
    defaults.block = HoldBlock.BOTH
    await add(BatteryMode(device, MODE))
    await device_entity(hass, device).async_select_option(option)
    assert manager.intents == [intent]


def device_entity(hass: HomeAssistant, device: ControlDevice) -> BatteryMode:
    entity = BatteryMode(device, MODE)
    entity.hass = hass
    return entity


async def test_untouched_numbers_leave_it_to_the_device(
    hass: HomeAssistant, manager: FakeManager, device: ControlDevice, add: Add
) -> None:
    for description in FORCE_NUMBERS:
        await add(ForceNumber(device, description))
    await device_entity(hass, device).async_select_option("force_discharge")
    assert manager.intents == [ForceDischarge(until=NOW + HOUR)]


async def test_a_device_without_a_power_setting_is_told_none(
    hass: HomeAssistant, manager: FakeManager, device: ControlDevice
) -> None:
    manager.driver.capabilities = WINDOWS
    force_defaults(hass, DOMAIN, "S1").power = 700
    await device_entity(hass, device).async_select_option("force_charge")
    assert manager.intents == [ForceCharge(until=NOW + HOUR)]


@pytest.mark.parametrize(
    ("problem", "kind", "key"),
    [
        (Refusal("stale"), ServiceValidationError, "stale"),
        (WriteUnverified("no"), HomeAssistantError, "write_unverified"),
    ],
)
async def test_a_selection_raises_as_the_action_does(
    hass: HomeAssistant,
    manager: FakeManager,
    device: ControlDevice,
    problem: Exception,
    kind: type[Exception],
    key: str,
) -> None:
    manager.answer = problem
    with pytest.raises(kind) as caught:
        await device_entity(hass, device).async_select_option("force_charge")
    assert isinstance(caught.value, HomeAssistantError)
    assert caught.value.translation_key == key


async def test_hold_block_begins_with_what_the_device_can_do(
    hass: HomeAssistant, manager: FakeManager, device: ControlDevice, add: Add
) -> None:
    entity_id = await add(HoldBlockSelect(device, BLOCK))
    assert shown(hass, entity_id).state == "discharge"
    manager.driver.capabilities = WINDOWS
    manager.changed()
    assert shown(hass, entity_id).state == "both"
    assert set(shown(hass, entity_id).attributes["options"]) == {"charge", "both"}


async def test_hold_block_is_kept_and_told_to_the_next_hold(
    hass: HomeAssistant, manager: FakeManager, device: ControlDevice, add: Add
) -> None:
    entity = HoldBlockSelect(device, BLOCK)
    entity_id = await add(entity)
    await entity.async_select_option("charge")
    assert shown(hass, entity_id).state == "charge"
    await device_entity(hass, device).async_select_option("hold")
    assert manager.intents == [Hold(until=NOW + HOUR, block=HoldBlock.CHARGE)]


@pytest.mark.parametrize(
    ("stored", "expected"), [("both", "both"), ("unavailable", "discharge")]
)
async def test_hold_block_survives_a_restart(
    hass: HomeAssistant, device: ControlDevice, add: Add, stored: str, expected: str
) -> None:
    entity = HoldBlockSelect(device, BLOCK)
    entity.entity_id = "select.block"
    mock_restore_cache(hass, [State("select.block", stored)])
    entity_id = await add(entity)
    assert shown(hass, entity_id).state == expected


async def test_the_numbers_begin_with_an_hour_and_all_that_is_possible(
    hass: HomeAssistant, device: ControlDevice, add: Add
) -> None:
    found = {}
    for description in FORCE_NUMBERS:
        state = shown(hass, await add(ForceNumber(device, description)))
        limits = state.attributes
        found[description.key] = (state.state, limits["min"], limits["max"])
    assert found == {
        "force_duration": ("60", 1.0, 1440.0),
        "force_power": ("5000", 100, 5000),
        "force_target": ("100", 10, 100),
    }


async def test_a_number_is_kept_for_the_next_force(
    hass: HomeAssistant, device: ControlDevice, add: Add
) -> None:
    for description, value in zip(FORCE_NUMBERS, (90, 1500, 80), strict=True):
        entity = ForceNumber(device, description)
        entity_id = await add(entity)
        await entity.async_set_native_value(value)
        assert float(shown(hass, entity_id).state) == value
    defaults = force_defaults(hass, DOMAIN, "S1")
    assert (defaults.minutes, defaults.power, defaults.target_soc) == (90, 1500, 80)
    await ForceNumber.async_set_native_value(entity, 100)
    assert defaults.target_soc is None


async def test_other_devices_have_numbers_of_their_own(hass: HomeAssistant) -> None:
    force_defaults(hass, DOMAIN, "S1").minutes = 5
    assert force_defaults(hass, DOMAIN, "S2").minutes == 60
    assert force_defaults(hass, "other", "S1").minutes == 60
    assert force_defaults(hass, DOMAIN, "S1").minutes == 5


async def test_what_is_no_number_is_refused(
    hass: HomeAssistant, device: ControlDevice, add: Add
) -> None:
    for description in FORCE_NUMBERS:
        entity = ForceNumber(device, description)
        entity_id = await add(entity)
        before = shown(hass, entity_id).state
        with pytest.raises(ServiceValidationError) as caught:
            await entity.async_set_native_value(NAN)
        assert caught.value.translation_key == "not_a_number"
        assert shown(hass, entity_id).state == before


@pytest.mark.parametrize(
    ("description", "stored", "expected"),
    [
        (FORCE_DURATION, 15, 15),
        (FORCE_DURATION, 5000, 60),
        (FORCE_DURATION, NAN, 60),
        (FORCE_DURATION, None, 60),
        (FORCE_POWER, 1000, 1000),
        (FORCE_POWER, 9000, 5000),
        (FORCE_TARGET, 50, 50),
        (FORCE_TARGET, 5, 100),
    ],
)
async def test_a_number_survives_a_restart_if_it_is_still_allowed(
    hass: HomeAssistant,
    device: ControlDevice,
    add: Add,
    description: Any,
    stored: float | None,
    expected: float,
) -> None:
    entity = ForceNumber(device, description)
    entity.entity_id = "number.force"
    extra = NumberExtraStoredData(1440, 1, 1, None, stored).as_dict()
    mock_restore_cache_with_extra_data(
        hass, [(State("number.force", str(stored)), extra)]
    )
    assert float(shown(hass, await add(entity)).state) == expected


async def test_a_reload_does_not_take_a_number_back(
    hass: HomeAssistant, device: ControlDevice, add: Add
) -> None:
    """What was stored by the last run is older than what was set since."""
    force_defaults(hass, DOMAIN, "S1").minutes = 15
    entity = ForceNumber(device, FORCE_DURATION)
    entity.entity_id = "number.force"
    extra = NumberExtraStoredData(1440, 1, 1, None, 120).as_dict()
    mock_restore_cache_with_extra_data(hass, [(State("number.force", "120"), extra)])
    assert shown(hass, await add(entity)).state == "15"


async def test_a_number_follows_what_the_device_allows(
    hass: HomeAssistant, manager: FakeManager, device: ControlDevice, add: Add
) -> None:
    entity = ForceNumber(device, FORCE_POWER)
    entity_id = await add(entity)
    await entity.async_set_native_value(4000)
    manager.changed(driver=type(manager.driver)(capabilities=smaller(3000)))
    assert float(shown(hass, entity_id).state) == 3000
    manager.changed(driver=type(manager.driver)(capabilities=WINDOWS))
    assert shown(hass, entity_id).state == "unavailable"


def smaller(power: float) -> Capabilities:
    return Capabilities(
        intents=frozenset(Kind), power=Range(low=100, high=power), timing=TIMING
    )


async def test_the_sensors_show_state_end_and_writes(
    hass: HomeAssistant, manager: FakeManager, device: ControlDevice, add: Add
) -> None:
    ids = [
        await add(ControlSensor(device, description)) for description in CONTROL_SENSORS
    ]
    assert [shown(hass, entity_id).state for entity_id in ids] == [
        "idle",
        "unknown",
        "0",
    ]
    manager.changed(
        state=ControlState.NOT_FOLLOWING,
        ends=datetime(2026, 5, 12, 12, tzinfo=UTC),
        writes_today=3,
    )
    assert [shown(hass, entity_id).state for entity_id in ids] == [
        "not_following",
        "2026-05-12T12:00:00+00:00",
        "3",
    ]


async def test_writes_are_those_of_the_day(
    hass: HomeAssistant,
    manager: FakeManager,
    device: ControlDevice,
    add: Add,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody tells that a day has ended."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    manager.writes_today = 7
    entity_id = await add(ControlSensor(device, WRITES))
    manager.writes_today = 0
    for moment, expected in (
        (datetime(2026, 5, 12, 21, 59, tzinfo=UTC), "7"),
        (datetime(2026, 5, 12, 22, 0, 1, tzinfo=UTC), "0"),
    ):
        freezer.move_to(moment)
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
        assert shown(hass, entity_id).state == expected
    manager.writes_today = 2
    freezer.move_to(datetime(2026, 5, 13, 22, 0, 1, tzinfo=UTC))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert shown(hass, entity_id).state == "2"


async def test_a_state_is_written_only_when_it_says_more(
    hass: HomeAssistant,
    manager: FakeManager,
    device: ControlDevice,
    add: Add,
    freezer: FrozenDateTimeFactory,
) -> None:
    ids = [
        await add(entity)
        for entity in (
            ControlSensor(device, STATE),
            BatteryMode(device, MODE),
            ControlEvents(device, CONTROL_EVENTS),
        )
    ]
    before = [shown(hass, entity_id).last_reported for entity_id in ids]
    freezer.tick(60)
    manager.changed(writes_today=4)
    assert [shown(hass, entity_id).last_reported for entity_id in ids] == before


async def test_events_tell_what_happened(
    hass: HomeAssistant, manager: FakeManager, device: ControlDevice, add: Add
) -> None:
    entity_id = await add(ControlEvents(device, CONTROL_EVENTS))
    assert shown(hass, entity_id).state == "unknown"
    assert set(shown(hass, entity_id).attributes["event_types"]) == set(EventType)
    manager.happened(EventType.STARTED, intent=str(Kind.HOLD), until=NOW)
    state = shown(hass, entity_id)
    assert state.state == "2026-05-12T10:00:00.000+00:00"
    assert state.attributes["event_type"] == "started"
    assert state.attributes["intent"] == "hold"
    assert state.attributes["until"] == "2026-05-12T10:00:00+00:00"


async def test_who_is_removed_listens_no_more(
    hass: HomeAssistant, manager: FakeManager, device: ControlDevice, add: Add
) -> None:
    entities = [
        ControlSensor(device, STATE),
        ControlEvents(device, CONTROL_EVENTS),
        BatteryMode(device, MODE),
        HoldBlockSelect(device, BLOCK),
        ForceNumber(device, FORCE_DURATION),
    ]
    for entity in entities:
        await add(entity)
    for entity in entities:
        await entity.async_remove()
    assert manager.listeners == manager.event_listeners == []


def test_unique_ids_begin_with_the_serial(device: ControlDevice) -> None:
    entity = ControlSensor(device, STATE)
    assert entity.unique_id == "S1_control_state"
    assert entity.has_entity_name
    assert not entity.should_poll


def test_what_is_shown_is_the_subclass_business(device: ControlDevice) -> None:
    with pytest.raises(NotImplementedError):
        _ = ControlEntity(device, STATE).shown
