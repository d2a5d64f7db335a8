"""What is sent, and what is made of the answers (amber.md sections 2 and 3)."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
import logging
from typing import Any

import pytest

from custom_components.amber_energy._vendor.core.client.errors import (
    BadDataError,
    TransportError,
)
from custom_components.amber_energy.api.client import (
    DEFAULT_URL,
    STREAM_URL,
    AmberClient,
    windows,
)
from custom_components.amber_energy.api.ratelimits import RateLimits
from tests.core.client.server import Server, body_answer, json_answer
from tests.core.fake_clock import START, FakeClock

from .samples import CURRENT_PRICES, NMI, RENEWABLES, SITE, SITES, TOKEN, USAGE

DAY = date(2026, 10, 4)
BASE = f"/v1/sites/{SITE}"

type Call = Callable[[AmberClient], Awaitable[list[dict[str, Any]]]]

CALLS: dict[str, Call] = {
    "/v1/sites": lambda c: c.list_sites(),
    f"{BASE}/prices/current": lambda c: c.get_current_prices(SITE, patient=True),
    f"{BASE}/prices?startDate=2026-10-04&endDate=2026-10-04": lambda c: c.get_prices(
        SITE, DAY, DAY
    ),
    f"{BASE}/usage?startDate=2026-10-04&endDate=2026-10-04": lambda c: c.get_usage(
        SITE, DAY, DAY
    ),
    "/v1/state/nsw/renewables/current": lambda c: c.get_current_renewables("nsw"),
}


def paths(server: Server) -> list[str]:
    return [request.path_qs for request in server.requests]


def test_where_amber_is() -> None:
    assert DEFAULT_URL == "https://api.amber.com.au/v1"
    assert STREAM_URL == "wss://api-ws.amber.com.au"


async def test_the_worked_example(client: AmberClient, server: Server) -> None:
    await client.get_current_prices(SITE, next=288, previous=1)
    [request] = server.requests
    assert request.method == "GET"
    assert request.path_qs == f"{BASE}/prices/current?next=288&previous=1"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["Accept"] == "application/json"
    assert server.bodies == [b""]


@pytest.mark.parametrize("path", CALLS)
async def test_each_endpoint(client: AmberClient, server: Server, path: str) -> None:
    server.answer = json_answer([{"a": 1}, {"b": None}])
    assert await CALLS[path](client) == [{"a": 1}, {"b": None}]
    assert paths(server) == [path]
    token = None if "renewables" in path else f"Bearer {TOKEN}"
    assert server.requests[0].headers.get("Authorization") == token


async def test_every_parameter(client: AmberClient, server: Server) -> None:
    site = client.for_site(SITE)
    await site.get_current_prices(previous=0, next=3, resolution=30)
    await site.get_prices(DAY, DAY, resolution=5)
    await site.get_usage(DAY, DAY)
    await site.get_current_renewables("vic", previous=6, next=3, resolution=5)
    await site.list_sites()
    span = "startDate=2026-10-04&endDate=2026-10-04"
    assert paths(server) == [
        f"{BASE}/prices/current?next=3&previous=0&resolution=30",
        f"{BASE}/prices?{span}&resolution=5",
        f"{BASE}/usage?{span}",
        "/v1/state/vic/renewables/current?next=3&previous=6&resolution=5",
        "/v1/sites",
    ]


async def test_a_site_shares_everything(client: AmberClient, server: Server) -> None:
    site = client.for_site(SITE)
    assert site.get_ratelimits() is None
    server.answer = json_answer(
        [],
        RateLimit_Remaining="9",
        RateLimit_Reset="60",
        Date="Fri, 20 Nov 2026 13:00:00 GMT",
    )
    await client.list_sites()
    assert site.get_ratelimits() == client.get_ratelimits("sites_usage") is not None
    assert site.get_ratelimits("prices") is None
    assert site.clock_skew == client.clock_skew == timedelta(hours=1)


@pytest.mark.parametrize("path", ["prices", "usage"])
async def test_long_ranges_are_read_in_weeks(
    client: AmberClient, server: Server, path: str
) -> None:
    server.answer = json_answer([{"a": 1}])
    site = client.for_site(SITE)
    read = site.get_prices if path == "prices" else site.get_usage
    assert await read(DAY, date(2026, 10, 18)) == [{"a": 1}] * 3
    assert paths(server) == [
        f"{BASE}/{path}?startDate={first}&endDate={last}"
        for first, last in (
            ("2026-10-04", "2026-10-10"),
            ("2026-10-11", "2026-10-17"),
            ("2026-10-18", "2026-10-18"),
        )
    ]


def test_windows_until_the_last_day_there_is() -> None:
    last = date.max
    week = (last - timedelta(days=6), last)
    assert windows(last, last) == [(last, last)]
    assert windows(*week) == [week]
    eighth = last - timedelta(days=7)
    assert windows(eighth, last) == [
        (eighth, last - timedelta(days=1)),
        (last, last),
    ]


@pytest.mark.parametrize("days", range(1, 40))
def test_windows_cover_each_day_once(days: int) -> None:
    covered = []
    for first, last in windows(DAY, DAY + timedelta(days=days - 1)):
        assert 0 <= (last - first).days <= 6
        covered += [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert covered == [DAY + timedelta(days=n) for n in range(days)]


async def test_a_range_that_ends_before_it_begins_is_not_sent(
    client: AmberClient, server: Server
) -> None:
    with pytest.raises(BadDataError) as caught:
        await client.get_usage(SITE, DAY, DAY - timedelta(days=1))
    assert caught.value.reason == "bad_request"
    assert server.count == 0


@pytest.mark.parametrize("sample", [SITES, CURRENT_PRICES, USAGE, RENEWABLES, []])
async def test_records_come_as_they_are(
    client: AmberClient, server: Server, sample: list[dict[str, Any]]
) -> None:
    server.answer = json_answer(sample)
    assert await client.list_sites() == sample


async def test_what_is_no_record_is_left_out(
    client: AmberClient, server: Server
) -> None:
    server.answer = json_answer([None, 3, {"a": 1}, [], "x"])
    assert await client.list_sites() == [{"a": 1}]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_json"),
        (b"<html>Welcome to our hotel</html>", "not_json"),
        (b"[{", "not_json"),
        (b"{}", "no_list"),
        (b'{"message": "ok"}', "no_list"),
        (b"null", "no_list"),
        (b'"[]"', "no_list"),
    ],
)
async def test_anything_but_a_list_is_no_answer(
    client: AmberClient, server: Server, body: bytes, reason: str
) -> None:
    server.answer = body_answer(body)
    with pytest.raises(BadDataError) as caught:
        await client.list_sites()
    assert caught.value.reason == reason
    assert server.count == 1


async def test_plain_text_as_the_type_is_fine(
    client: AmberClient, server: Server
) -> None:
    server.answer = body_answer(b"[]", Content_Type="text/plain")
    assert await client.list_sites() == []


@pytest.mark.parametrize("path", CALLS)
async def test_a_read_is_repeated(
    client: AmberClient, server: Server, clock: FakeClock, path: str
) -> None:
    server.answer = json_answer({"message": "Internal server error"}, 502)
    with pytest.raises(TransportError):
        await CALLS[path](client)
    assert paths(server) == [path] * 3
    assert clock.slept == [pytest.approx(2, rel=0.2), pytest.approx(5, rel=0.2)]


async def test_a_poll_is_not_repeated(
    client: AmberClient, server: Server, clock: FakeClock
) -> None:
    """The poller has its own rhythm."""
    server.answer = json_answer({"message": "Internal server error"}, 502)
    with pytest.raises(TransportError):
        await client.get_current_prices(SITE)
    assert (server.count, clock.slept) == (1, [])


@pytest.mark.parametrize("path", CALLS)
async def test_how_long_an_answer_may_take(
    client: AmberClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    asked = []

    async def read(build: Any, decode: Any, *, delays: Any) -> Any:
        asked.append(build().timeout)
        return []

    monkeypatch.setattr(client._http, "read", read)
    await CALLS[path](client)
    assert asked == [30.0 if "usage" in path else 15.0]


@pytest.mark.parametrize(
    ("date_header", "skew"),
    [
        ("Fri, 20 Nov 2026 12:00:00 GMT", None),
        ("Fri, 20 Nov 2026 12:00:01 GMT", None),
        ("Fri, 20 Nov 2026 12:00:02 GMT", timedelta(seconds=2)),
        ("Fri, 20 Nov 2026 11:59:57 GMT", timedelta(seconds=-3)),
        ("Fri, 20 Nov 2026 18:00:00 GMT", timedelta(hours=6)),
        ("yesterday", None),
    ],
)
async def test_how_far_the_clocks_are_apart(
    client: AmberClient, server: Server, date_header: str, skew: timedelta | None
) -> None:
    assert START.isoformat() == "2026-11-20T12:00:00+00:00"
    assert client.clock_skew is None
    server.answer = json_answer([], Date=date_header)
    await client.list_sites()
    assert client.clock_skew == skew


async def test_a_slow_answer_is_no_wrong_clock(
    client: AmberClient, server: Server, clock: FakeClock
) -> None:
    answer = json_answer([], Date="Fri, 20 Nov 2026 12:00:05 GMT")

    async def slow(request: Any) -> Any:
        await clock.sleep(12)
        return await answer(request)

    server.answer = slow
    await client.list_sites()
    assert client.clock_skew is None


async def test_what_the_headers_say_is_kept_by_group(
    client: AmberClient, server: Server, limits: RateLimits
) -> None:
    groups = ["sites_usage", "prices_current", "prices", "sites_usage", "renewables"]
    for left, (call, group) in enumerate(zip(CALLS.values(), groups, strict=True), 5):
        server.answer = json_answer(
            [], RateLimit_Remaining=str(left), RateLimit_Reset="60"
        )
        await call(client)
        told = limits.get(group)
        assert told is not None
        assert told.remaining == left
        assert told == client.get_ratelimits(group)
    tightest = client.get_ratelimits()
    assert tightest is not None
    assert tightest.remaining == 6


async def test_no_secret_is_logged_or_told(
    client: AmberClient, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = f'{{"message": "no {TOKEN} for {SITE} of {NMI}"}}'.encode()
    told = []
    for status in (200, 400, 403, 404, 422, 429, 500):
        server.answer = body_answer(page, status)
        for call in CALLS.values():
            with pytest.raises(Exception, match="Amber") as caught:
                await call(client)
            told.append(f"{caught.value} {caught.value!r}")
    log = "\n".join(told) + caplog.text
    assert "renewables/current: HTTP 403" in log
    assert "sites/**site 1**/prices/current: HTTP 403" in log
    for secret in (TOKEN, SITE, NMI):
        assert secret not in log
    assert TOKEN not in repr(vars(client.for_site(SITE)))
