"""iSolarCloud: limits of an application (reference section 5)."""

import pytest

from simulator.clock import ManualClock
from simulator.sungrow import Quota, SungrowSimulator

from .sungrow_client import PLANTS_V2, REFRESH, WRONG_KEY, Gateway


@pytest.fixture
def caller(sungrow: SungrowSimulator, gateway: Gateway) -> Gateway:
    gateway.bearer = sungrow.issue()["access_token"]
    return gateway


async def test_the_limit_of_an_hour_ends_with_the_full_hour(
    sungrow: SungrowSimulator, caller: Gateway
) -> None:
    """It is 13:10:30 at first."""
    sungrow.quota.hour_limit = 2
    codes = [(await caller.plants())["result_code"] for _ in range(3)]
    assert codes == ["1", "1", "E999"]
    caller.clock.advance(49 * 60 + 29)
    assert (await caller.plants())["result_code"] == "E999"
    caller.clock.advance(1)
    assert (await caller.plants())["result_code"] == "1"
    assert sungrow.quota.broken == 2
    assert sungrow.quota.refused == {"E999": 2}


async def test_the_limit_of_a_month_ends_with_it(
    sungrow: SungrowSimulator, caller: Gateway
) -> None:
    """It is the third of May at first."""
    sungrow.oauth.access_seconds = 100 * 86400
    caller.bearer = sungrow.issue()["access_token"]
    sungrow.quota.month_limit = 1
    codes = [(await caller.plants())["result_code"] for _ in range(2)]
    assert codes == ["1", "E998"]
    caller.clock.advance(28 * 86400)
    assert (await caller.plants())["result_code"] == "E998"
    caller.clock.advance(86400)
    assert (await caller.plants())["result_code"] == "1"


async def test_calls_can_be_too_frequent(
    sungrow: SungrowSimulator, caller: Gateway
) -> None:
    sungrow.quota.gap_seconds = 5
    sungrow.wire.retry_hint = "retry_after"
    assert "retry_after" not in await caller.plants()
    answer = await caller.plants()
    assert (answer["result_code"], answer["retry_after"]) == ("E901", 60)
    caller.clock.advance(5)
    assert (await caller.plants())["result_code"] == "1"


async def test_limits_that_are_not_enforced_are_counted(
    sungrow: SungrowSimulator, caller: Gateway
) -> None:
    sungrow.quota.enforced = False
    sungrow.quota.hour_limit = 1
    for _ in range(3):
        assert (await caller.plants())["result_code"] == "1"
    assert sungrow.quota.broken == 2


async def test_business_calls_and_logins_of_the_application_count(
    sungrow: SungrowSimulator, caller: Gateway
) -> None:
    await caller.plants()
    await caller.login()
    await caller.ask(PLANTS_V2, appkey=WRONG_KEY)
    await caller.refresh("unknown")
    assert sungrow.quota.counts == {PLANTS_V2: 1, "login": 1}
    assert sungrow.counters.count(REFRESH) == 1


def test_calls_are_counted_by_hour(clock: ManualClock) -> None:
    quota = Quota(clock)
    for seconds in (0, 3000, 599, 1):
        clock.advance(seconds)
        assert quota.spend("platform/list") is None
    quota.spend("login")
    assert quota.rolling() == 4
    assert quota.rolling("platform/*") == 3
    assert quota.most_per_hour("platform/*") == 3
    assert quota.most_per_hour() == 4
    assert quota.this_hour() == 4
    assert quota.today() == 5
    assert quota.hourly_limit == 2000
    clock.advance(86400)
    assert (quota.rolling(), quota.this_hour(), quota.today()) == (0, 0, 0)
    assert quota.most_per_hour() == 4
    assert quota.total == 5
    quota.forget()
    assert (quota.total, quota.most_per_hour()) == (0, 0)
