"""One connection to the vendor's broker, which only listens (section 5)."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.errors import BadDataError, TransportError
from .._vendor.core.client.websocket import websocket
from . import mqtt

# Seconds
KEEP_ALIVE = 60
HANDSHAKE = 15.0
_CLOSING = 5.0
_PACKET_ID = 1


class Broker:
    """MQTT over a WebSocket; it never publishes anything."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, *, clock: Clock
    ) -> None:
        """Keep the settings; nothing is opened. The session is never closed here."""
        self._session, self._url, self._clock = session, url, clock
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._heard_at = 0.0

    async def listen(
        self,
        config: Mapping[str, Any],
        topics: list[str],
        told: Callable[[str, bytes], None],
    ) -> None:
        """Hand each message, as topic and payload, to ``told``.

        ``config`` has ``clientId``, ``userName`` and ``password``; good for once.

        Raises:
            BadDataError: The credentials are incomplete, or it talks no MQTT.
            TransportError: It ended, lets nobody in, or never came up.
        """
        hello = _hello(config)
        try:
            # No Origin: with one the broker lets in, but tells nothing
            async with (
                asyncio.timeout(HANDSHAKE) as patience,
                websocket(
                    self._session,
                    self._url,
                    protocols=("mqtt",),
                    max_msg_size=mqtt.LARGEST,
                    timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSING),
                ) as socket,
            ):
                await socket.send_bytes(hello)
                self._socket, parser = socket, mqtt.Parser()
                async for message in socket:
                    self._heard_at = self._clock.monotonic()
                    if message.type is not aiohttp.WSMsgType.BINARY:
                        continue
                    for packet in parser.feed(message.data):
                        match packet:
                            case mqtt.ConnAck(mqtt.ACCEPTED):
                                await socket.send_bytes(
                                    mqtt.subscribe(_PACKET_ID, topics)
                                )
                            case mqtt.ConnAck(code):
                                raise _refused(code)
                            case mqtt.SubAck(codes=codes):
                                _check(codes)
                                patience.reschedule(None)
                            case mqtt.Publish(topic, payload):
                                told(topic, payload)
        except mqtt.MqttError as err:
            raise BadDataError(f"the broker: {err}") from None
        except TimeoutError:
            raise TransportError("the broker was silent", reason="timeout") from None
        except (aiohttp.ClientError, OSError) as err:
            raise TransportError(f"no broker ({type(err).__name__})") from None
        finally:
            self._socket = None
        raise TransportError("the broker ended it", reason="disconnected")

    async def ping(self) -> None:
        """Tell that we are there; close it if the broker is not."""
        if (socket := self._socket) is None:
            return
        if self._clock.monotonic() - self._heard_at > 2 * KEEP_ALIVE:
            await self.close()
            return
        try:
            await socket.send_bytes(mqtt.PINGREQ)
        except aiohttp.ClientError, OSError:
            await self.close()

    async def close(self) -> None:
        """Have ``listen`` end."""
        if self._socket is not None:
            await self._socket.close()


def _hello(config: Mapping[str, Any]) -> bytes:
    parts = [config.get(key) for key in ("clientId", "userName", "password")]
    # They go on as they came: nothing is taken off them
    texts = [part for part in parts if isinstance(part, str) and part]
    if len(texts) != len(parts):
        raise BadDataError("incomplete credentials for the broker")
    client_id, user, password = texts
    try:
        return mqtt.connect(client_id, user, password, keep_alive=KEEP_ALIVE)
    except mqtt.MqttError:
        raise BadDataError("odd credentials for the broker") from None


def _check(codes: tuple[int, ...]) -> None:
    if all(code >= mqtt.REFUSED_TOPIC for code in codes):
        raise TransportError("the broker gives none of the plants", reason="refused")


def _refused(code: int) -> TransportError:
    return TransportError("the broker lets nobody in", code=str(code), reason="refused")
