"""The server's side of MQTT 3.1.1, as far as anybody needs it (Appendix C)."""

from dataclasses import dataclass, field
from typing import NamedTuple

CONNECT, CONNACK, PUBLISH, SUBSCRIBE, SUBACK = 1, 2, 3, 8, 9
UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT = 10, 11, 12, 13, 14
ACCEPTED, BAD_PROTOCOL, BAD_CREDENTIALS, NOT_AUTHORISED = 0, 1, 4, 5
_CLEAN, _WILL, _PASSWORD, _USER = 2, 4, 0x40, 0x80


class Broken(Exception):
    """Bytes that are no MQTT 3.1.1."""


class Packet(NamedTuple):
    """One packet: its kind, the flags beside it and what follows the length."""

    kind: int
    flags: int
    body: bytes


@dataclass(slots=True)
class Packets:
    """Takes bytes as they come and gives whole packets."""

    _rest: bytes = b""

    def feed(self, data: bytes) -> list[Packet]:
        """Return the packets that are complete now; raises Broken."""
        self._rest += data
        found = []
        while (packet := self._next()) is not None:
            found.append(packet)
        return found

    def _next(self) -> Packet | None:
        length = shift = 0
        for place in range(1, 6):
            if place == 5:
                raise Broken("length")
            if place >= len(self._rest):
                return None
            digit = self._rest[place]
            length |= (digit & 0x7F) << shift
            shift += 7
            if digit < 0x80:
                break
        end = place + 1 + length
        if len(self._rest) < end:
            return None
        first, body = self._rest[0], self._rest[place + 1 : end]
        self._rest = self._rest[end:]
        return Packet(first >> 4, first & 0x0F, body)


@dataclass(slots=True)
class Reader:
    """Reads fields of a packet's body one after the other; raises Broken."""

    _body: bytes
    _place: int = field(default=0)

    def take(self, size: int) -> bytes:
        """Return so many bytes."""
        end = self._place + size
        if end > len(self._body):
            raise Broken("short")
        part = self._body[self._place : end]
        self._place = end
        return part

    def number(self, size: int = 2) -> int:
        """Return a whole number."""
        return int.from_bytes(self.take(size))

    def text(self) -> str:
        """Return a text behind its length."""
        try:
            return self.take(self.number()).decode()
        except UnicodeDecodeError as err:
            raise Broken("text") from err

    @property
    def more(self) -> bool:
        """Whether anything is left."""
        return self._place < len(self._body)


@dataclass(frozen=True, slots=True)
class Connect:
    """What a client says of itself."""

    protocol: str
    level: int
    clean: bool
    keep_alive: int
    client_id: str
    user: str | None
    password: str | None


def connect_of(body: bytes) -> Connect:
    """Return what a CONNECT says; raises Broken."""
    reader = Reader(body)
    protocol, level, flags = reader.text(), reader.number(1), reader.number(1)
    keep_alive, client_id = reader.number(), reader.text()
    if flags & _WILL:
        raise Broken("a will publishes")
    user = reader.text() if flags & _USER else None
    password = reader.text() if flags & _PASSWORD else None
    if reader.more or flags & 1:
        raise Broken("connect")
    clean = bool(flags & _CLEAN)
    return Connect(protocol, level, clean, keep_alive, client_id, user, password)


def topics_of(body: bytes, *, qualities: bool) -> tuple[int, list[str]]:
    """Return packet id and topics of a SUBSCRIBE (with `qualities`) or its undoing."""
    reader = Reader(body)
    number, topics = reader.number(), []
    while reader.more:
        topics.append(reader.text())
        if qualities and reader.number(1) > 2:
            raise Broken("quality")
    if not topics:
        raise Broken("no topic")
    return number, topics


def packet(kind: int, body: bytes = b"", flags: int = 0) -> bytes:
    """Return a packet's bytes."""
    length, rest = b"", len(body)
    while True:
        rest, digit = divmod(rest, 128)[0], rest % 128
        length += bytes([digit | (0x80 if rest else 0)])
        if not rest:
            return bytes([kind << 4 | flags]) + length + body


def publish(topic: str, payload: bytes) -> bytes:
    """Return a PUBLISH with quality 0."""
    name = topic.encode()
    return packet(PUBLISH, len(name).to_bytes(2) + name + payload)
