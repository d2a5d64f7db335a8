"""The endpoints, and what comes of unusual answers (alphaess.md section 3)."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from custom_components.alphaess_energy._vendor.core.client.errors import (
    BadDataError,
    UnsupportedError,
)
from custom_components.alphaess_energy.api.client import AlphaEssClient
from simulator.alphaess import APP_ID, AlphaEssSimulator
from tests.core.fake_clock import START, FakeClock

from .conftest import CHARGER, SYSTEM_1, SYSTEM_2

TODAY = START.date()
CHECK_CODE = "CHK0101"

type Call = Callable[[AlphaEssClient], Awaitable[Any]]

OBJECTS: list[tuple[str, Call, str]] = [
    ("getLastPowerData", lambda c: c.last_power(SYSTEM_1), "ppv"),
    ("getOneDateEnergyBySn", lambda c: c.day_energy(SYSTEM_1, TODAY), "epv"),
    ("getSumDataForCustomer", lambda c: c.summary(SYSTEM_1), "epvtoday"),
    ("getChargeConfigInfo", lambda c: c.charge_config(SYSTEM_1), "batHighCap"),
    ("getDisChargeConfigInfo", lambda c: c.discharge_config(SYSTEM_1), "batUseCap"),
    ("getTimeChargeBySn", lambda c: c.periodic_config(SYSTEM_2), "chargeTimeList"),
    (
        "getEvChargerCurrentsBySn",
        lambda c: c.household_current(SYSTEM_1),
        "currentsetting",
    ),
    (
        "getEvChargerStatusBySn",
        lambda c: c.charger_status(SYSTEM_1, CHARGER),
        "evchargerStatus",
    ),
]
LISTS: list[tuple[str, Call]] = [
    ("getEssList", lambda c: c.systems()),
    ("getOneDayPowerBySn", lambda c: c.day_power(SYSTEM_1, TODAY)),
    ("getEvChargerConfigList", lambda c: c.chargers(SYSTEM_1)),
]
BLANKS = ['{"code":200,"msg":"Success"}', '{"code":200,"msg":"Success","data":null}']


@pytest.mark.parametrize(
    ("endpoint", "call", "key"), OBJECTS, ids=[row[0] for row in OBJECTS]
)
async def test_objects(
    client: AlphaEssClient,
    sim: AlphaEssSimulator,
    endpoint: str,
    call: Call,
    key: str,
) -> None:
    """Each reading is one GET; a list of one stands for the object."""
    answer = await call(client)
    assert key in answer
    [request] = sim.counters.requests("*")
    assert (request.method, request.endpoint) == ("GET", endpoint)
    sim.faults.add(
        "replace", endpoint, body='{"code":200,"msg":"","data":[{"a":1},{"a":2}]}'
    )
    assert await call(client) == {"a": 1}


@pytest.mark.parametrize("body", BLANKS)
@pytest.mark.parametrize(("endpoint", "call", "key"), OBJECTS)
async def test_blank_objects(
    client: AlphaEssClient,
    sim: AlphaEssSimulator,
    endpoint: str,
    call: Call,
    key: str,
    body: str,
) -> None:
    """Nothing is an object without fields."""
    sim.faults.add("replace", endpoint, body=body)
    assert await call(client) == {}


@pytest.mark.parametrize(("endpoint", "call"), LISTS)
async def test_lists(
    client: AlphaEssClient, sim: AlphaEssSimulator, endpoint: str, call: Call
) -> None:
    """A list is a list, also when a single object comes or nothing is in it."""
    assert all(isinstance(item, dict) for item in await call(client))
    for data, expected in (
        ('{"a":1}', [{"a": 1}]),
        ("[]", []),
        ('[null, 5, {"a":1}, "x"]', [{"a": 1}]),
    ):
        sim.faults.clear()
        sim.faults.add("replace", endpoint, body=f'{{"code":200,"data":{data}}}')
        assert await call(client) == expected
    assert {request.method for request in sim.counters.requests("*")} == {"GET"}


@pytest.mark.parametrize("body", BLANKS)
async def test_a_missing_list_of_systems_is_an_outage(
    client: AlphaEssClient, sim: AlphaEssSimulator, body: str
) -> None:
    """An account without systems says so; null must not remove all devices."""
    sim.faults.add("replace", "getEssList", body=body)
    with pytest.raises(BadDataError):
        await client.systems()


async def test_one_system_as_object(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """Seen in the vendor's own demo."""
    sim.list_as_object = True
    sim.accounts[APP_ID].bound = {SYSTEM_2}
    assert [item["sysSn"] for item in await client.systems()] == [SYSTEM_2]


async def test_data_that_does_not_exist_is_empty(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """6016 is an answer to a reading."""
    sim.faults.add("vendor_error", code=6016)
    assert await client.day_energy(SYSTEM_1, date(2020, 1, 1)) == {}
    assert await client.day_power(SYSTEM_1, date(2020, 1, 1)) == []
    assert sim.counters.count() == 2


async def test_the_days_are_asked_for_by_local_date(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """The date goes out as yyyy-MM-dd and comes back as theDate."""
    day = date(2026, 10, 25)
    assert (await client.day_energy(SYSTEM_1, day))["theDate"] == "2026-10-25"
    times = [item["uploadTime"] for item in await client.day_power(SYSTEM_1, day)]
    assert len(times) > 300  # a day of 25 hours with its neighbours' records
    assert sum(stamp.startswith("2026-10-25 ") for stamp in times) >= 300


async def test_success_of_a_write_is_200_or_201(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """The vendor's demo takes both."""
    for code in (200, 201, "200"):
        sim.faults.clear()
        sim.faults.add("replace", "bindSn", body=f'{{"code":{code},"msg":"x"}}')
        await client.bind(SYSTEM_1, "123456")


async def test_binding(
    client: AlphaEssClient, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """Unbind, have a code sent, bind; what is so already is no error."""
    await client.unbind(SYSTEM_1)
    assert sim.accounts[APP_ID].bound == {SYSTEM_2}
    await client.unbind(SYSTEM_1)
    assert await client.send_verification_code(SYSTEM_1, CHECK_CODE) is None
    code = sim.systems[SYSTEM_1].verification_code
    assert code
    await client.bind(SYSTEM_1, code)
    assert sim.accounts[APP_ID].bound == {SYSTEM_1, SYSTEM_2}
    await client.bind(SYSTEM_1, code)
    methods = {(r.endpoint, r.method) for r in sim.counters.requests("*")}
    assert methods == {
        ("unBindSn", "POST"),
        ("getVerificationCode", "GET"),
        ("bindSn", "POST"),
    }


async def test_the_code_may_be_in_the_answer(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """A string instead of null is the code."""
    sim.code_in_answer = True
    sim.accounts[APP_ID].bound.discard(SYSTEM_1)
    code = await client.send_verification_code(SYSTEM_1, CHECK_CODE)
    assert code == sim.systems[SYSTEM_1].verification_code


async def test_requests_keep_their_distance(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """All systems of an account share one gate: a request each second."""
    for _ in range(3):
        await client.last_power(SYSTEM_1)
        await client.last_power(SYSTEM_2)
    assert min(sim.counters.gaps()) >= 1


async def test_wrong_paths_are_no_outage(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """404 and 405 come of a wrong server or verb: trying again is no use."""
    for status in (404, 405):
        sim.faults.clear()
        sim.counters.reset()
        sim.faults.add(
            "replace",
            status=status,
            body=f'{{"timestamp":"x","status":{status},"error":"x","path":"/api"}}',
        )
        with pytest.raises(UnsupportedError):
            await client.last_power(SYSTEM_1)
        assert sim.counters.count() == 1
