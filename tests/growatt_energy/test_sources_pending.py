"""Devices of v4's list whose plant could not be asked for yet (Q34)."""

from typing import Any
from unittest.mock import AsyncMock, Mock

from custom_components.growatt_energy._vendor.core.client.errors import (
    ThrottledError,
    UnsupportedError,
)
from custom_components.growatt_energy.sources.identity import Remembered
from custom_components.growatt_energy.sources.token_devices import TokenDevices

A, B, C = (f"0HVR00AA25BB000{number}" for number in (1, 2, 3))
LATER = ThrottledError("later", retry_after=300, reason="budget")


def devices_of(*serials: str) -> tuple[TokenDevices, Mock]:
    """Return lists of these, and whom they ask."""
    client = Mock()
    rows = [{"deviceSn": name, "deviceType": "noah"} for name in serials]
    client.query_devices = AsyncMock(return_value={"data": rows})
    client.devices = AsyncMock(return_value={})
    for name in ("dataloggers", "query_info", "device_type"):
        setattr(client, name, AsyncMock(return_value={}))
    return TokenDevices(client, Remembered()), client


async def read(lists: TokenDevices) -> tuple[list[Any], bool]:
    """Return what is in the plant, and whether there may be more."""
    raw = await lists.read("1")
    return [row["deviceSn"] for row in raw["query"]], raw["pending"]


async def test_what_waits_for_its_turn_is_told() -> None:
    lists, client = devices_of(A, B)
    found = {"plant_id": "1"}
    client.plant_of = AsyncMock(side_effect=[found, LATER, found])
    assert await read(lists) == ([A], True)
    assert await read(lists) == ([A, B], False)


async def test_what_has_no_plant_comes_last_and_is_not_waited_for() -> None:
    """Else it would take the turn of the others, and the lists be read for ever."""
    lists, client = devices_of(A, B, C)
    no = UnsupportedError("no")
    client.plant_of = AsyncMock(
        side_effect=[no, LATER, LATER, {"plant_id": "1"}, LATER, LATER, no, LATER]
    )
    assert await read(lists) == ([], True)
    assert await read(lists) == ([B], True)
    assert client.plant_of.await_args_list[-1].args == (A,)
    assert await read(lists) == ([B], False)
    client.plant_of.side_effect = LATER
    assert await read(lists) == ([B], False)


async def test_the_vendors_own_limit_is_not_run_into_again() -> None:
    lists, client = devices_of(A)
    client.plant_of = AsyncMock(side_effect=ThrottledError("no", reason="rate_limit"))
    assert await read(lists) == ([], False)


async def test_what_is_in_no_list_any_more_is_not_waited_for() -> None:
    lists, client = devices_of(A)
    client.plant_of = AsyncMock(side_effect=LATER)
    assert await read(lists) == ([], True)
    client.query_devices.return_value = {"data": []}
    assert await read(lists) == ([], False)
