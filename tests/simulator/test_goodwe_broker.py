"""The broker of the SEMS+ simulator: MQTT over WebSocket (section 5, Appendix C)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
import json
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType
import pytest

from .goodwe_client import Portal

PUSH = "sems-plant/api/second-data"
STATION = "/goodwe/second-data/station/"
DEVICE = "/goodwe/second-data/device/"
CONNACK, SUBACK, PUBLISH, PINGRESP = 0x20, 0x90, 0x30, 0xD0


def text(value: str) -> bytes:
    return len(value).to_bytes(2) + value.encode()


def packet(first: int, body: bytes) -> bytes:
    assert len(body) < 128 * 128
    low, high = len(body) % 128, len(body) // 128
    length = bytes([low | 0x80, high]) if high else bytes([low])
    return bytes([first]) + length + body


def connecting(config: dict[str, str], level: int = 4) -> bytes:
    fields = (config[name] for name in ("clientId", "userName", "password"))
    head = text("MQTT") + bytes([level, 0xC2]) + (60).to_bytes(2)
    return packet(0x10, head + b"".join(map(text, fields)))


def subscribing(*topics: str) -> bytes:
    return packet(0x82, b"\0\1" + b"".join(text(it) + b"\0" for it in topics))


class Line:
    """One connection that understands frames however they are cut."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.frames: list[int] = []
        self._rest = b""

    async def say(self, data: bytes) -> None:
        await self.socket.send_bytes(data)

    async def hear(self) -> tuple[int, bytes] | None:
        """Return the next packet; None when the connection ends."""
        while True:
            found = self._take()
            if found is not None:
                return found
            async with asyncio.timeout(2):
                message = await self.socket.receive()
            if message.type is not WSMsgType.BINARY:
                return None
            self.frames.append(len(message.data))
            self._rest += message.data

    def _take(self) -> tuple[int, bytes] | None:
        rest, length, place = self._rest, 0, 1
        while place < len(rest):
            length |= (rest[place] & 0x7F) << 7 * (place - 1)
            place += 1
            if rest[place - 1] < 0x80:
                if len(rest) < place + length:
                    return None
                self._rest = rest[place + length :]
                return rest[0], rest[place : place + length]
        return None

    async def told(self) -> tuple[str, Any]:
        """Return topic and payload of the next message."""
        found = await self.hear()
        assert found is not None
        kind, body = found
        assert kind == PUBLISH
        size = int.from_bytes(body[:2])
        return body[2 : 2 + size].decode(), json.loads(body[2 + size :])


class Listener:
    """Asks for credentials and connects."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.push = portal.sim.push

    async def config(self) -> dict[str, str]:
        config: dict[str, str] = (await self.portal.get(f"{PUSH}/config"))["data"]
        return config

    async def enable(self) -> Any:
        station = self.portal.station.id
        return (await self.portal.get(f"{PUSH}/enable", stationId=station))["data"]

    @asynccontextmanager
    async def line(self, protocol: str = "mqtt", **headers: str) -> AsyncIterator[Line]:
        async with self.portal.session.ws_connect(
            self.portal.sim.broker, protocols=(protocol,), headers=headers
        ) as socket:
            yield Line(socket)

    @asynccontextmanager
    async def connected(self, **headers: str) -> AsyncIterator[Line]:
        """Yield a connection that was let in."""
        async with self.line(**headers) as line:
            await line.say(connecting(await self.config()))
            assert await line.hear() == (CONNACK, b"\0\0")
            yield line

    @property
    def topic(self) -> str:
        return STATION + self.portal.station.id


@pytest.fixture
def listener(portal: Portal) -> Listener:
    return Listener(portal)


async def test_a_message_every_five_seconds(listener: Listener) -> None:
    portal = listener.portal
    portal.station.house.override(pv_w=3000, load_w=1000)
    assert await listener.enable() is True
    async with listener.connected() as line:
        await line.say(subscribing(listener.topic))
        assert await line.hear() == (SUBACK, b"\0\1\0")
        topic, first = await line.told()
        assert topic == listener.topic
        assert first["stationId"] == portal.station.id
        assert (first["pSystem"], first["pConsum"]) == ("3.0", "1.0")
        assert (first["pBat"], first["soc"]) == ("-2.0", "50")
        assert first["flows"] == {"pSystem": ["pConsum", "pBat"]}
        assert first["time"] == "2026-05-03 13:10:30"
        portal.clock.advance(5)
        _, second = await line.told()
        assert second["time"] == "2026-05-03 13:10:35"
    assert listener.push.violations == []


async def test_devices_have_topics_of_their_own(listener: Listener) -> None:
    await listener.enable()
    portal = listener.portal
    kinds = ("INVERTER", "BAT_SYS", "SMART_METER")
    topics = [DEVICE + portal.device(kind).sn for kind in kinds]
    async with listener.connected() as line:
        await line.say(subscribing(*topics))
        await line.hear()
        told = dict([await line.told() for _ in topics])
    inverter, battery, meter = (told[topic] for topic in topics)
    assert (inverter["pAc"], inverter["pBackup"]) == ("0.5", None)
    assert (battery["pBat"], battery["voltage"]) == ("0.5", None)
    assert meter["totalPac"] == "0.0"


@pytest.mark.parametrize("shape", ["title", "msg"])
async def test_payloads_may_be_wrapped(listener: Listener, shape: Any) -> None:
    listener.push.shape, listener.push.nulls = shape, True
    await listener.enable()
    async with listener.connected() as line:
        await line.say(subscribing(listener.topic))
        await line.hear()
        _, wrapped = await line.told()
    inner = json.loads(wrapped["message" if shape == "title" else "msg"])
    assert inner["pConsum"] == "0.5"
    assert inner["pf"] is None


@pytest.mark.parametrize(
    ("frames", "fits"),
    [
        ("several", lambda sizes: len(sizes) == 1),
        ("split", lambda sizes: len(sizes) > 20 and max(sizes) == 7),
    ],
)
async def test_frames_and_packets_are_not_the_same(
    listener: Listener, frames: Any, fits: Callable[[list[int]], bool]
) -> None:
    await listener.enable()
    async with listener.connected() as line:
        listener.push.frames = frames
        line.frames.clear()
        await line.say(subscribing(listener.topic))
        await line.hear()
        await line.told()
        assert fits(line.frames)


async def test_without_enabling_nothing_comes(listener: Listener) -> None:
    listener.push.able = False
    assert await listener.enable() is False
    async with listener.connected() as line:
        await line.say(subscribing(listener.topic) + b"\xc0\x00")
        await line.hear()
        assert await line.hear() == (PINGRESP, b"")
    assert (listener.push.messages, listener.push.pings) == (0, 1)


async def test_it_pushes_as_long_as_it_was_enabled_for(listener: Listener) -> None:
    listener.push.enabled_seconds = 60
    await listener.enable()
    assert len(listener.push.news([listener.topic])) == 1
    listener.portal.clock.advance(60)
    assert listener.push.news([listener.topic]) == []
    await listener.enable()
    assert len(listener.push.news([listener.topic])) == 1


@pytest.mark.parametrize("origin", ["silent", "ignored"])
async def test_with_an_origin_no_message_arrives(
    listener: Listener, origin: Any
) -> None:
    listener.push.origin = origin
    await listener.enable()
    async with listener.connected(Origin="https://semsplus.goodwe.com") as line:
        await line.say(subscribing(listener.topic) + b"\xc0\x00")
        assert await line.hear() == (SUBACK, b"\0\1\0")
        found = await line.hear()
        assert found is not None
        assert found[0] == (PINGRESP if origin == "silent" else PUBLISH)


async def test_topics_of_others_are_refused(listener: Listener) -> None:
    async with listener.connected() as line:
        await line.say(subscribing(STATION + "other", DEVICE + "other", "#"))
        assert await line.hear() == (SUBACK, b"\0\1\x80\x80\x80")


@pytest.mark.parametrize("code", [4, 5])
async def test_it_refuses_by_switch(listener: Listener, code: int) -> None:
    listener.push.refuses = code
    async with listener.line() as line:
        await line.say(connecting(await listener.config()))
        assert await line.hear() == (CONNACK, bytes([0, code]))
        assert await line.hear() is None


async def test_credentials_are_checked(listener: Listener) -> None:
    config = await listener.config()
    refusals = {}
    for name, wrong in (
        ("password", connecting(config | {"password": "p"})),
        ("client", connecting(config | {"clientId": "c1"})),
        ("protocol", connecting(config, level=5)),
    ):
        async with listener.line() as line:
            await line.say(wrong)
            refusals[name] = await line.hear()
    assert refusals == {
        "password": (CONNACK, b"\0\4"),
        "client": (CONNACK, b"\0\4"),
        "protocol": (CONNACK, b"\0\1"),
    }
    assert listener.push.refused == 3


async def test_credentials_may_be_good_once(listener: Listener) -> None:
    listener.push.single_use = True
    config = await listener.config()
    answers = []
    for _ in range(2):
        async with listener.line() as line:
            await line.say(connecting(config))
            answers.append(await line.hear())
    assert answers == [(CONNACK, b"\0\0"), (CONNACK, b"\0\4")]
    assert await listener.config() != config


async def test_publishing_is_a_violation(listener: Listener) -> None:
    async with listener.connected() as line:
        await line.say(packet(PUBLISH, text(listener.topic) + b"{}") + b"\xc0\x00")
        assert await line.hear() == (PINGRESP, b"")
    assert listener.push.violations == ["published"]


@pytest.mark.parametrize(
    "data", [b"\xc0\x00", b"\x10\xff\xff\xff\xff\x01", b"\x10\x02\x00\x09"]
)
async def test_what_is_no_mqtt_is_cut_off(listener: Listener, data: bytes) -> None:
    async with listener.line() as line:
        await line.say(data)
        assert await line.hear() is None
    (violation,) = listener.push.violations
    assert violation.startswith("broken")


async def test_another_protocol_is_cut_off(listener: Listener) -> None:
    async with listener.line("other") as line:
        assert await line.hear() is None
    assert listener.push.violations == ["no sub-protocol mqtt"]


async def test_packets_may_arrive_in_pieces(listener: Listener) -> None:
    data = connecting(await listener.config()) + b"\xc0\x00"
    async with listener.line() as line:
        for at in range(0, len(data), 5):
            await line.say(data[at : at + 5])
        assert await line.hear() == (CONNACK, b"\0\0")
        assert await line.hear() == (PINGRESP, b"")


async def test_it_drops_all_connections(listener: Listener) -> None:
    async with listener.connected() as line:
        assert listener.push.connections == 1
        await listener.push.drop()
        assert await line.hear() is None
    await asyncio.sleep(0.02)
    assert listener.push.connections == 0


async def test_a_silent_broker_stays_connected(listener: Listener) -> None:
    listener.push.silent = True
    await listener.enable()
    async with listener.connected() as line:
        await line.say(subscribing(listener.topic) + b"\xc0\x00")
        await line.hear()
        assert await line.hear() == (PINGRESP, b"")
    assert listener.push.messages == 0


async def test_a_client_takes_its_leave(listener: Listener) -> None:
    await listener.enable()
    async with listener.connected() as line:
        await line.say(subscribing(listener.topic))
        await line.hear()
        await line.told()
        await line.say(packet(0xA2, b"\0\2" + text(listener.topic)))
        assert await line.hear() == (0xB0, b"\0\2")
        listener.portal.clock.advance(5)
        await line.say(b"\xe0\x00")
        assert await line.hear() is None
    assert listener.push.messages == 1
    assert listener.push.violations == []


async def test_a_client_that_says_nothing_is_cut_off(listener: Listener) -> None:
    """After one and a half times the keep-alive of 60 s that it named."""
    async with listener.connected() as line:
        listener.portal.clock.advance(89)
        await asyncio.sleep(0.05)
        await line.say(b"\xc0\x00")
        assert await line.hear() == (PINGRESP, b"")
        listener.portal.clock.advance(89)
        await asyncio.sleep(0.05)
        assert listener.push.lapsed == 0
        listener.portal.clock.advance(2)
        assert await line.hear() is None
    assert listener.push.lapsed == 1
    assert listener.push.violations == []


async def test_text_is_no_mqtt(listener: Listener) -> None:
    async with listener.line() as line:
        await line.socket.send_str("hello")
        assert await line.hear() is None
    assert listener.push.violations == ["broken: text"]


async def test_the_broker_is_no_page(listener: Listener) -> None:
    url = f"{listener.portal.sim.url}/mqtt"
    async with listener.portal.session.get(url) as response:
        assert response.status == 400


async def test_a_silent_dongle_and_a_lost_device_push_nothing(
    listener: Listener,
) -> None:
    await listener.enable()
    inverter = listener.portal.device("INVERTER")
    topics = [listener.topic, DEVICE + inverter.sn]
    assert len(listener.push.news(topics)) == 2
    inverter.switches.online = False
    assert len(listener.push.news(topics)) == 1
    listener.portal.station.uploading = False
    assert listener.push.news(topics) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(text("MQTT") + b"\4\xc6\0\x3c" + text("c1"), id="a will"),
        pytest.param(b"\0\2\xff\xff", id="no text"),
        pytest.param(text("MQTT") + b"\4\2\0\x3c" + text("c1") + b"!", id="more"),
    ],
)
async def test_a_connect_that_is_none(listener: Listener, body: bytes) -> None:
    async with listener.line() as line:
        await line.say(packet(0x10, body))
        assert await line.hear() is None
    assert len(listener.push.violations) == 1


@pytest.mark.parametrize("body", [b"\0\1", b"\0\1\0\1/\3"])
async def test_a_subscription_that_is_none(listener: Listener, body: bytes) -> None:
    async with listener.connected() as line:
        await line.say(packet(0x82, body))
        assert await line.hear() is None
    assert len(listener.push.violations) == 1


@pytest.mark.parametrize("first", [0x80, 0xF0, 0x50])
async def test_packets_that_no_client_sends(listener: Listener, first: int) -> None:
    async with listener.connected() as line:
        await line.say(packet(first, b"\0\1\0\1/\0"))
        assert await line.hear() is None
    assert len(listener.push.violations) == 1
