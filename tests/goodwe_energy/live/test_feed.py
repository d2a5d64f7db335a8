"""The live feed on the simulator's broker (reference section 5)."""

import asyncio
from typing import Any

import pytest

from custom_components.goodwe_energy._vendor.core.client.errors import (
    BadDataError,
    NotPermittedError,
    ThrottledError,
)

from .bench import Bench, comes


async def test_powers_come_every_five_seconds(bench: Bench) -> None:
    """Also that it sends no Origin: with one the broker tells nothing."""
    [station] = bench.stations
    await bench.begin()
    await bench.tick(5)
    assert await comes(lambda: len(bench.told) == 2)
    times = [raw["refreshTime"] for _, raw in bench.told]
    assert times == ["2026-05-12 12:00:00", "2026-05-12 12:00:05"]
    assert bench.told[0][0] == station
    assert float(bench.told[0][1]["pConsum"]) > 0
    assert bench.changes == [(station, True)]
    assert bench.push.subscriptions == [f"/goodwe/second-data/station/{station}"]
    [connect] = bench.push.connects
    assert connect.clean
    assert len(bench.api.enabled_at) == 1


@pytest.mark.parametrize(
    ("frames", "shape"), [("several", "title"), ("split", "msg"), ("split", "plain")]
)
async def test_however_it_is_put(bench: Bench, frames: Any, shape: Any) -> None:
    bench.push.frames, bench.push.shape, bench.push.nulls = frames, shape, True
    await bench.begin()
    assert float(bench.told[0][1]["pConsum"]) > 0


@pytest.mark.parametrize("homes", [("two",)])
async def test_one_connection_tells_of_all_plants(bench: Bench) -> None:
    await bench.begin()
    assert await comes(lambda: len(bench.told) == 2)
    assert {station for station, _ in bench.told} == set(bench.stations)
    assert len(bench.push.connects) == 1


async def test_each_connection_has_credentials_of_its_own(bench: Bench) -> None:
    bench.push.single_use = True
    await bench.begin()
    await bench.push.drop()
    assert await comes(lambda: bench.pauses)
    bench.told.clear()
    await bench.tick(30)
    assert await comes(lambda: bench.told)
    assert bench.push.refused == 0
    first, second = (connect.client_id for connect in bench.push.connects)
    assert first != second
    # It had told something just before
    assert len(bench.api.enabled_at) == 1


@pytest.mark.parametrize("code", [4, 5])
async def test_after_two_tries_that_told_nothing_the_pause_is_long(
    bench: Bench, code: Any
) -> None:
    """Each try costs requests, of which there are few."""
    bench.push.refuses = code
    bench.feed.start()
    assert await comes(lambda: bench.pauses)
    for _ in range(3):
        await bench.fails_again()
    assert bench.pauses == [30, 1800, 1800, 1800]
    assert len(bench.api.configs) == bench.push.refused == 4
    assert len(bench.api.enabled_at) == 2
    assert bench.changes == []


async def test_pauses_grow_where_connections_end_soon(bench: Bench) -> None:
    """A message of each is no reason to ask for ever; nor to ask for the push anew."""
    await bench.begin()
    for _ in range(5):
        for _ in range(3):
            await bench.tick(20)
        await bench.push.drop()
        count = len(bench.pauses)
        assert await comes(lambda count=count: len(bench.pauses) > count)
        bench.told.clear()
        await bench.tick(bench.pauses[-1])
        assert await comes(lambda: bench.told)
    assert bench.pauses == [30, 60, 120, 1800, 1800]
    assert len(bench.api.enabled_at) == 1


async def test_after_a_good_connection_pauses_are_short_again(bench: Bench) -> None:
    await bench.begin()
    await bench.push.drop()
    assert await comes(lambda: bench.pauses)
    await bench.tick(30)
    assert await comes(lambda: bench.push.connections)
    for _ in range(16):
        await bench.tick(20)
    await bench.push.drop()
    assert await comes(lambda: len(bench.pauses) == 2)
    assert bench.pauses == [30, 30]


async def test_a_connection_that_ends_is_told(bench: Bench) -> None:
    [station] = bench.stations
    await bench.begin()
    await bench.push.drop()
    assert await comes(lambda: len(bench.changes) == 2)
    assert bench.changes == [(station, True), (station, False)]


async def test_a_server_that_is_away(bench: Bench) -> None:
    bench.url = bench.url.replace("/mqtt", "/nothing")
    bench.feed.start()
    assert await comes(lambda: bench.pauses)
    assert bench.pauses == [30]


async def test_pushes_that_are_of_no_use_are_silence(bench: Bench) -> None:
    """People are not told that it works, and polls stay as they are."""
    bench.useful = False
    await bench.begin()
    for _ in range(5):
        await bench.tick(20)
    assert len(bench.told) > 2
    assert bench.changes == []
    assert len(bench.api.enabled_at) == 2


async def test_silence_is_told_and_asked_about_after_a_minute(bench: Bench) -> None:
    """Then ever more rarely; pings keep the connection meanwhile."""
    [station] = bench.stations
    await bench.begin()
    begun = bench.api.clock.monotonic()
    bench.push.silent = True
    for _ in range(24):
        await bench.tick(20)
    assert bench.changes == [(station, True), (station, False)]
    asked = [round(at - begun) for at in bench.api.enabled_at]
    assert asked == [0, 60, 180, 420]
    assert bench.push.pings == 24
    assert (bench.push.lapsed, bench.push.connections) == (0, 1)
    assert len(bench.api.configs) == 1
    bench.push.silent = False
    await bench.tick(5)
    assert await comes(lambda: len(bench.changes) == 3)
    assert bench.changes[-1] == (station, True)


async def test_long_silence_wants_other_credentials(bench: Bench) -> None:
    bench.push.silent = True
    bench.feed.start()
    assert await comes(lambda: bench.push.subscriptions)
    for _ in range(100):
        await bench.tick(20)
        if bench.pauses:
            break
    assert bench.pauses == [30]
    assert len(bench.api.enabled_at) == 5
    await bench.tick(30)
    assert await comes(lambda: len(bench.push.connects) == 2)


async def test_what_the_plant_pushes_only_for_a_while_goes_on(bench: Bench) -> None:
    bench.push.enabled_seconds = 40
    await bench.begin()
    for _ in range(36):
        await bench.tick(5)
    assert len(bench.api.enabled_at) == 2
    assert [live for _, live in bench.changes] == [True, False, True]


async def test_request_that_waits_holds_no_ping_back(bench: Bench) -> None:
    """Else the broker would take us for gone after 90 s."""
    await bench.begin()
    bench.push.silent, bench.api.hold = True, asyncio.Event()
    for _ in range(15):
        await bench.tick(20)
    assert len(bench.api.enabled_at) == 2
    assert (bench.push.pings, bench.push.lapsed) == (15, 0)
    bench.api.hold.set()


async def test_a_plant_without_push_is_left_alone(bench: Bench) -> None:
    bench.push.able = False
    bench.feed.start()
    assert await comes(lambda: bench.pauses)
    assert bench.pauses == [6 * 3600]
    assert bench.api.configs == []
    bench.push.able = True
    await bench.tick(6 * 3600)
    assert await comes(lambda: bench.told)


async def test_a_right_that_is_missing_is_no_push(bench: Bench) -> None:
    bench.api.error = NotPermittedError("no")
    bench.feed.start()
    assert await comes(lambda: bench.pauses)
    assert bench.pauses == [6 * 3600]


async def test_a_pause_of_the_vendor_is_waited_out(bench: Bench) -> None:
    bench.api.error = ThrottledError("slow", retry_after=1200.0)
    bench.feed.start()
    assert await comes(lambda: bench.pauses)
    assert bench.pauses == [1200]


async def test_asking_again_may_fail(bench: Bench) -> None:
    """The connection is not to blame for that."""
    await bench.begin()
    bench.push.silent, bench.api.error = True, ThrottledError("slow")
    for _ in range(5):
        await bench.tick(20)
    assert len(bench.api.enabled_at) > 1
    assert (bench.push.connections, bench.pauses) == (1, [])


@pytest.mark.parametrize("homes", [("two",)])
async def test_a_plant_that_is_new_is_told_too(bench: Bench) -> None:
    new = bench.stations.pop()
    await bench.begin()
    bench.stations.append(new)
    await bench.tick(20)
    assert await comes(lambda: bench.pauses)
    await bench.tick(30)
    assert await comes(lambda: any(station == new for station, _ in bench.told))


async def test_news_that_make_no_sense_end_nothing(bench: Bench) -> None:
    bench.fails = BadDataError("odd")
    await bench.begin()
    await bench.tick(5)
    assert await comes(lambda: len(bench.told) == 2)
    assert bench.pauses == []


async def test_a_defect_is_logged_once_and_it_goes_on(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.fails = RuntimeError("defect")
    await bench.begin()
    assert await comes(lambda: bench.pauses)
    await bench.fails_again()
    assert caplog.text.count("failed in an unexpected way") == 1


async def test_it_ends_at_once(bench: Bench) -> None:
    await bench.begin()
    bench.feed.start()
    assert len(bench.tasks) == 1
    bench.feed.stop()
    bench.feed.stop()
    assert await comes(lambda: not bench.push.connections and not bench.tasks)
    assert not bench.timers
    count = len(bench.told)
    await bench.tick(600)
    assert (len(bench.told), len(bench.push.connects)) == (count, 1)
    assert [live for _, live in bench.changes] == [True]


async def test_it_can_end_in_a_pause(bench: Bench) -> None:
    bench.push.refuses = 5
    bench.feed.start()
    assert await comes(lambda: bench.pauses)
    bench.feed.stop()
    await bench.tick(600)
    assert len(bench.api.configs) == 1
