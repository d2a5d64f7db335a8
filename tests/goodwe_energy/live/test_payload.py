"""Payloads of the broker (reference section 5.5)."""

import json
from typing import Any

import pytest

from custom_components.goodwe_energy.live.payload import read_push, topic_of

STATION = "3f6c1b52-0000"
TOPIC = f"/goodwe/second-data/station/{STATION}"
TOLD = {
    "stationId": STATION,
    "time": "2026-10-12 11:04:05",
    "pSystem": "4.231",
    "pBat": "-1.641",
    "pGrid": None,
    "soc": "63.0",
    "qAc": "0.21",
    "flows": {"pSystem": ["pConsum", "pBat"]},
    "traceId": "x",
}
READ = {
    "refreshTime": "2026-10-12 11:04:05",
    "pSystem": "4.231",
    "pBat": "-1.641",
    "soc": "63.0",
    "flows": {"pSystem": ["pConsum", "pBat"]},
}


def wrapped(key: str, value: Any) -> dict[str, Any]:
    return {"title": "second-data", key: value}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(TOLD, id="plain"),
        pytest.param(wrapped("message", json.dumps(TOLD)), id="message"),
        pytest.param(wrapped("msg", json.dumps(TOLD)), id="msg"),
        pytest.param(wrapped("msg", TOLD), id="object"),
        pytest.param(TOLD | {"msg": ""}, id="empty wrapper"),
        pytest.param(
            {key: item for key, item in TOLD.items() if key != "stationId"},
            id="without station",
        ),
    ],
)
def test_all_variants_are_read_the_same(document: dict[str, Any]) -> None:
    assert topic_of(STATION) == TOPIC
    assert read_push(TOPIC, json.dumps(document).encode()) == (STATION, READ)


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        pytest.param("/goodwe/second-data/device/SN1", b'{"pBat":"1"}', id="device"),
        pytest.param(TOPIC, b'{"stationId":"other","pBat":"1"}', id="another plant"),
        pytest.param(TOPIC, b'{"time":"2026-10-12 11:04:05"}', id="no power"),
        pytest.param(TOPIC, b'{"flows":{"pBat":["pGrid"]}}', id="only directions"),
        pytest.param(TOPIC, b"[1]", id="list"),
        pytest.param(TOPIC, b"{", id="no json"),
        pytest.param(TOPIC, b"\xff\xfe", id="no text"),
        pytest.param(TOPIC, b"[" * 100_000, id="deep"),
        pytest.param(TOPIC, b'{"msg":"hello"}', id="text in it"),
        pytest.param(TOPIC, b'{"msg":7}', id="number in it"),
        pytest.param(TOPIC, b'{"msg":{"msg":{"msg":{"pBat":"1"}}}}', id="layers"),
    ],
)
def test_all_else_is_nothing(topic: str, payload: bytes) -> None:
    assert read_push(topic, payload) is None
