"""Charging below a price: when it begins, what keeps it going, and every way to end it."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE
import pytest

from .stage import PRICE, Stage

NAME = "charge_below_price"
SONNEN = pytest.mark.parametrize("vendor", ["sonnen"])
ALL_DAY = {"begin": "00:00:00", "deadline": "00:00:00"}


@pytest.fixture
def vendor() -> str:
    """Whose battery it is: one that is read once a minute, as most tests are long."""
    return "alphaess"


def inputs(stage: Stage, **changes: Any) -> dict[str, Any]:
    """Charge below 0.10, up to 90 %, a quarter of an hour at a time."""
    usual = {"price": PRICE, "limit": 0.1, "percent": 90, "lease": 15}
    return stage.force | usual | ALL_DAY | changes


async def begun(stage: Stage, **changes: Any) -> None:
    """Let the price fall after the automation was made."""
    await stage.price(0.3)
    await stage.automate(NAME, **inputs(stage, **changes))
    assert stage.mode == "self_use"
    await stage.price(0.05)


async def test_it_charges_while_the_price_is_low(stage: Stage) -> None:
    await begun(stage)
    assert stage.mode == "force_charge"
    await stage.minutes(8)
    assert stage.flow < -1000
    await stage.price(0.1)
    assert stage.mode == "self_use"
    await stage.minutes(8)
    assert stage.flow >= 0


async def test_it_goes_on_past_a_lease_with_few_writes(stage: Stage) -> None:
    await begun(stage)
    begin = stage.sent
    await stage.minutes(40)
    assert stage.mode == "force_charge"
    assert stage.flow < -1000
    # sonnen's mode stays; the window of AlphaESS is moved only when it is about to end
    assert stage.sent - begin <= 3


async def test_without_the_automation_it_ends_by_itself(stage: Stage) -> None:
    await begun(stage)
    await stage.minutes(1)
    await stage.hass.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.made"}, blocking=True
    )
    await stage.minutes(10)
    assert stage.mode == "force_charge"
    await stage.minutes(6)
    assert stage.mode == "self_use"


async def test_who_ends_it_has_decided(stage: Stage) -> None:
    await begun(stage)
    await stage.minutes(3)
    await stage.select("self_use")
    await stage.price(0.04)
    await stage.minutes(20)
    assert stage.mode == "self_use"
    await stage.price(0.2)
    await stage.price(0.05)
    assert stage.mode == "force_charge"


async def test_another_mode_of_the_user_stays(stage: Stage) -> None:
    await begun(stage)
    await stage.minutes(1)
    await stage.select("hold")
    await stage.price(0.3)
    assert stage.mode == "hold"


async def test_the_force_of_a_user_is_not_touched(stage: Stage) -> None:
    await stage.price(0.3)
    await stage.automate(NAME, **inputs(stage))
    await stage.select("force_charge")
    ends = stage.ends
    await stage.price(0.05)
    await stage.minutes(20)
    assert stage.ends == ends
    await stage.price(0.3)
    assert stage.mode == "force_charge"
    # Nothing waits for its end any more
    await stage.select("self_use")
    await stage.minutes(6)
    assert stage.mode == "self_use"


async def test_it_waits_for_the_end_of_a_hold(stage: Stage) -> None:
    await stage.price(0.3)
    await stage.automate(NAME, **inputs(stage))
    await stage.select("hold")
    await stage.price(0.05)
    await stage.minutes(10)
    assert stage.mode == "hold"
    await stage.select("self_use")
    await stage.minutes(6)
    assert stage.mode == "force_charge"


@pytest.mark.parametrize("state", [STATE_UNAVAILABLE, "nan"])
async def test_an_unknown_price_begins_nothing(stage: Stage, state: str) -> None:
    await stage.automate(NAME, **inputs(stage))
    await stage.price(state)
    await stage.minutes(6)
    assert stage.mode == "self_use"
    assert stage.sent == 0


async def test_an_unknown_price_makes_nothing_longer(stage: Stage) -> None:
    await begun(stage)
    await stage.minutes(2)
    await stage.price(STATE_UNAVAILABLE)
    await stage.minutes(11)
    assert stage.mode == "force_charge"
    await stage.minutes(4)
    assert stage.mode == "self_use"
    await stage.price(0.05)
    assert stage.mode == "force_charge"


@SONNEN
async def test_it_ends_at_the_target(stage: Stage) -> None:
    await begun(stage, percent=55)
    assert stage.mode == "force_charge"
    stage.room.battery.set_usoc(56)
    await stage.minutes(2)
    stage.room.battery.set_usoc(50)
    await stage.minutes(10)
    assert stage.mode == "self_use"


async def test_the_deadline_ends_it(stage: Stage) -> None:
    await begun(stage, begin="11:00:00", deadline="12:20:00")
    assert "2026-05-12T10:15" < stage.ends < "2026-05-12T10:17"
    await stage.minutes(12)
    # It never lasts beyond the deadline, also without Home Assistant
    assert "2026-05-12T10:19" < stage.ends < "2026-05-12T10:22"
    await stage.minutes(9)
    assert stage.mode == "self_use"
    await stage.minutes(30)
    assert stage.mode == "self_use"


async def test_it_begins_with_its_time(stage: Stage) -> None:
    await begun(stage, begin="12:05:00", deadline="12:00:00")
    assert stage.mode == "self_use"
    await stage.minutes(6)
    assert stage.mode == "force_charge"


async def by_the_blueprint(stage: Stage) -> None:
    """Force as the automation did before Home Assistant stopped."""
    for key, value in (("force_duration", 15), ("force_target", 90)):
        await stage.room.set("number", key, value=value)
    await stage.select("force_charge")


async def test_a_start_of_home_assistant_goes_on_with_it(stage: Stage) -> None:
    await by_the_blueprint(stage)
    await stage.price(0.05)
    await stage.automate(NAME, at_start=True, **inputs(stage))
    await stage.price(0.3)
    assert stage.mode == "self_use"


async def test_a_price_that_comes_after_a_start_goes_on_with_it_too(
    stage: Stage,
) -> None:
    await by_the_blueprint(stage)
    await stage.automate(NAME, at_start=True, **inputs(stage))
    await stage.minutes(1)
    await stage.price(0.05)
    await stage.price(0.3)
    assert stage.mode == "self_use"


async def test_a_start_of_home_assistant_takes_no_force_of_a_user(
    stage: Stage,
) -> None:
    await stage.room.set("number", "force_duration", value=180)
    await stage.select("force_charge")
    ends = stage.ends
    await stage.price(0.05)
    await stage.automate(NAME, at_start=True, **inputs(stage))
    await stage.minutes(6)
    assert stage.ends == ends
    await stage.price(0.3)
    assert stage.mode == "force_charge"


async def test_a_start_of_home_assistant_leaves_what_is_not_wanted(
    stage: Stage,
) -> None:
    await stage.price(0.3)
    await by_the_blueprint(stage)
    await stage.automate(NAME, at_start=True, **inputs(stage))
    await stage.minutes(1)
    assert stage.mode == "force_charge"
    assert stage.runs == 0


async def test_a_price_that_comes_late_begins_it(stage: Stage) -> None:
    await stage.automate(NAME, at_start=True, **inputs(stage))
    await stage.minutes(6)
    await stage.price(0.05)
    await stage.minutes(6)
    assert stage.mode == "force_charge"


async def test_a_price_around_the_limit_writes_little(stage: Stage) -> None:
    await begun(stage)
    await stage.minutes(5)
    sent = stage.sent
    for value in (0.11, 0.09, 0.11, 0.09, 0.11, 0.09):
        await stage.price(value)
        await stage.minutes(2)
    assert stage.mode == "self_use"
    assert stage.sent - sent <= 3
    await stage.minutes(4)
    assert stage.mode == "force_charge"


async def test_a_price_that_falls_while_it_ends_is_not_missed(stage: Stage) -> None:
    await begun(stage, pause=0)
    await stage.minutes(1)
    with stage.room.at_write(lambda: stage.hass.states.async_set(PRICE, "0.05")):
        await stage.price(0.3)
    assert stage.mode == "force_charge"


async def test_a_price_that_is_away_for_a_moment_undoes_no_decision(
    stage: Stage,
) -> None:
    await begun(stage)
    await stage.minutes(1)
    await stage.select("self_use")
    await stage.price(STATE_UNAVAILABLE)
    await stage.minutes(1)
    await stage.price(0.05)
    await stage.minutes(6)
    assert stage.mode == "self_use"


@pytest.mark.parametrize("start_time", [datetime(2026, 3, 29, 0, 30, tzinfo=UTC)])
async def test_an_hour_that_is_left_out_does_not_move_the_deadline(
    stage: Stage,
) -> None:
    # 1:30 in Berlin: at 2:00 it is 3:00
    await begun(stage, begin="01:00:00", deadline="03:10:00", lease=60)
    assert stage.mode == "force_charge"
    assert stage.ends <= "2026-03-29T01:11"


@SONNEN
async def test_the_target_and_power_are_said_to_the_battery(stage: Stage) -> None:
    await begun(stage, percent=80, power=2000)
    await stage.minutes(2)
    assert float(stage.room.state("number", "force_target")) == 80
    assert -2100 < stage.flow < -1900
