"""Lists, batches and days of which a token gets only a part at a time."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from custom_components.growatt_energy._vendor.core.client.errors import (
    BadDataError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)
from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.sources.token import TokenSource
from custom_components.growatt_energy.sources.token_devices import PLANT_COUNT
from custom_components.growatt_energy.sources.token_history import TokenHistory
from custom_components.growatt_energy.sources.token_live import TokenLive

from .source_bench import NOON, Notes

NOAH = "0HVR00AA25BB0001"


@pytest.fixture(autouse=True)
def growatt() -> None:
    """Home Assistant is not needed here."""


def _page(first: int, count: int) -> dict[str, Any]:
    return {"plants": [{"plant_id": first + n} for n in range(count)]}


async def test_a_long_list_of_plants_has_pages() -> None:
    """A page that has to wait comes with the next list; the others stay known."""
    client = Mock()
    client.plants = AsyncMock(
        side_effect=[
            _page(100, 100),
            _page(200, 1),
            _page(100, 100),
            ThrottledError("later"),
            _page(200, 2),
        ]
    )
    client.plant_details = AsyncMock(side_effect=BadDataError("none"))
    source = TokenSource(client)
    found = [len(await source.plants()) for _ in range(3)]
    assert found == [101, 101, 102]
    asked = [call.args for call in client.plants.await_args_list]
    assert asked == [(1,), (2,), (1,), (2,), (2,)]


async def test_a_page_that_fails_does_not_hold_up_the_first_one() -> None:
    """It is asked again after it; a list that became short is short."""
    client = Mock()
    client.plants = AsyncMock(
        side_effect=[
            _page(100, 100),
            ThrottledError("later"),
            BadDataError("no"),
            _page(100, 100),
            _page(200, 5),
            _page(100, 9),
        ]
    )
    client.plant_details = AsyncMock(side_effect=BadDataError("none"))
    source = TokenSource(client)
    assert [len(await source.plants()) for _ in range(3)] == [100, 105, 9]


def _lists(**answers: Any) -> Mock:
    """A client whose answers to all questions about devices are empty but for these."""
    client = Mock()
    for name in (
        "devices",
        "dataloggers",
        "query_devices",
        "query_info",
        "device_type",
        "details",
        "plant_of",
    ):
        setattr(client, name, AsyncMock(return_value=answers.get(name, {})))
    return client


async def test_lists_of_devices_have_pages() -> None:
    """Those of V1 one by one, those of v4 at once."""
    pages = [[f"A{n}" for n in range(100)], ["B1"]]
    client = _lists(details={"serialNum": "x"})

    async def devices(_plant: str, page: int = 1) -> dict[str, Any]:
        if client.devices.await_count == 2:
            raise ThrottledError("later")
        names = pages[page - 1]
        return {"devices": [{"device_sn": name, "type": 1} for name in names]}

    async def query(page: int = 1) -> dict[str, Any]:
        names = [f"{page}N{n}" for n in range((100, 3)[page - 1])]
        rows = [{"deviceSn": name, "deviceType": "noah"} for name in names]
        return {"data": rows, "pages": 2, "lastPager": page == 2}

    client.devices = AsyncMock(side_effect=devices)
    client.query_devices = AsyncMock(side_effect=query)
    source = TokenSource(client, Notes({PLANT_COUNT: 1}))
    assert len((await source.devices("1"))["query"]) == 103
    found = await source.devices("1")
    assert [row["device_sn"] for row in found["list"]] == [*pages[0], "B1"]
    assert len((await source.devices("1"))["list"]) == 101


async def test_a_device_stays_whose_plant_is_not_told_just_now() -> None:
    """The account got a second plant, and the question for the device's failed."""
    rows = [{"deviceSn": NOAH, "deviceType": "noah"}]
    client = _lists(query_devices={"data": rows})
    notes = Notes({PLANT_COUNT: 1})
    source = TokenSource(client, notes)
    assert (await source.devices("1"))["query"]
    notes[PLANT_COUNT] = 2
    client.plant_of.side_effect = ThrottledError("later")
    assert (await source.devices("1"))["query"]
    assert not (await source.devices("2"))["query"]
    client.plant_of.side_effect = None
    client.plant_of.return_value = {"plant_id": 2}
    assert not (await source.devices("1"))["query"]
    assert (await source.devices("2"))["query"]


async def test_a_model_that_is_not_told_keeps_no_other_back() -> None:
    """What the vendor does not know is not asked again; a limit ends the round."""
    rows = [{"device_sn": name, "type": 1} for name in ("A1", "B1", "C1", "D1")]
    client = _lists(devices={"devices": rows}, details={"serialNum": "x"})
    answers: dict[str, list[Any]] = {
        "A1": [UnsupportedError("10002")],
        "B1": [TransportError("busy"), {"model": "MB"}],
        "C1": [ThrottledError("later"), {"model": "MC"}],
        "D1": [{"model": "MD"}],
    }

    async def device_type(name: str) -> dict[str, Any]:
        answer = answers[name].pop(0)
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)

    client.device_type = AsyncMock(side_effect=device_type)
    source = TokenSource(client)
    await source.devices("1")
    assert client.device_type.await_count == 3
    found = (await source.devices("1"))["models"]
    assert [found[name].get("model") for name in ("A1", "B1", "C1", "D1")] == [
        None,
        "MB",
        "MC",
        "MD",
    ]
    assert client.device_type.await_count == 6


async def test_more_devices_than_one_request_has_room_for_take_turns() -> None:
    """A hundred each time, in v4 and in V1; none is left out for ever."""
    serials = [f"S{n}" for n in range(150)]
    asked: list[str] = []

    async def read(_family: Family, some: Sequence[str]) -> dict[str, Any]:
        assert len(some) <= 100
        asked.extend(some)
        return {}

    client = Mock(query_last=read, last_many=read)
    for families in ({Family.MIN}, {Family.MIN, Family.SPH}):
        live = TokenLive(client)
        live.cadence(families)
        asked.clear()
        for _ in range(3):
            await live.read(Family.MIN, serials)
        assert {asked.count(serial) for serial in serials} == {2}


async def test_days_of_two_devices_are_not_mixed() -> None:
    """Each goes on with its own page, whoever asks in between."""

    async def history(
        _family: Family, serial: str, day: date, _end: date, _zone: str, page: int
    ) -> dict[str, Any]:
        await asyncio.sleep(0)
        if page == 2 and (serial, day) in late:
            late.remove((serial, day))
            raise ThrottledError("later")
        rows = [{"sn": serial, "page": page}] * 100
        return {"count": 300, "datas": rows}

    day = NOON.date()
    late = {("A", day), ("B", day)}
    history_of = TokenHistory(Mock(history=history))

    async def read(serial: str) -> list[dict[str, Any]]:
        with pytest.raises(ThrottledError):
            await history_of.read(Family.MIN, serial, day, UTC)
        await asyncio.sleep(0)
        return await history_of.read(Family.MIN, serial, day, UTC)

    for serial, records in zip(
        "AB", await asyncio.gather(read("A"), read("B")), strict=True
    ):
        assert {record["sn"] for record in records} == {serial}
        assert [record["page"] for record in records[::100]] == [1, 2, 3]
        assert len(records) == 300
