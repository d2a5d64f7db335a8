"""Who may ask, how often, and how it is refused (amber.md sections 2, 4 and 5.1)."""

from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from simulator.amber import TOKEN, Account, AmberSimulator
from simulator.clock import ManualClock

from .amber_client import HALF_HOURLY, SITE, AmberClient

CURRENT = f"sites/{SITE}/prices/current"
PRICES = f"sites/{SITE}/prices"
USAGE = f"sites/{SITE}/usage"
DAYS = {"startDate": "2026-10-04", "endDate": "2026-10-04"}
STATE = "state/nsw/renewables/current"
DENIED = {
    "message": "User is not authorized to access this resource with an explicit deny "
    "in an identity-based policy"
}

# Tokens


@pytest.mark.parametrize("token", [None, "psk_wrong", ""])
@pytest.mark.parametrize("path", ["sites", CURRENT, PRICES, USAGE])
async def test_a_bad_token_is_refused(
    cloud: AmberClient, amber: AmberSimulator, token: str | None, path: str
) -> None:
    cloud.token = token
    refused = await cloud.get(path, **DAYS)
    assert (refused.status, refused.body) == (403, DENIED)
    assert refused.limits == []
    amber.bad_token_status = 401
    assert (await cloud.get(path)).status == 401


async def test_a_token_can_be_revoked_and_expire(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    amber.token_expires = noon() + timedelta(minutes=1)
    assert (await cloud.get("sites")).status == 200
    noon.advance(60)
    assert (await cloud.get("sites")).status == 403
    amber.token_expires = None
    assert (await cloud.get("sites")).status == 200
    amber.revoke(amber.token)
    assert (await cloud.get("sites")).status == 403


async def test_accounts_see_their_own_sites(
    amber: AmberSimulator, session: aiohttp.ClientSession
) -> None:
    amber.accounts = [
        Account(name="one", tokens={TOKEN}, sites={SITE}),
        Account(name="two", tokens={"psk_two"}, sites={HALF_HOURLY}),
    ]
    one = AmberClient(amber, session)
    two = AmberClient(amber, session, "psk_two")
    assert [site["id"] for site in await one.read("sites")] == [SITE]
    assert [site["id"] for site in await two.read("sites")] == [HALF_HOURLY]
    refused = await two.get(CURRENT)
    assert refused.status == 404
    assert refused.limits
    amber.foreign_site_status = 403
    refused = await two.get(CURRENT)
    assert (refused.status, refused.limits) == (403, [])


@pytest.mark.parametrize(
    "path", ["sites/01J9ZK3V7Q8M2N4P6R8T0WXXXX/usage", "sites/x", "other", CURRENT[:-1]]
)
async def test_what_does_not_exist(cloud: AmberClient, path: str) -> None:
    assert (await cloud.get(path, **DAYS)).status == 404


# Renewables


async def test_renewables_need_no_token(cloud: AmberClient) -> None:
    cloud.token = None
    found = await cloud.read(STATE, previous=6, next=3, resolution=5)
    assert [entry["type"] for entry in found] == [
        *(["ActualRenewable"] * 6 + ["CurrentRenewable"] + ["ForecastRenewable"] * 3)
    ]
    assert {entry["duration"] for entry in found} == {5}


async def test_renewables_come_in_half_hours(cloud: AmberClient) -> None:
    found = await cloud.read(STATE, previous=1, next=300)
    assert {entry["duration"] for entry in found} == {30}
    assert found[1]["startTime"] == "2026-10-05T02:00:01Z"
    assert len(found) == 81


async def test_only_four_states_are_known(cloud: AmberClient) -> None:
    for state in ("nsw", "qld", "sa", "vic"):
        assert await cloud.read(f"state/{state}/renewables/current")
    assert (await cloud.get("state/tas/renewables/current")).status == 404
    assert (await cloud.get(STATE, next=2048)).status == 422


async def test_renewables_can_be_without_limit_and_headers(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    cloud.token = None
    assert (await cloud.get(STATE)).remaining == 49
    amber.limits.renewables = False
    amber.limits.limit = 1
    assert (await cloud.get(STATE)).limits == []


# The own limit


async def test_the_four_headers(cloud: AmberClient, noon: ManualClock) -> None:
    first = await cloud.get("sites")
    assert {name: first.headers[name] for name in first.limits} == {
        "RateLimit-Limit": "50",
        "RateLimit-Remaining": "49",
        "RateLimit-Reset": "300",
        "RateLimit-Policy": "50;w=300",
    }
    noon.advance(112.4)
    later = await cloud.get("sites")
    assert (later.remaining, later.reset) == (48, 188)


async def test_a_window_is_fixed_and_begins_with_a_request(
    cloud: AmberClient, noon: ManualClock
) -> None:
    await cloud.get(CURRENT)
    noon.advance(299)
    assert (await cloud.get(CURRENT)).remaining == 48
    noon.advance(1)
    fresh = await cloud.get(CURRENT)
    assert (fresh.remaining, fresh.reset) == (49, 300)
    noon.advance(1000)
    assert (await cloud.get(CURRENT)).reset == 300


async def test_there_are_two_counters(cloud: AmberClient) -> None:
    assert (await cloud.get("sites")).remaining == 49
    assert (await cloud.get(USAGE, **DAYS)).remaining == 48
    assert (await cloud.get(PRICES, **DAYS)).remaining == 49
    assert (await cloud.get(CURRENT)).remaining == 48


@pytest.mark.parametrize(("counter", "left"), [("own", 49), ("sites_usage", 48)])
async def test_current_prices_can_draw_on_another_counter(
    cloud: AmberClient, amber: AmberSimulator, counter: Any, left: int
) -> None:
    amber.limits.current = counter
    await cloud.get("sites")
    await cloud.get(PRICES, **DAYS)
    assert (await cloud.get(CURRENT)).remaining == left


async def test_errors_of_a_known_caller_count(cloud: AmberClient) -> None:
    await cloud.get(CURRENT, next="x")
    assert (await cloud.get(CURRENT)).remaining == 48


async def test_more_is_refused_until_the_reset(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    statuses = [(await cloud.get(CURRENT)).status for _ in range(51)]
    assert statuses == [200] * 50 + [429]
    noon.advance(100)
    refused = await cloud.get(CURRENT)
    assert refused.status == 429
    assert (refused.remaining, refused.reset) == (0, 200)
    assert "x-amzn-ErrorType" not in refused.headers
    assert (await cloud.get("sites")).status == 200
    assert amber.limits.refused == {"prices_current": 2}
    assert amber.limits.most["prices"] == 50
    noon.advance(200)
    assert (await cloud.get(CURRENT)).status == 200


async def test_how_the_own_limit_refuses(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    amber.limits.limit = 0
    amber.limits.refused_headers = "reset"
    assert (await cloud.get("sites")).limits == ["RateLimit-Reset"]
    amber.limits.refused_headers = "none"
    assert (await cloud.get("sites")).limits == []
    amber.limits.refused_body = "text"
    with pytest.raises(ValueError, match="Expecting value"):
        _ = (await cloud.get("sites")).body
    amber.limits.refused_body = "empty"
    assert (await cloud.get("sites")).text == ""


async def test_a_refused_request_can_extend_the_block(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    amber.limits.limit, amber.limits.refused_extends = 1, True
    await cloud.get("sites")
    noon.advance(200)
    assert (await cloud.get("sites")).reset == 300
    noon.advance(150)
    assert (await cloud.get("sites")).status == 429


async def test_another_client_uses_the_same_budget(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    amber.spend("prices", 45)
    assert (await cloud.get(CURRENT)).remaining == 4
    amber.spend("prices", 45)
    assert (await cloud.get(CURRENT)).status == 429
    assert amber.limits.refused == {"prices_current": 1}


async def test_what_is_left_can_be_looked_up(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    def left() -> int:
        return amber.limits.remaining(TOKEN, "prices_current", noon())

    assert left() == 50
    await cloud.get(CURRENT)
    assert left() == 49
    noon.advance(300)
    assert left() == 50


@pytest.mark.parametrize(
    ("scope", "left"),
    [("token", [49, 49, 49]), ("account", [49, 48, 49]), ("address", [49, 48, 47])],
)
async def test_who_shares_a_counter(
    amber: AmberSimulator,
    session: aiohttp.ClientSession,
    scope: Any,
    left: list[int],
) -> None:
    amber.limits.scope = scope
    amber.accounts = [
        Account(name="one", tokens={TOKEN, "psk_second"}),
        Account(name="two", tokens={"psk_two"}),
    ]
    seen = [
        (await AmberClient(amber, session, token).get("sites")).remaining
        for token in (TOKEN, "psk_second", "psk_two")
    ]
    assert seen == left


async def test_headers_can_be_in_lower_case_or_missing(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    amber.limits.headers = "lower"
    assert "ratelimit-remaining" in list((await cloud.get("sites")).headers)
    amber.limits.headers = "none"
    assert (await cloud.get("sites")).limits == []


# The gateway


async def test_the_gateway_throttles_without_headers(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    amber.limits.storm_rate = 1
    refused = await cloud.get(CURRENT)
    assert refused.status == 429
    assert refused.text == '{"message":"Too Many Requests"}'
    assert len(refused.text) == 31
    assert refused.headers["x-amzn-ErrorType"] == "TooManyRequestsException"
    assert refused.limits == []
    amber.limits.storm_rate = 0
    assert (await cloud.get(CURRENT)).remaining == 49


async def test_a_storm_can_be_only_at_full_minutes(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    amber.limits.storm_rate, amber.limits.storm_seconds = 1, 2
    assert (await cloud.get(CURRENT)).status == 200
    noon.set(datetime.fromisoformat("2026-10-05T02:05:01+00:00"))
    assert (await cloud.get(CURRENT)).status == 429
    noon.advance(1.5)
    assert (await cloud.get(CURRENT)).status == 200


async def test_a_storm_throttles_a_share(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    amber.limits.storm_rate = 0.4
    amber.limits.limit = 1000
    statuses = [(await cloud.get(CURRENT)).status for _ in range(200)]
    assert 50 < statuses.count(429) < 110
    assert amber.limits.refused == {"gateway": statuses.count(429)}


# Faults and counters


async def test_faults_are_named_by_endpoint_and_site(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    amber.faults.add("vendor_error", "prices/current", count=1, code=502)
    amber.faults.add("vendor_error", "sites", count=1, code=429)
    amber.faults.add("vendor_error", "usage", code=403, system=HALF_HOURLY)
    failed = await cloud.get(CURRENT)
    assert (failed.status, failed.body) == (502, {"message": "Internal server error"})
    assert (await cloud.get(CURRENT)).status == 200
    throttled = await cloud.get("sites")
    assert throttled.headers["x-amzn-ErrorType"] == "TooManyRequestsException"
    assert (await cloud.get(USAGE, **DAYS)).status == 200
    denied = await cloud.get(USAGE.replace(SITE, HALF_HOURLY), **DAYS)
    assert denied.body == DENIED
    await cloud.get(STATE)
    await cloud.get(PRICES, **DAYS)
    assert amber.counters.by_endpoint() == {
        "prices/current": 2,
        "sites": 1,
        "usage": 2,
        "renewables": 1,
        "prices": 1,
    }
    assert amber.counters.count("prices*", system=SITE) == 3


async def test_a_mutation_reaches_every_record(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    amber.faults.add("mutate", field="*.descriptor", value="astronomical")
    descriptors = {entry["descriptor"] for entry in await cloud.current()}
    assert descriptors == {"astronomical"}


async def test_the_date_header_is_the_server_clock(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    amber.faults.add("clock_skew", seconds=90)
    answer = await cloud.get("sites")
    assert answer.headers["Date"] == "Mon, 05 Oct 2026 02:01:40 GMT"


async def test_only_get_is_known(
    amber: AmberSimulator, cloud: AmberClient, session: aiohttp.ClientSession
) -> None:
    async with session.post(f"{amber.url}/sites", headers=cloud.headers) as response:
        assert response.status == 404
