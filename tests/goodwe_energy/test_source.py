"""What is asked seldom and put beside what is asked often."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy._vendor.core.client.errors import (
    ApiError,
    NotPermittedError,
    ThrottledError,
    UnsupportedError,
)
from custom_components.goodwe_energy.kept import Kept
from custom_components.goodwe_energy.source import optional
from simulator.goodwe import GoodWeSimulator
from simulator.goodwe.alarms import Alarm

from .conftest import Step, set_up


class Asked:
    """Answers in turn; an error is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.count = list(answers), 0

    async def __call__(self) -> Any:
        self.count += 1
        answer = self.answers.pop(0)
        if isinstance(answer, ApiError):
            raise answer
        return answer


async def test_kept_answers_outlive_those_that_are_of_no_use(
    freezer: FrozenDateTimeFactory,
) -> None:
    kept = Kept(timedelta(hours=6))
    ask = Asked(["a"], UnsupportedError("x"), [], ["b"])
    found = []
    for hours in (0, 5, 2, 6, 6):
        freezer.tick(timedelta(hours=hours))
        found.append(await kept.get("page", ask))
    assert found == [["a"], ["a"], ["a"], ["a"], ["b"]]
    assert ask.count == 4


async def test_pause_is_not_hidden_and_costs_no_turn(
    freezer: FrozenDateTimeFactory,
) -> None:
    kept = Kept(timedelta(hours=6))
    kept.remember("page", ["old"])
    ask = Asked(ThrottledError("x"), ["new"])
    with pytest.raises(ThrottledError):
        await kept.get("page", ask)
    assert await kept.get("page", ask) == ["new"]


@pytest.mark.parametrize(("reason", "asked"), [("no_rights", 1), ("agreement", 3)])
async def test_what_the_account_may_not_see_is_asked_for_once(
    reason: str, asked: int
) -> None:
    ask = Asked(*[NotPermittedError("x", reason=reason)] * 3)
    fetch = optional(ask)
    for _ in range(3):
        with pytest.raises((NotPermittedError, UnsupportedError)):
            await fetch()
    assert ask.count == asked


async def test_list_of_alarms_is_read_when_their_number_changes(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Not at all while there is none, and once an hour while they stay."""
    page = "sems-alarm/api/v2/alarm/page"
    sim.stations[0].alarms.clear()
    await set_up(hass, entry)
    [plant] = entry.runtime_data.plants.values()
    await step(600)
    assert not sim.requests.counts[page]
    assert plant.alarms.alarms == ()
    serial = next(iter(sim.devices))
    for number, asked in ((1, 1), (2, 2)):
        alarm = Alarm(id=f"a{number}", sn=serial, start=dt_util.utcnow())
        sim.stations[0].alarms.append(alarm)
        await step(600)
        await step(600)
        assert plant.values["active_alarms"] == number
        assert len(plant.alarms.alarms) == number
        assert sim.requests.counts[page] == asked
    for _ in range(6):
        await step(600)
    assert sim.requests.counts[page] == 3


@pytest.mark.parametrize("homes", [("charger",)])
async def test_charger_is_read_often_while_a_car_is_there(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    detail = "sems-remote/api/ev-charger/detail"
    house = sim.stations[0].house
    house.override(ev_plugged=False)
    sim.upload()
    await set_up(hass, entry)
    await step(300)
    sim.requests.forget()
    for _ in range(15):
        await step(60)
    assert sim.requests.counts[detail] == pytest.approx(3, abs=1)
    assert sim.requests.counts["sems-plant/api/v1/chargePile/queryChargeLogList"] <= 1
    house.override(ev_plugged=True)
    sim.upload()
    await step(300)
    sim.requests.forget()
    for _ in range(15):
        await step(60)
    assert sim.requests.counts[detail] == pytest.approx(15, abs=1)
