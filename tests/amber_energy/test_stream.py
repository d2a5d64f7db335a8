"""The websocket (reference section 3.7): an addition that troubles nobody."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy._vendor.core.client.errors import (
    BadDataError,
    NotPermittedError,
    TransportError,
)
from custom_components.amber_energy.api import stream as api_stream
from custom_components.amber_energy.api.client import DEFAULT_URL
from custom_components.amber_energy.api.stream import AmberStream, stream_url
from custom_components.amber_energy.driver import Channel
from custom_components.amber_energy.stream import PriceStream
from simulator.amber import AmberSimulator, Site
from tests.core.fake_clock import FakeClock, settle

from .conftest import set_up
from .passing import Passing

BOUNDARY = datetime(2026, 10, 7, 2, 5, tzinfo=UTC)

type Listen = Callable[[], Any]


@pytest.fixture
def start_time() -> datetime:
    """When the price of the interval is an estimate."""
    return BOUNDARY + timedelta(seconds=5)


@pytest.fixture
async def session(amber: None) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize(
    ("api", "stream"),
    [
        (DEFAULT_URL, "wss://api-ws.amber.com.au"),
        ("http://127.0.0.1:8080/v1", "ws://127.0.0.1:8080/"),
        ("https://amber.test/some/v1", "wss://amber.test/"),
    ],
)
def test_another_server_has_its_stream_at_its_root(api: str, stream: str) -> None:
    assert stream_url(api) == stream


async def comes(check: Callable[[], Any]) -> bool:
    """Wait a real moment for something that comes over the loopback."""
    for _ in range(2000):
        if check():
            return True
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)
        await asyncio.sleep(0)
    return False


async def test_prices_are_handed_on(
    sim: AmberSimulator, site: Site, session: aiohttp.ClientSession, step: Passing
) -> None:
    sim.stream.enabled, sim.stream.interval, sim.timing.fixed = True, 0.0, 22.0
    stream = AmberStream(session, sim.token, site.id, base_url=sim.url)
    pushed: list[Any] = []
    listening = asyncio.create_task(stream.listen(pushed.append))
    assert await comes(lambda: sim.stream.connections)
    # What it does not see as news, as it had not subscribed yet, it sees the next time
    for seconds in (20, 280, 20):
        step._freezer.tick(seconds)
        if await comes(lambda: pushed):
            break
    assert {record["type"] for record in pushed[0]} == {"CurrentInterval"}
    await sim.stream.close()
    with pytest.raises(TransportError) as ended:
        await listening
    assert ended.value.reason == "disconnected"


@pytest.mark.parametrize("token", ["psk_wrong", None])
async def test_a_refused_handshake_is_final(
    sim: AmberSimulator, site: Site, session: aiohttp.ClientSession, token: str | None
) -> None:
    """Not enabled, or a bad token: 403 says the same (and polling tells the latter)."""
    sim.stream.enabled = token is not None
    stream = AmberStream(session, token or sim.token, site.id, base_url=sim.url)
    with pytest.raises(NotPermittedError) as refused:
        await stream.listen(lambda _: None)
    assert refused.value.reason == "stream_refused"
    assert "psk" not in str(refused.value)


async def test_no_server(
    sim: AmberSimulator, site: Site, session: aiohttp.ClientSession
) -> None:
    stream = AmberStream(session, sim.token, site.id, base_url=sim.url)
    await sim.stop()
    with pytest.raises(TransportError) as failed:
        await stream.listen(lambda _: None)
    assert "127.0.0.1" not in str(failed.value)


async def test_silence_ends_it(
    sim: AmberSimulator, site: Site, session: aiohttp.ClientSession
) -> None:
    """A connection that brings nothing is worth nothing, however alive it is."""
    sim.stream.enabled, sim.stream.silent = True, True
    stream = AmberStream(session, sim.token, site.id, base_url=sim.url, silence=0.0)
    with pytest.raises(TransportError) as silent:
        await stream.listen(lambda _: None)
    assert silent.value.reason == "timeout"


async def test_a_server_that_never_answers_the_handshake(
    amber: None, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It accepts the connection; that is all."""
    accepted = asyncio.Event()

    async def accept(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        accepted.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    stream = AmberStream(session, "x", "y", base_url=f"http://127.0.0.1:{port}/v1")
    monkeypatch.setattr(api_stream, "HANDSHAKE", 0.0)
    listening = asyncio.create_task(stream.listen(lambda _: None))
    try:
        assert await comes(listening.done)
        with pytest.raises(TransportError) as failed:
            await listening
        assert failed.value.reason == "timeout"
    finally:
        listening.cancel()
        # A connection that is half accepted when the server closes is a warning
        await comes(accepted.is_set)
        server.close()
        await server.wait_closed()


class Endings:
    """A stream that ends in a scripted way each time."""

    def __init__(self, *endings: Exception | list[Any]) -> None:
        self.endings = list(endings)
        self.opened = 0

    async def listen(self, push: Callable[[Any], None]) -> None:
        self.opened += 1
        ending = self.endings.pop(0) if self.endings else TransportError("ended")
        if isinstance(ending, Exception):
            raise ending
        push(ending)
        raise TransportError("ended")


def listener(
    endings: Any, clock: FakeClock, push: Callable[[Any], None] = lambda _: None
) -> PriceStream:
    return PriceStream(endings, websocket=lambda: True, push=push, clock=clock)


def begin(work: Any, _name: str) -> asyncio.Task[None]:
    return asyncio.create_task(work)


async def test_it_is_opened_again_ever_later() -> None:
    """After 5, 10, 20, 40, then 60 s; after an update after 5 s again."""
    clock = FakeClock()
    stream = listener(Endings(*[TransportError("x")] * 6, [], *[]), clock)
    stream.follow(begin)
    await settle()
    await clock.advance(5 + 10 + 20 + 40 + 60 + 60)
    assert clock.slept == [5, 10, 20, 40, 60, 60, 5]
    stream.stop()


async def test_a_refusal_is_not_tried_again_until_switched_on_anew() -> None:
    clock, wanted, changes = FakeClock(), [True], []
    endings: Any = Endings(NotPermittedError("x", reason="stream_refused"))
    stream = PriceStream(
        endings,
        websocket=lambda: wanted[0],
        push=lambda _: None,
        changed=lambda: changes.append(1),
        clock=clock,
    )
    stream.follow(begin)
    await clock.advance(3600)
    assert stream.refused
    assert endings.opened == 1
    assert changes == [1]
    stream.follow(begin)
    await clock.advance(60)
    assert endings.opened == 1
    wanted[0] = False
    stream.follow(begin)
    assert not stream.refused
    wanted[0] = True
    stream.follow(begin)
    await settle()
    assert endings.opened == 2
    stream.stop()


async def test_odd_updates_do_no_harm() -> None:
    def push(_raw: Any) -> None:
        raise BadDataError("odd")

    clock = FakeClock()
    endings = Endings([], [])
    stream = listener(endings, clock, push)
    stream.follow(begin)
    await clock.advance(12)
    assert endings.opened == 3
    stream.stop()
    await clock.advance(120)
    assert endings.opened == 3


async def test_the_unexpected_is_logged_once_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = FakeClock()
    endings: Any = Endings(*[RuntimeError("odd")] * 4, [], RuntimeError("odd"))
    stream = listener(endings, clock)
    stream.follow(begin)
    await clock.advance(5 + 10 + 20 + 40)
    assert endings.opened == 5
    assert caplog.text.count("RuntimeError") == 1
    await clock.advance(5)
    assert endings.opened == 6
    stream.stop()


async def test_what_a_push_raises_does_not_end_it() -> None:
    def push(_raw: Any) -> None:
        raise KeyError("odd")

    clock = FakeClock()
    endings: Any = Endings([], [])
    stream = listener(endings, clock, push)
    stream.follow(begin)
    await clock.advance(5 + 5)
    assert endings.opened == 3
    stream.stop()


async def test_a_task_that_ended_is_begun_anew() -> None:
    """Whoever ended it; only a refusal is final."""
    tasks: list[asyncio.Task[None]] = []
    endings: Any = Endings()
    stream = listener(endings, FakeClock())

    def start(work: Any, name: str) -> asyncio.Task[None]:
        tasks.append(begin(work, name))
        return tasks[-1]

    stream.follow(start)
    await settle()
    stream.follow(start)
    assert len(tasks) == 1
    tasks[0].cancel()
    await settle()
    stream.follow(start)
    await settle()
    assert endings.opened == len(tasks) == 2
    stream.stop()


async def test_without_a_stream_nothing_is_opened() -> None:
    stream = listener(None, FakeClock())
    stream.follow(begin)
    stream.stop()
    assert not stream.refused


async def test_it_is_off_by_default(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    sim.stream.enabled = True
    await set_up(hass, entry)
    assert sim.stream.connections == 0


async def test_a_push_is_shown_and_saves_requests(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    sim.timing.fixed = 22.0
    await set_up(hass, entry)
    feed = entry.runtime_data.prices
    raw = [record for record in feed.raw if record["type"] == "CurrentInterval"]
    sim.counters.reset()
    feed._pushed([{**record, "estimate": False} for record in raw])
    assert feed.data_source == "websocket"
    assert feed.shown[Channel.GENERAL].estimate is False
    await step(120)
    assert sim.counters.count("prices/current") == 1
    feed._pushed({"not": "a list"})
    feed._pushed(["odd", {}])
    assert feed.shown[Channel.GENERAL].estimate is False


async def test_a_refused_stream_asks_nobody_for_credentials(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    await set_up(hass, entry)
    await entry.runtime_data.settings.set("websocket", True)
    feed = entry.runtime_data.prices
    assert await comes(lambda: feed.stream_refused)
    assert not hass.config_entries.flow.async_progress()
    await step(400)
    assert feed.fresh
    assert feed.data_source == "polling"
