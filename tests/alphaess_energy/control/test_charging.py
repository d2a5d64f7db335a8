"""The EV charger and the house connection (reference 3.14 to 3.17)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from custom_components.alphaess_energy._vendor.core.client.budget import Budget, Rule
from custom_components.alphaess_energy._vendor.core.client.errors import ThrottledError
from custom_components.alphaess_energy._vendor.core.control.driver import Observation
from custom_components.alphaess_energy._vendor.core.control.intent import (
    Hold,
    Kind,
    SelfUse,
    SetValues,
)
from custom_components.alphaess_energy._vendor.core.control.outcome import Refusal
from custom_components.alphaess_energy.charging import ChargerDriver, HouseholdDriver
from tests.core.fake_clock import START, FakeClock

from .cloud import Json


class Wallbox:
    """Stands for the client."""

    def __init__(self) -> None:
        self.status: Any = 2
        self.current: Any = 25.0
        self.sent: list[tuple[Any, ...]] = []

    async def charger_status(self, serial: str, charger: str) -> Json:
        assert (serial, charger) == ("AL1", "EV1")
        return {"evchargerStatus": self.status}

    async def control_charger(self, serial: str, charger: str, *, start: bool) -> None:
        self.sent.append((serial, charger, start))

    async def household_current(self, serial: str) -> Json:
        assert serial == "AL1"
        return {"currentsetting": self.current}

    async def set_household_current(self, serial: str, amperes: int) -> None:
        self.sent.append((serial, amperes))


class Around:
    """What both drivers share."""

    def __init__(self) -> None:
        self.client = Wallbox()
        self.published: list[tuple[Json, datetime]] = []
        clock = FakeClock()
        shared: dict[str, Any] = {
            "on_read": lambda raw, at: self.published.append((raw, at)),
            "observe": lambda: Observation(at=START, fresh=True),
            "clock": clock,
            "budget": Budget([Rule(limit=2, window=60)], clock=clock),
        }
        client: Any = self.client
        self.charger = ChargerDriver("AL1", "EV1", client, **shared)
        self.household = HouseholdDriver("AL1", client, **shared)


def edit(**values: Any) -> SetValues:
    return SetValues(edits=(lambda _: values,))


@pytest.mark.parametrize(
    ("status", "values"),
    [
        (1, {"charging": False}),
        (2, {"charging": False}),
        (3, {"charging": True}),
        (4, {"charging": True}),
        (5, {"charging": True}),
        (6, {"charging": False}),
        (7, {}),
        (9, {}),
        (None, {}),
    ],
)
async def test_whether_a_charger_would_charge(status: Any, values: Json) -> None:
    around = Around()
    around.client.status = status
    settings = await around.charger.read()
    assert settings.values == values
    assert around.published == [({"evchargerStatus": status}, START)]


@pytest.mark.parametrize("start", [True, False])
async def test_a_charger_is_told_once(start: bool) -> None:
    around = Around()
    settings = await around.charger.read()
    plan = around.charger.plan(edit(charging=start), settings, START)
    assert plan.target == {"charging": start}
    (step,) = around.charger.steps(plan.target, settings)
    await around.charger.apply(step, settings, plan.memo)
    assert around.client.sent == [("AL1", "EV1", start)]


@pytest.mark.parametrize("status", [4, 5])
async def test_a_charge_that_is_suspended_can_be_started(status: int) -> None:
    """The states of the reference are advice, no bar (6.4)."""
    around = Around()
    around.client.status = status
    settings = await around.charger.read()
    plan = around.charger.plan(edit(charging=True), settings, START)
    changes = {k: v for k, v in plan.target.items() if settings.values.get(k) != v}
    (step,) = around.charger.steps(changes, settings)
    await around.charger.apply(step, settings, plan.memo)
    assert around.client.sent == [("AL1", "EV1", True)]
    # Nobody can read that it has arrived: after a lost answer it is not known
    assert settings.assumed.issuperset(step.values)


@pytest.mark.parametrize(
    ("status", "shown"), [(3, True), (4, True), (5, True), (2, False), (6, False)]
)
async def test_when_a_start_is_done(status: int, shown: bool) -> None:
    around = Around()
    around.client.status = 5
    settings = await around.charger.read()
    plan = around.charger.plan(edit(charging=True), settings, START)
    around.client.status = status
    assert (await around.charger.read()).shows(plan.target) is shown


@pytest.mark.parametrize(
    ("status", "start", "sent"),
    [
        (1, True, True),
        (2, True, True),
        (3, True, False),
        (6, True, True),
        (1, False, False),
        (2, False, False),
        (3, False, True),
        (4, False, True),
        (5, False, True),
        (6, False, False),
        (9, False, True),
    ],
)
async def test_what_needs_an_order(status: int, start: bool, sent: bool) -> None:
    around = Around()
    around.client.status = status
    settings = await around.charger.read()
    plan = around.charger.plan(edit(charging=start), settings, START)
    changes = {k: v for k, v in plan.target.items() if settings.values.get(k) != v}
    assert bool(around.charger.steps(changes, settings)) is sent


@pytest.mark.parametrize(("amperes", "value"), [(25.0, 25), ("16", 16), (12.5, 12.5)])
async def test_the_current_is_read(amperes: Any, value: float) -> None:
    around = Around()
    around.client.current = amperes
    settings = await around.household.read()
    assert settings.values == {"current": value}
    assert type(settings.values["current"]) is type(value)


async def test_a_current_that_is_not_told_is_unknown() -> None:
    around = Around()
    around.client.current = None
    assert (await around.household.read()).values == {}


async def test_the_current_is_set_in_whole_amperes() -> None:
    around = Around()
    settings = await around.household.read()
    plan = around.household.plan(edit(current=32.0), settings, START)
    assert plan.target == {"current": 32}
    (step,) = around.household.steps(plan.target, settings)
    await around.household.apply(step, settings, {})
    assert around.client.sent == [("AL1", 32)]
    assert type(around.client.sent[0][1]) is int


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"current": 5.9}, "current_range"),
        ({"current": 33}, "current_range"),
        ({"current": float("nan")}, "current_range"),
        ({"current": True}, "current_range"),
        ({"current": 16.5}, "current_whole"),
        ({"voltage": 230}, "unknown_setting"),
    ],
)
async def test_what_is_no_current_is_refused(values: Json, key: str) -> None:
    around = Around()
    settings = await around.household.read()
    with pytest.raises(Refusal) as caught:
        around.household.plan(edit(**values), settings, START)
    assert caught.value.key == key


def test_orders_to_a_charger_wear_nothing() -> None:
    around = Around()
    assert around.charger.capabilities.writes_per_day is None
    assert around.household.capabilities.writes_per_day == 60


async def test_a_charger_is_on_or_off() -> None:
    around = Around()
    settings = await around.charger.read()
    with pytest.raises(Refusal, match="unknown_setting"):
        around.charger.plan(edit(charging=1), settings, START)


async def test_neither_does_anything_else() -> None:
    around = Around()
    for driver, read_back in ((around.charger, 60), (around.household, 40)):
        settings = await driver.read()
        assert driver.capabilities.intents == {Kind.SET_VALUES}
        assert driver.capabilities.blocks == frozenset()
        assert driver.capabilities.timing.read_back == read_back
        assert driver.capabilities.timing.reaction == 60
        assert driver.plan(SelfUse(), settings, START).target == {}
        assert list(driver.steps({}, settings)) == []
        assert driver.forced(settings, {"charging": True}) == {}
        assert driver.restorable({"charging": True}, settings) == {"charging": True}
        seen = driver.observation()
        assert seen.fresh
        assert driver.following(Hold(until=START + timedelta(hours=1)), seen) is None
        driver.admit(2)
        with pytest.raises(ThrottledError):
            driver.admit(3)
