"""One read at a time, changes beside them and apart (reference sections 5 and 6.6)."""

import asyncio
from itertools import pairwise

from aiohttp import web
import pytest

from custom_components.goodwe_energy._vendor.core.client.budget import Budget
from custom_components.goodwe_energy._vendor.core.client.errors import (
    ThrottledError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.goodwe_energy.api import endpoints, limits
from custom_components.goodwe_energy.api.client import GoodWeClient
from custom_components.goodwe_energy.api.frame import Call, Frame
from custom_components.goodwe_energy.api.settings import Target
from tests.core.client.server import Server
from tests.core.fake_clock import FakeClock

from .conftest import STATION, Cloud, no, ok

TARGET = Target(station=STATION, sn="9010KETU22AW0417", device_name="Inverter 1")


async def test_reads_are_apart(
    client: GoodWeClient, cloud: Cloud, clock: FakeClock
) -> None:
    began = clock.monotonic()
    await asyncio.gather(*(client.flow(STATION) for _ in range(5)))
    assert len(cloud.asked) == 6
    assert clock.monotonic() - began == pytest.approx(1.0, abs=0.05)


async def test_only_one_read_is_on_its_way(budget: Budget) -> None:
    running = most = 0

    async def read(group: str) -> None:
        nonlocal running, most
        async with budget.slot(group):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    await asyncio.gather(*(read(group) for group in ("flow", "telemetry", "login")))
    assert most == 1


async def test_a_slow_change_does_not_hold_up_reads(
    frame: Frame, client: GoodWeClient, cloud: Cloud
) -> None:
    server, release = Server(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        await release.wait()
        return web.json_response(ok())

    server.answer = slow
    async with server.running():
        change = Call(endpoint=endpoints.SET_SETTING)
        write = asyncio.create_task(frame.ask(server.url, change, {}))
        await server.arrived.wait()
        assert await client.flow(STATION) == {}
        assert not write.done()
        release.set()
        await write


async def test_changes_are_five_seconds_apart_from_end_to_start(
    client: GoodWeClient, cloud: Cloud, clock: FakeClock
) -> None:
    await client.session.token()
    times = []
    for _ in range(3):
        await client.set_setting(TARGET, "TOU1", {}, {})
        times.append(clock.monotonic())
    assert [round(b - a) for a, b in pairwise(times)] == [5, 5]


async def test_a_change_of_which_nobody_knows_needs_the_pause_too(
    clock: FakeClock,
) -> None:
    pace = limits.Pace(clock)
    for lost in (WriteUnknown("lost"), asyncio.CancelledError()):
        began = clock.monotonic()
        with pytest.raises(type(lost)):
            async with pace.turn():
                raise lost
        async with pace.turn():
            await clock.sleep(90)
        assert clock.monotonic() - began >= 95


async def test_a_refused_change_needs_no_pause_after_it(
    client: GoodWeClient, cloud: Cloud, clock: FakeClock
) -> None:
    await client.session.token()
    cloud.say(no("R0305"))
    began = clock.monotonic()
    with pytest.raises(WriteRejected):
        await client.charger_start(STATION, "EV1")
    await client.charger_start(STATION, "EV1")
    assert clock.monotonic() - began < 2


async def test_logins_are_counted(clock: FakeClock) -> None:
    budget = limits.make_budget(clock)
    for _ in range(10):
        async with budget.slot(limits.LOGIN):
            await clock.advance(1)
    with pytest.raises(ThrottledError) as caught:
        async with budget.slot(limits.LOGIN):
            pass
    assert caught.value.reason == "budget"
    async with budget.slot(limits.LOGIN_BY_USER):
        pass


def test_all_changes_share_one_turn_and_each_endpoint_is_counted_apart() -> None:
    assert {"set-function", "set-setting", "set-mode", "stop-charge"} <= (
        endpoints.WRITES
    )
    groups = [
        item.group
        for item in vars(endpoints).values()
        if isinstance(item, endpoints.Endpoint)
    ]
    assert len(groups) == len(set(groups))
