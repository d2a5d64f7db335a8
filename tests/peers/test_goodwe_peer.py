"""The public client `paho-mqtt` listens to the broker of the SEMS+ simulator.

No client library of SEMS+ itself is published: those of the package index speak the
portal that was closed, or to the inverter in the local network.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
import json
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
import pytest

from simulator.goodwe import GoodWeSimulator


@pytest.fixture
async def sim(socket_enabled: None) -> AsyncIterator[GoodWeSimulator]:
    simulator = GoodWeSimulator(homes=["hybrid"])
    simulator.push.interval = 0.05
    station = simulator.stations[0]
    station.house.override(pv_w=3000, load_w=1000, soc=50)
    simulator.push.enable(station.id)
    await simulator.start()
    yield simulator
    await simulator.stop()


class Peer:
    """The client, whose socket the event loop watches, and what arrives.

    Its own thread would use ``select``, which knows no descriptor above 1023: after
    many other tests there are more.
    """

    def __init__(self, sim: GoodWeSimulator, credentials: dict[str, str]) -> None:
        self._loop = asyncio.get_running_loop()
        self.events: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._port = int(sim.broker.rpartition(":")[2].partition("/")[0])
        self.client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=credentials["clientId"],
            transport="websockets",
            reconnect_on_failure=False,
        )
        self.client.username_pw_set(credentials["userName"], credentials["password"])
        self.client.on_connect = self._connected
        self.client.on_subscribe = self._subscribed
        self.client.on_message = self._message

    async def listen(self, *, origin: bool = False) -> None:
        def bare(headers: dict[str, str]) -> dict[str, str]:
            return {name: it for name, it in headers.items() if name != "Origin"}

        self.client.ws_set_options(path="/mqtt", headers=None if origin else bare)
        self.client.on_socket_close = self._closed
        await asyncio.to_thread(self.client.connect, "127.0.0.1", self._port, 60)
        if (socket := self.client.socket()) is not None:
            self._loop.add_reader(socket, self._read)

    def _read(self) -> None:
        self.client.loop_read()
        while (socket := self.client.socket()) is not None and socket.pending():
            self.client.loop_read()

    def _closed(self, _client: Any, _data: Any, socket: Any) -> None:
        self._loop.remove_reader(socket)

    def _tell(self, name: str, value: Any) -> None:
        self._loop.call_soon_threadsafe(self.events.put_nowait, (name, value))

    def _connected(
        self, _client: Any, _data: Any, _flags: Any, code: Any, _: Any
    ) -> None:
        self._tell("connected", str(code))

    def _subscribed(
        self, _client: Any, _data: Any, _mid: Any, codes: Any, _: Any
    ) -> None:
        self._tell("subscribed", [code.value for code in codes])

    def _message(self, _client: Any, _data: Any, message: MQTTMessage) -> None:
        self._tell("message", (message.topic, json.loads(message.payload)))

    async def next(self) -> tuple[str, Any]:
        async with asyncio.timeout(5):
            return await self.events.get()


@pytest.fixture
async def peer(sim: GoodWeSimulator) -> AsyncIterator[Peer]:
    peer = Peer(sim, sim.push.issue())
    yield peer
    peer.client.disconnect()


def topics(sim: GoodWeSimulator) -> Iterator[str]:
    station = sim.stations[0]
    yield f"/goodwe/second-data/station/{station.id}"
    yield f"/goodwe/second-data/device/{station.devices[0].sn}"


@pytest.mark.parametrize("frames", ["one", "several", "split"])
async def test_it_hears_the_station_and_a_device(
    sim: GoodWeSimulator, peer: Peer, frames: Any
) -> None:
    sim.push.frames = frames
    await peer.listen()
    assert await peer.next() == ("connected", "Success")
    wanted = list(topics(sim))
    peer.client.subscribe([(topic, 0) for topic in wanted])
    assert await peer.next() == ("subscribed", [0, 0])
    told = dict([(await peer.next())[1] for _ in range(2)])
    assert list(told) == wanted
    station, inverter = told.values()
    assert (station["pSystem"], station["pBat"]) == ("3.0", "-2.0")
    assert inverter["pAc"] == "1.0"
    assert await peer.next()
    assert sim.push.violations == []


async def test_its_origin_keeps_it_deaf(sim: GoodWeSimulator, peer: Peer) -> None:
    await peer.listen(origin=True)
    assert await peer.next() == ("connected", "Success")
    peer.client.subscribe(next(topics(sim)))
    assert await peer.next() == ("subscribed", [0])
    await asyncio.sleep(0.2)
    assert peer.events.empty()


@pytest.mark.parametrize("code", [4, 5])
async def test_it_is_refused(sim: GoodWeSimulator, peer: Peer, code: int) -> None:
    sim.push.refuses = code
    await peer.listen()
    reasons = {4: "Bad user name or password", 5: "Not authorized"}
    assert await peer.next() == ("connected", reasons[code])


async def test_what_it_publishes_is_noticed(sim: GoodWeSimulator, peer: Peer) -> None:
    await peer.listen()
    await peer.next()
    peer.client.publish(next(topics(sim)), b"{}")
    peer.client.subscribe("#")
    assert await peer.next() == ("subscribed", [128])
    assert sim.push.violations == ["published"]
