"""Charging below a price when something is wrong: the cloud, the numbers, the notice."""

from typing import Any

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.exceptions import HomeAssistantError
import pytest

from .stage import Stage
from .test_charge_below_price import SONNEN, begun


@pytest.fixture
def vendor() -> str:
    """Whose battery it is: one that is read once a minute, as most tests are long."""
    return "alphaess"


async def test_a_battery_that_is_away_is_tried_again(stage: Stage) -> None:
    with stage.refusing():
        await begun(stage)
        assert stage.mode == "self_use"
    await stage.minutes(6)
    assert stage.mode == "force_charge"
    await stage.price(0.3)
    assert stage.mode == "self_use"


@SONNEN
async def test_a_battery_that_goes_away_is_waited_for(stage: Stage) -> None:
    await begun(stage, lease=30)
    await stage.minutes(8)
    # Where it would be made longer
    await stage.room.battery.stop()
    await stage.minutes(4)
    await stage.room.battery.start()
    await stage.minutes(20)
    assert stage.mode == "force_charge"
    await stage.price(0.3)
    assert stage.mode == "self_use"


async def test_numbers_that_cannot_be_set_force_nothing(stage: Stage) -> None:
    gone = stage.beside("number", "gone", STATE_UNAVAILABLE)
    before = stage.sent
    await begun(stage, force_target=gone)
    assert stage.mode == "self_use"
    await stage.minutes(60)
    assert stage.sent == before
    (told,) = stage.told
    assert told.startswith("The battery could not be forced to charge.")


async def test_numbers_of_another_battery_force_nothing(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    before = stage.sent
    stage.hass.states.async_set("number.other", "60", {"unit_of_measurement": "min"})
    await begun(stage, force_duration="number.other")
    assert (stage.mode, stage.sent, stage.runs) == ("self_use", before, 0)
    assert "not all of the same battery" in caplog.text


async def test_a_duration_in_other_units_forces_nothing(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.show_in("force_duration", "h")
    await begun(stage)
    assert (stage.mode, stage.runs) == ("self_use", 0)
    assert "not shown in minutes" in caplog.text


@SONNEN
async def test_a_power_that_is_shown_in_kw_is_the_same(stage: Stage) -> None:
    stage.show_in("force_power", "kW")
    await begun(stage, power=2000)
    await stage.minutes(1)
    assert -2100 < stage.flow < -1900


async def test_a_cloud_that_is_away_for_an_hour_does_not_cost_the_night(
    stage: Stage,
) -> None:
    with stage.refusing():
        await begun(stage)
        await stage.minutes(60)
    assert len(stage.told) == 1
    await stage.minutes(31)
    assert stage.mode == "force_charge"


async def test_a_notice_that_fails_too_stops_nothing(stage: Stage) -> None:
    async def refuse(_call: Any) -> None:
        raise HomeAssistantError("no such phone")

    stage.hass.services.async_register("test", "note", refuse)
    with stage.refusing():
        await begun(stage, failed=[{"action": "test.note"}])
        await stage.minutes(40)
    await stage.minutes(31)
    assert stage.mode == "force_charge"
