"""Actions by device (conventions of actions: errors are translated)."""

import asyncio
from datetime import date, datetime
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.typing import UNDEFINED
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.ha.actions import DEVICES, for_each, past_day, targets

from .home import DOMAIN


class System:
    """What a device stands for."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.calls = 0


class Home:
    """Two systems, a charger of the first one and an account."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        self.hass, self.entry = hass, entry
        self.systems = {name: System(name) for name in ("S1", "S2")}
        entry.runtime_data = self.systems
        entry.mock_state(hass, ConfigEntryState.LOADED)
        self.account = self.device("account", "Account")
        self.first = self.device("S1", "System 1", self.account)
        self.second = self.device("S2", "System 2", self.account)
        self.charger = self.device("EV1", "Charger", self.first)

    def device(self, identifier: str, name: str, via: str | None = None) -> str:
        return (
            dr.async_get(self.hass)
            .async_get_or_create(
                config_entry_id=self.entry.entry_id,
                identifiers={(DOMAIN, identifier)},
                name=name,
                via_device_id=via or UNDEFINED,
            )
            .id
        )

    def targets(self, *devices: str) -> dict[str, System]:
        def find(runtime: dict[str, System], identifier: str) -> System | None:
            return runtime.get(identifier)

        return targets(self.hass, DOMAIN, list(devices), find)

    async def run(self, *devices: str, **failing: Any) -> Any:
        async def work(system: System) -> dict[str, Any]:
            system.calls += 1
            await asyncio.sleep(0)
            if (err := failing.get(system.name)) is not None:
                raise err
            return {"name": system.name}

        return await for_each(self.hass, DOMAIN, self.targets(*devices), work)


@pytest.fixture
def home(hass: HomeAssistant, entry: MockConfigEntry) -> Home:
    """The devices of a loaded entry."""
    return Home(hass, entry)


def test_targets(home: Home) -> None:
    """A charger stands for its system; a device that is named twice counts once."""
    found = home.targets(home.second, home.charger, home.second)
    assert {key: system.name for key, system in found.items()} == {
        home.second: "S2",
        home.charger: "S1",
    }


async def test_pairs_of_the_same_are_one(hass: HomeAssistant, home: Home) -> None:
    """What is found can be a pair that is made anew for each device."""
    asked: list[str] = []

    async def work(item: tuple[Home, System]) -> dict[str, Any]:
        asked.append(item[1].name)
        return {"name": item[1].name}

    found = {
        key: (home, system)
        for key, system in home.targets(home.first, home.charger, home.second).items()
    }
    answer = await for_each(hass, DOMAIN, found, work)
    assert asked == ["S1", "S2"]
    assert answer is not None
    assert answer[home.charger] == {"name": "S1"}


def test_a_device_that_stands_for_nothing(home: Home) -> None:
    """The account is no system: people are told, in their language."""
    with pytest.raises(ServiceValidationError) as caught:
        home.targets(home.first, home.account)
    assert caught.value.translation_key == "wrong_device"
    assert caught.value.translation_placeholders == {"device": "Account"}


def test_an_unknown_device(home: Home) -> None:
    """Somebody deleted it; the automation still names it."""
    with pytest.raises(ServiceValidationError):
        home.targets("0123456789abcdef")


def test_a_device_of_somebody_else(home: Home, hass: HomeAssistant) -> None:
    """Another integration's identifiers are not ours, even if they look so."""
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    other.mock_state(hass, ConfigEntryState.LOADED)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "S1")}
    )
    with pytest.raises(ServiceValidationError):
        home.targets(device.id)


def test_an_entry_that_is_not_loaded(home: Home, hass: HomeAssistant) -> None:
    """There is nothing to ask."""
    home.entry.mock_state(hass, ConfigEntryState.SETUP_RETRY)
    with pytest.raises(ServiceValidationError):
        home.targets(home.first)


async def test_answers_by_device(home: Home) -> None:
    """Under the ids that were given; the same system is asked once."""
    answer = await home.run(home.first, home.second, home.charger)
    assert answer == {
        home.first: {"name": "S1"},
        home.second: {"name": "S2"},
        home.charger: {"name": "S1"},
    }
    assert [system.calls for system in home.systems.values()] == [1, 1]


async def test_a_single_failure_is_raised_as_it_is(home: Home) -> None:
    """With its own text."""
    err = HomeAssistantError("offline")
    with pytest.raises(HomeAssistantError) as caught:
        await home.run(home.first, S1=err)
    assert caught.value is err


async def test_some_fail(home: Home) -> None:
    """The others are done all the same, and both are named."""
    dr.async_get(home.hass).async_update_device(home.second, name_by_user="Garage")
    err = HomeAssistantError("offline")
    with pytest.raises(HomeAssistantError) as caught:
        await home.run(home.first, home.second, S1=err)
    assert caught.value.translation_key == "some_failed"
    assert caught.value.translation_placeholders == {
        "failed": "System 1: offline",
        "done": "Garage",
    }
    assert caught.value.__cause__ is err
    assert home.systems["S2"].calls == 1


async def test_all_fail(home: Home) -> None:
    """Nothing was done."""
    with pytest.raises(HomeAssistantError) as caught:
        await home.run(
            home.first,
            home.second,
            S1=HomeAssistantError("a"),
            S2=HomeAssistantError("b"),
        )
    assert caught.value.translation_placeholders == {
        "failed": "System 1: a; System 2: b",
        "done": "-",
    }


async def test_a_bug_is_not_hidden(home: Home) -> None:
    """What is no error of Home Assistant goes through."""
    with pytest.raises(ZeroDivisionError):
        await home.run(home.first, home.second, S2=ZeroDivisionError())


@pytest.mark.parametrize("value", ["a", ["a"], ["a", "b"]])
def test_one_device_or_several(value: Any) -> None:
    """A single id is a list of one."""
    schema = probatio.Schema(DEVICES)
    assert schema({"device_id": value}) == {"device_id": list(value)}


@pytest.mark.parametrize("value", [None, [], "", [""], ["x" * 65], ["x"] * 101, [[]]])
def test_no_device(value: Any) -> None:
    """Errors and logs quote what is given, so its length has an end."""
    with pytest.raises(probatio.Invalid):
        probatio.Schema(DEVICES)({"device_id": value})


@pytest.mark.parametrize("value", ["2026-05-03", date(2026, 5, 3), "2000-01-01"])
def test_days(value: Any) -> None:
    """As text or as a date."""
    assert isinstance(past_day(value), date)


@pytest.mark.parametrize(
    "value", ["1999-12-31", "0001-01-01", datetime(2026, 5, 3), "x", None, 5]
)
def test_what_is_no_day(value: Any) -> None:
    """A time is none, and no vendor has records of the last century."""
    with pytest.raises(probatio.Invalid):
        past_day(value)
