"""The part of MQTT 3.1.1 that listening needs (reference appendix C).

Nothing in here can publish: the broker also carries commands to devices.
"""

from dataclasses import dataclass

PINGREQ = b"\xc0\x00"

ACCEPTED = 0
# The code of a SUBACK for a topic that is not given
REFUSED_TOPIC = 0x80
# More than any reading of a plant needs
LARGEST = 256 * 1024

_CONNECT, _CONNACK, _PUBLISH = 1, 2, 3
_SUBSCRIBE, _SUBACK, _PINGRESP = 8, 9, 13
_CLEAN, _WITH_LOGIN = 0x02, 0xC0
_PROTOCOL = b"\x00\x04MQTT\x04"
_LENGTH_BYTES = 4
_QOS_MAX = 2


class MqttError(ValueError):
    """The bytes are no MQTT that a broker may send."""


@dataclass(frozen=True, slots=True)
class ConnAck:
    """The broker's answer to CONNECT; ``code`` is 0 when it lets in."""

    code: int


@dataclass(frozen=True, slots=True)
class SubAck:
    """The broker's answer to SUBSCRIBE; a code for each topic, in their order."""

    packet_id: int
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Publish:
    """A message to everybody who listens to a topic."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Pong:
    """The broker's answer to PINGREQ."""


type Packet = ConnAck | SubAck | Publish | Pong


def connect(client_id: str, user: str, password: str, *, keep_alive: int) -> bytes:
    """Return CONNECT with a clean session; ``keep_alive`` is in seconds."""
    body = _PROTOCOL + bytes((_CLEAN | _WITH_LOGIN,)) + keep_alive.to_bytes(2)
    return _packet(
        _CONNECT << 4, body + _text(client_id) + _text(user) + _text(password)
    )


def subscribe(packet_id: int, topics: list[str]) -> bytes:
    """Return SUBSCRIBE to these topics with QoS 0."""
    wanted = b"".join(_text(topic) + b"\x00" for topic in topics)
    # The specification reserves the lower half of the first byte as 2
    return _packet(_SUBSCRIBE << 4 | 2, packet_id.to_bytes(2) + wanted)


class Parser:
    """Takes a broker's packets out of a stream that may be cut anywhere."""

    def __init__(self) -> None:
        """Begin with nothing received."""
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Packet]:
        """Return the packets that are complete now; the rest is kept for later.

        Packets that listeners have no use for are left out. Raises ``MqttError``;
        nothing more is to be expected of the stream then.
        """
        self._buffer += data
        packets: list[Packet] = []
        while (split := self._split()) is not None:
            first, body = split
            if (packet := _parsed(first, body)) is not None:
                packets.append(packet)
        return packets

    def _split(self) -> tuple[int, bytes] | None:
        """Take the first packet off as its first byte and body; None if incomplete."""
        length = 0
        for position in range(_LENGTH_BYTES):
            if position + 1 >= len(self._buffer):
                return None
            byte = self._buffer[position + 1]
            length |= (byte & 0x7F) << 7 * position
            if length > LARGEST:
                raise MqttError("a packet is too large")
            if not byte & 0x80:
                break
        else:
            raise MqttError("a length has no end")
        begin = position + 2
        if len(self._buffer) < begin + length:
            return None
        first, body = self._buffer[0], bytes(self._buffer[begin : begin + length])
        del self._buffer[: begin + length]
        return first, body


def _parsed(first: int, body: bytes) -> Packet | None:
    kind = first >> 4
    if kind == _PUBLISH:
        return _published(first >> 1 & 3, body)
    if kind == _CONNACK:
        if len(body) != 2:
            raise MqttError("CONNACK has another length")
        return ConnAck(body[1])
    if kind == _SUBACK:
        if len(body) < 3:
            raise MqttError("SUBACK is too short")
        return SubAck(int.from_bytes(body[:2]), tuple(body[2:]))
    if kind == _PINGRESP:
        return Pong()
    if kind in {0, _CONNECT, 15}:
        raise MqttError("no broker sends such a packet")
    return None


def _published(qos: int, body: bytes) -> Publish:
    if qos > _QOS_MAX:
        raise MqttError("PUBLISH has no such QoS")
    end = 2 + int.from_bytes(body[:2])
    # Only QoS 0 is asked for; a packet id is stepped over and not answered
    begin = end + (2 if qos else 0)
    if len(body) < max(2, begin):
        raise MqttError("PUBLISH is too short")
    try:
        topic = body[2:end].decode()
    except UnicodeDecodeError:
        raise MqttError("a topic is no text") from None
    return Publish(topic, body[begin:])


def _packet(first: int, body: bytes) -> bytes:
    length, rest = bytearray(), len(body)
    while True:
        rest, byte = divmod(rest, 0x80)
        length.append(byte | (0x80 if rest else 0))
        if not rest:
            return bytes((first, *length)) + body


def _text(value: str) -> bytes:
    data = value.encode("utf-8", "replace")
    if len(data) > 0xFFFF:
        raise MqttError("a text is too long")
    return len(data).to_bytes(2) + data
