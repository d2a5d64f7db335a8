"""The broker of the live push: MQTT over WebSocket (reference section 5)."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from ..clock import Clock
from ..noise import dice
from ..switches import Kind
from . import mqtt
from .mqtt import Broken, Connect, Packet, Packets
from .pushed import DEVICE, STATION, Shape, device_payload, encoded, station_payload
from .waits import pause

if TYPE_CHECKING:
    from .server import GoodWeSimulator

_PROTOCOL, _LEVEL = "MQTT", 4
_REFUSED = b"\x80"
# Of the keep-alive: how long a client may say nothing (MQTT 3.1.1, 3.1.2.10)
_PATIENCE = 1.5
# Seconds between two looks whether it said something
_LOOK = 1.0

type Frames = Literal["one", "several", "split"]

PUSH: dict[str, Kind] = {
    "able": bool,
    "refuses": (0, mqtt.BAD_CREDENTIALS, mqtt.NOT_AUTHORISED),
    "single_use": bool,
    "origin": ("silent", "ignored"),
    "silent": bool,
    "interval": float,
    "enabled_seconds": float,
    "shape": ("plain", "title", "msg"),
    "frames": ("one", "several", "split"),
    "nulls": bool,
}


class Broker:
    """All connections; the plain attributes above `connects` are switches."""

    def __init__(self, simulator: GoodWeSimulator) -> None:
        """Push what the simulator's stations do."""
        self._simulator = simulator
        self.able = True
        """False: `enable` says that there is no push for a plant."""
        self.refuses = 0
        """Code of the CONNACK that refuses: 4 or 5; 0 accepts."""
        self.single_use = False
        """Credentials are good for one connection."""
        self.origin: Literal["silent", "ignored"] = "silent"
        """What a client with an `Origin` gets: nothing, or the same as others."""
        self.silent = False
        """Connections stay and bring no message."""
        self.interval = 5.0
        """Seconds between two messages of a topic, on the simulator's clock."""
        self.enabled_seconds = 0.0
        """How long a plant pushes after `enable`; 0 is without end."""
        self.shape: Shape = "plain"
        """How payloads are wrapped."""
        self.frames: Frames = "one"
        """How packets are put into WebSocket frames."""
        self.nulls = False
        """Some fields are null."""
        self.connects: list[Connect] = []
        """All that were let in."""
        self.refused = 0
        """How many were not."""
        self.subscriptions: list[str] = []
        """Topics, of all connections."""
        self.pings = 0
        self.messages = 0
        """How many were pushed."""
        self.violations: list[str] = []
        """What no client may do: publish, or speak something else."""
        self.lapsed = 0
        """Connections that were closed since the client said nothing."""
        self.configs = 0
        self.enables = 0
        self._enabled: dict[str, datetime] = {}
        self._issued: dict[str, tuple[str, str]] = {}
        self._open: set[_Connection] = set()

    # Over HTTP

    def enable(self, station_id: str) -> bool:
        """Begin to push for a plant; False if it cannot."""
        self.enables += 1
        if self.able:
            self._enabled[station_id] = self._simulator.clock()
        return self.able

    def issue(self) -> dict[str, str]:
        """Return new credentials."""
        self.configs += 1
        draw = dice(1, "push", self.configs)
        client_id = f"SEMS_PLUS_WebClient_{draw.getrandbits(48):012x}"
        user, password = f"{draw.getrandbits(64):x}", f"{draw.getrandbits(96):x}"
        self._issued[client_id] = user, password
        return {"clientId": client_id, "userName": user, "password": password}

    # Connections

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._open)

    async def drop(self) -> None:
        """Close all connections."""
        for connection in list(self._open):
            await connection.close()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        response = web.WebSocketResponse(protocols=("mqtt",))
        if not response.can_prepare(request):
            return web.Response(status=400)
        await response.prepare(request)
        if response.ws_protocol != "mqtt":
            self.violations.append("no sub-protocol mqtt")
            await response.close(code=WSCloseCode.PROTOCOL_ERROR)
            return response
        muted = "Origin" in request.headers and self.origin == "silent"
        connection = _Connection(self, response, muted=muted)
        self._open.add(connection)
        try:
            await connection.serve()
        finally:
            self._open.discard(connection)
        return response

    def admit(self, connect: Connect) -> int:
        """Return the code of the CONNACK."""
        right = self._issued.get(connect.client_id)
        code = self.refuses
        if (connect.protocol, connect.level) != (_PROTOCOL, _LEVEL):
            code = mqtt.BAD_PROTOCOL
        elif not code and right != (connect.user, connect.password):
            code = mqtt.BAD_CREDENTIALS
        if code:
            self.refused += 1
            return code
        if self.single_use:
            del self._issued[connect.client_id]
        self.connects.append(connect)
        return mqtt.ACCEPTED

    def knows(self, topic: str) -> bool:
        """Return whether a topic is one of the account's."""
        if topic.startswith(STATION):
            return self._simulator.station(topic.removeprefix(STATION)) is not None
        return (
            topic.startswith(DEVICE)
            and topic.removeprefix(DEVICE) in self._simulator.devices
        )

    def news(self, topics: Iterable[str]) -> list[bytes]:
        """Return packets with what is now, one per topic that pushes."""
        if self.silent:
            return []
        return [
            mqtt.publish(topic, encoded(document, self.shape))
            for topic in topics
            if (document := self._document(topic)) is not None
        ]

    def _document(self, topic: str) -> dict[str, Any] | None:
        simulator = self._simulator
        if topic.startswith(STATION):
            station = simulator.station(topic.removeprefix(STATION))
            device = None
        else:
            device = simulator.devices.get(topic.removeprefix(DEVICE))
            station = device.station if device else None
        if station is None or not self._pushes(station.id) or not station.uploading:
            return None
        if device is None:
            return station_payload(station, nulls=self.nulls)
        return device_payload(device) if device.online else None

    def _pushes(self, station_id: str) -> bool:
        begun = self._enabled.get(station_id)
        if begun is None:
            return False
        age = (self._simulator.clock() - begun).total_seconds()
        return not self.enabled_seconds or age < self.enabled_seconds

    @property
    def clock(self) -> Clock:
        """The simulator's time."""
        return self._simulator.clock

    async def wait(self) -> None:
        """Return when it is time for the next messages."""
        await pause(self.clock, self.interval)


class _Connection:
    """One client."""

    def __init__(
        self, broker: Broker, response: web.WebSocketResponse, *, muted: bool
    ) -> None:
        self._broker = broker
        self._response = response
        self._muted = muted
        self._topics: list[str] = []
        self._admitted = False
        self._heard_at = broker.clock()
        self._patience = timedelta()

    async def close(self) -> None:
        await self._response.close(code=WSCloseCode.GOING_AWAY)

    async def serve(self) -> None:
        tasks = [asyncio.create_task(work) for work in (self._push(), self._watch())]
        packets = Packets()
        try:
            async for message in self._response:
                for packet in packets.feed(_bytes_of(message)):
                    await self._take(packet)
        except Broken as err:
            self._broker.violations.append(f"broken: {err}")
            await self._response.close(code=WSCloseCode.PROTOCOL_ERROR)
        except ConnectionError:
            pass
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self, packet: Packet) -> None:
        broker = self._broker
        self._heard_at = broker.clock()
        if self._admitted is (packet.kind == mqtt.CONNECT):
            raise Broken("order")
        match packet.kind:
            case mqtt.CONNECT:
                connect = mqtt.connect_of(packet.body)
                code = broker.admit(connect)
                self._patience = timedelta(seconds=connect.keep_alive * _PATIENCE)
                await self._send(mqtt.packet(mqtt.CONNACK, bytes([0, code])))
                self._admitted = not code
                if code:
                    await self._response.close()
            case mqtt.SUBSCRIBE:
                if packet.flags != 2:
                    raise Broken("flags")
                await self._subscribe(packet.body)
            case mqtt.UNSUBSCRIBE:
                number, gone = mqtt.topics_of(packet.body, qualities=False)
                self._topics = [it for it in self._topics if it not in gone]
                await self._send(mqtt.packet(mqtt.UNSUBACK, number.to_bytes(2)))
            case mqtt.PINGREQ:
                broker.pings += 1
                await self._send(mqtt.packet(mqtt.PINGRESP))
            case mqtt.DISCONNECT:
                await self._response.close()
            case mqtt.PUBLISH:
                broker.violations.append("published")
            case _:
                raise Broken(f"kind {packet.kind}")

    async def _subscribe(self, body: bytes) -> None:
        number, topics = mqtt.topics_of(body, qualities=True)
        answer = number.to_bytes(2)
        for topic in topics:
            known = self._broker.knows(topic)
            answer += b"\0" if known else _REFUSED
            if known and topic not in self._topics:
                self._topics.append(topic)
        self._broker.subscriptions += topics
        acknowledged = mqtt.packet(mqtt.SUBACK, answer)
        if self._muted:
            await self._send(acknowledged)
            return
        # The first message does not wait
        await self._send(acknowledged, *self._news())

    def _news(self) -> list[bytes]:
        found = self._broker.news(self._topics)
        self._broker.messages += len(found)
        return found

    async def _push(self) -> None:
        with suppress(ConnectionError):
            while not self._response.closed:
                await self._broker.wait()
                if self._topics and not self._muted:
                    await self._send(*self._news())

    async def _watch(self) -> None:
        """End the connection of a client that does not say that it is there."""
        broker = self._broker
        while not self._response.closed:
            await pause(broker.clock, _LOOK)
            silent = broker.clock() - self._heard_at
            if self._patience and silent > self._patience:
                broker.lapsed += 1
                await self.close()

    async def _send(self, *packets: bytes) -> None:
        whole = b"".join(packets)
        match self._broker.frames:
            case "one":
                frames = list(packets)
            case "several":
                frames = [whole] if whole else []
            case "split":
                frames = [whole[at : at + 7] for at in range(0, len(whole), 7)]
        for frame in frames:
            await self._response.send_bytes(frame)


def _bytes_of(message: WSMessage) -> bytes:
    if message.type is not WSMsgType.BINARY:
        raise Broken("text")
    data: bytes = message.data
    return data
