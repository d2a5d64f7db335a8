"""The request budget (reference section 5)."""

import asyncio

import pytest

from custom_components.sungrow_energy._vendor.core.client.budget import Budget
from custom_components.sungrow_energy._vendor.core.client.errors import ThrottledError
from custom_components.sungrow_energy.api import limits
from tests.core.fake_clock import FakeClock


async def spend(budget: Budget, group: str, count: int = 1) -> None:
    """Make requests that take no time."""
    for _ in range(count):
        async with budget.slot(group):
            pass


async def test_an_hour_has_no_more_calls_than_the_free_plan(
    clock: FakeClock,
) -> None:
    budget = limits.make_budget(clock)
    times = [clock.now().timestamp()] * limits.CALLS_PER_HOUR
    budget.restore({"times": {"any": times[: limits.CALLS_PER_HOUR - 100]}})
    with pytest.raises(ThrottledError):
        await spend(budget, "getDeviceRealTimeData")
    async with budget.slot("paramSetting", write=True):
        pass  # some are kept for control


async def test_an_import_takes_a_quarter_at_most(clock: FakeClock) -> None:
    budget = limits.make_budget(clock)
    times = [clock.now().timestamp()] * limits.HISTORY_PER_HOUR
    budget.restore({"times": {"getDevicePointMinuteDataList": times}})
    with pytest.raises(ThrottledError):
        await spend(budget, "getPowerStationPointDayMonthYearDataList")
    await spend(budget, "getDeviceRealTimeData")


async def test_logins_by_themselves_are_rare(budget: Budget, clock: FakeClock) -> None:
    await spend(budget, limits.LOGIN)
    with pytest.raises(ThrottledError):
        await spend(budget, limits.LOGIN)
    await spend(budget, limits.LOGIN_BY_USER, 3)
    for _ in range(11):
        await clock.advance(61)
        await spend(budget, limits.LOGIN)
    await clock.advance(3600)
    with pytest.raises(ThrottledError) as caught:
        await spend(budget, limits.LOGIN)
    assert (caught.value.retry_after or 0) > 70_000


@pytest.mark.parametrize(
    ("busy", "other"),
    [
        ("getPowerStationPointMinuteDataList", "paramSetting"),
        ("getPowerStationPointMinuteDataList", "getDeviceRealTimeData"),
        ("getDeviceRealTimeData", "getParamSettingTask"),
        ("getDeviceRealTimeData", "refreshToken"),
    ],
)
async def test_what_is_slow_holds_up_nothing_else(
    budget: Budget, busy: str, other: str
) -> None:
    async with budget.slot(busy):
        await asyncio.wait_for(spend(budget, other), 1)
