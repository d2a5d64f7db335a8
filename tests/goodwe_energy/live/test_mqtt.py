"""MQTT 3.1.1 as far as listening needs it: the bytes of appendix C, and hostile ones."""

import random

import pytest

from custom_components.goodwe_energy.live import mqtt
from custom_components.goodwe_energy.live.mqtt import (
    ConnAck,
    MqttError,
    Packet,
    Parser,
    Pong,
    Publish,
    SubAck,
)

ACCEPTED = bytes.fromhex("20 02 00 00")
SUBSCRIBED = bytes.fromhex("90 03 00 01 00")
PONG = bytes.fromhex("D0 00")
MESSAGE = b"\x30\x06\x00\x02/ahi"
STREAM = ACCEPTED + SUBSCRIBED + PONG + MESSAGE
PACKETS: list[Packet] = [
    ConnAck(0),
    SubAck(1, (0,)),
    Pong(),
    Publish("/a", b"hi"),
]


def test_what_is_sent_is_as_the_reference_has_it() -> None:
    assert mqtt.connect("c1", "u", "p", keep_alive=60) == bytes.fromhex(
        "10 14 00 04 4D 51 54 54 04 C2 00 3C 00 02 63 31 00 01 75 00 01 70"
    )
    assert mqtt.subscribe(1, ["/a"]) == bytes.fromhex("82 07 00 01 00 02 2F 61 00")
    assert bytes.fromhex("C0 00") == mqtt.PINGREQ


def test_nothing_in_it_can_publish() -> None:
    sent = [
        mqtt.connect("c", "u", "p", keep_alive=1),
        mqtt.subscribe(1, ["/a"]),
        mqtt.PINGREQ,
    ]
    assert {packet[0] >> 4 for packet in sent} == {1, 8, 12}
    assert not [name for name in vars(mqtt) if name.startswith("publish")]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_frames_and_packets_are_not_the_same(size: int) -> None:
    parser, found = Parser(), list[Packet]()
    for at in range(0, len(STREAM), size):
        found += parser.feed(STREAM[at : at + size])
    assert found == PACKETS


@pytest.mark.parametrize("length", [0, 121, 122, 16_377, 200_000])
def test_lengths_of_all_sizes(length: int) -> None:
    """Lengths of one, two and three bytes, and the steps between them."""
    body = b"\x00\x04/abc" + b"x" * length
    size, rest = bytearray(), len(body)
    while rest >= 128:
        size.append(rest % 128 | 128)
        rest //= 128
    packet = bytes((0x30, *size, rest)) + body
    assert Parser().feed(packet) == [Publish("/abc", b"x" * length)]


def test_a_message_with_a_higher_quality_is_read_too() -> None:
    assert Parser().feed(b"\x32\x08\x00\x02/a\x00\x07hi") == [Publish("/a", b"hi")]


def test_refusals_are_told() -> None:
    assert Parser().feed(b"\x20\x02\x00\x05") == [ConnAck(5)]
    assert Parser().feed(b"\x90\x04\x00\x01\x80\x00") == [SubAck(1, (0x80, 0))]


def test_packets_nobody_needs_are_left_out() -> None:
    assert Parser().feed(b"\xb0\x02\x00\x01" + PONG) == [Pong()]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x30\xff\xff\xff\xff\x01", id="endless length"),
        pytest.param(b"\x30\xff\xff\x7f", id="too large"),
        pytest.param(b"\x20\x01\x00", id="short connack"),
        pytest.param(b"\x90\x02\x00\x01", id="short suback"),
        pytest.param(b"\x30\x01\x00", id="short publish"),
        pytest.param(b"\x30\x04\x00\x09ab", id="topic beyond the packet"),
        pytest.param(b"\x36\x04\x00\x02/a", id="quality 3"),
        pytest.param(b"\x30\x04\x00\x02\xff\xfe", id="topic no text"),
        pytest.param(b"\x00\x00", id="kind 0"),
        pytest.param(b"\x10\x00", id="a connect"),
        pytest.param(b"\xf0\x00", id="kind 15"),
    ],
)
def test_what_is_no_mqtt_is_refused(data: bytes) -> None:
    with pytest.raises(MqttError):
        Parser().feed(data)


def test_whatever_comes_it_is_packets_or_refused() -> None:
    rng = random.Random(6)
    for _ in range(2000):
        data = bytearray(STREAM)
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        parser = Parser()
        try:
            for at in range(0, len(data), 5):
                parser.feed(bytes(data[at : at + 5]))
        except MqttError:
            continue


def test_too_long_a_text_is_not_cut() -> None:
    with pytest.raises(MqttError):
        mqtt.connect("c" * 65_536, "u", "p", keep_alive=60)
