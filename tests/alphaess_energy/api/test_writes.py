"""Changes of settings: body, number and errors (alphaess.md 3.6 to 3.17, 4 and 5)."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from aiohttp import web
import pytest

from custom_components.alphaess_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.alphaess_energy._vendor.core.client.message import Request
from custom_components.alphaess_energy.api.client import AlphaEssClient
from simulator.alphaess import APP_ID, AlphaEssSimulator
from tests.core.fake_clock import FakeClock

from .conftest import CHARGER, SYSTEM_1, SYSTEM_2

# The bodies of the reference without their serial
CHARGE: dict[str, Any] = {
    "batHighCap": 90,
    "gridCharge": 1,
    "timeChaf1": "01:00",
    "timeChae1": "05:00",
    "timeChaf2": "00:00",
    "timeChae2": "00:00",
}
DISCHARGE: dict[str, Any] = {
    "batUseCap": 10,
    "ctrDis": 1,
    "timeDisf1": "17:00",
    "timeDise1": "21:00",
    "timeDisf2": "00:00",
    "timeDise2": "00:00",
}
PERIODIC: dict[str, Any] = {
    "executeCycleType": 1,
    "gridChargeCycle": 1,
    "ctrDisCycle": 0,
    "chargeTimeList": [
        {
            "beginTime": "02:00",
            "endTime": "05:00",
            "weeks": [1, 2, 3, 4, 5, 6, 7],
            "chargePower": 5000,
            "chargeLimit": 90,
        }
    ],
    "dischargeTimeList": [
        {
            "beginTime": "17:00",
            "endTime": "21:30",
            "weeks": [1, 2, 3, 4, 5, 6, 7],
            "chargePower": 5000,
            "chargeLimit": 15,
        }
    ],
}


class Case(NamedTuple):
    """One kind of write, and what has to be sent for it."""

    part: str
    serial: str
    endpoint: str
    send: Callable[[AlphaEssClient], Awaitable[None]]
    body: dict[str, Any]


CASES = [
    Case(
        "charge",
        SYSTEM_1,
        "updateChargeConfigInfo",
        lambda c: c.set_charge_config(SYSTEM_1, CHARGE),
        CHARGE,
    ),
    Case(
        "discharge",
        SYSTEM_1,
        "updateDisChargeConfigInfo",
        lambda c: c.set_discharge_config(SYSTEM_1, DISCHARGE),
        DISCHARGE,
    ),
    Case(
        "periodic",
        SYSTEM_2,
        "setTimeChargeBySn",
        lambda c: c.set_periodic_config(SYSTEM_2, PERIODIC),
        PERIODIC,
    ),
    Case(
        "household",
        SYSTEM_1,
        "setEvChargerCurrentsBySn",
        lambda c: c.set_household_current(SYSTEM_1, 25),
        {"currentsetting": 25},
    ),
    Case(
        "charger",
        SYSTEM_1,
        "remoteControlEvCharger",
        lambda c: c.control_charger(SYSTEM_1, CHARGER, start=False),
        {"evchargerSn": CHARGER, "controlMode": 0},
    ),
]


@pytest.fixture(params=CASES, ids=lambda case: case.part)
def case(request: pytest.FixtureRequest, sim: AlphaEssSimulator) -> Case:
    """Each kind of write; the car is charging."""
    sim.houses[SYSTEM_1].override(ev_plugged=True)
    case: Case = request.param
    return case


@pytest.fixture
def bodies(sim: AlphaEssSimulator, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What comes in as the bodies of POSTs."""
    seen: list[Any] = []
    identify = sim.identify

    async def spy(request: web.Request) -> tuple[str, str | None]:
        if request.method == "POST":
            seen.append(await request.json())
        return await identify(request)

    monkeypatch.setattr(sim, "identify", spy)
    return seen


async def effects(sim: AlphaEssSimulator, clock: FakeClock) -> list[str]:
    """Return what was changed, also with the delay of the wallbox."""
    await clock.sleep(20)
    return [effect.part for system in sim.systems.values() for effect in system.effects]


async def test_one_post_with_the_body_of_the_reference(
    client: AlphaEssClient,
    sim: AlphaEssSimulator,
    clock: FakeClock,
    bodies: list[Any],
    case: Case,
) -> None:
    """The serial is added, nothing else; the types are those of JSON's numbers."""
    await case.send(client)
    assert bodies == [{"sysSn": case.serial} | case.body]
    assert all(type(value) is not bool for value in bodies[0].values())
    [request] = sim.counters.requests("*")
    assert (request.method, request.endpoint) == ("POST", case.endpoint)
    assert await effects(sim, clock) == [case.part]


async def test_start_and_stop(
    client: AlphaEssClient, sim: AlphaEssSimulator, bodies: list[Any]
) -> None:
    """1 starts, 0 stops."""
    await client.control_charger(SYSTEM_1, CHARGER, start=True)
    await client.control_charger(SYSTEM_1, CHARGER, start=False)
    assert [body["controlMode"] for body in bodies] == [1, 0]


async def test_a_store_may_be_written_as_it_was_read(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """Nothing changes by it; the serial that the periodic store tells is no harm."""
    await client.set_charge_config(SYSTEM_1, await client.charge_config(SYSTEM_1))
    config = await client.discharge_config(SYSTEM_1)
    await client.set_discharge_config(SYSTEM_1, config)
    config = await client.periodic_config(SYSTEM_2)
    assert config["sysSn"] == SYSTEM_2
    await client.set_periodic_config(SYSTEM_2, config)
    for serial, writes in ((SYSTEM_1, 2), (SYSTEM_2, 1)):
        assert len(sim.systems[serial].writes) == writes
        assert not sim.systems[serial].effects


async def test_the_serial_is_the_one_that_was_asked_for(
    client: AlphaEssClient, bodies: list[Any]
) -> None:
    """Whatever a document says: nothing is written to another system."""
    await client.set_charge_config(SYSTEM_1, CHARGE | {"sysSn": SYSTEM_2})
    assert [body["sysSn"] for body in bodies] == [SYSTEM_1]


@pytest.mark.parametrize("code", [200, 201])
async def test_success(
    client: AlphaEssClient, sim: AlphaEssSimulator, case: Case, code: int
) -> None:
    """The vendor's demo takes both."""
    sim.faults.add("replace", body=f'{{"code":{code},"msg":"x"}}')
    await case.send(client)
    assert sim.counters.count() == 1


async def test_a_lost_answer_is_never_sent_again(
    client: AlphaEssClient, sim: AlphaEssSimulator, clock: FakeClock, case: Case
) -> None:
    """It took effect, once, and nobody here can know."""
    sim.faults.add("lost")
    with pytest.raises(WriteUnknown):
        await case.send(client)
    assert sim.counters.count() == 1
    assert await effects(sim, clock) == [case.part]


async def test_a_lost_request_is_never_sent_again(
    client: AlphaEssClient, sim: AlphaEssSimulator, clock: FakeClock, case: Case
) -> None:
    """It looks the same from here."""
    sim.faults.add("reset")
    with pytest.raises(WriteUnknown):
        await case.send(client)
    assert sim.counters.count() == 1
    assert await effects(sim, clock) == []


async def test_without_a_connection_nothing_was_sent(
    client: AlphaEssClient, sim: AlphaEssSimulator, case: Case
) -> None:
    """That is known, so it is another error."""
    await sim.stop()
    with pytest.raises(TransportError) as caught:
        await case.send(client)
    assert caught.value.reason == "refused"


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        (6001, WriteRejected, None),
        (6002, NotPermittedError, "not_registered"),
        (6003, WriteRejected, None),
        (6005, NotPermittedError, "not_bound"),
        (6006, NotPermittedError, "clock_skew"),
        (6007, AuthError, None),
        (6008, WriteRejected, None),
        (6009, NotPermittedError, "ip_whitelist"),
        (6010, AuthError, None),
        (6011, WriteRejected, None),
        (6012, AuthError, None),
        (6016, WriteRejected, None),
        (6017, UnsupportedError, "no_permission"),
        (6026, WriteUnknown, "vendor_busy"),
        (6029, WriteRejected, None),
        (6038, NotPermittedError, "unknown_serial"),
        (6042, MaintenanceError, "device_offline"),
        (6053, ThrottledError, None),
        (10001, WriteRejected, None),
        (7777, WriteRejected, None),
    ],
)
async def test_codes(
    client: AlphaEssClient,
    sim: AlphaEssSimulator,
    case: Case,
    code: int,
    kind: type[ApiError],
    reason: str | None,
) -> None:
    """Each code has one class and carries the vendor's number; sent once."""
    sim.faults.add("vendor_error", code=code)
    with pytest.raises(ApiError) as caught:
        await case.send(client)
    assert (type(caught.value), caught.value.reason) == (kind, reason)
    assert caught.value.code == str(code)
    assert sim.counters.count() == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 500}, WriteUnknown),
        ({"kind": "status", "status": 502}, WriteUnknown),
        ({"kind": "status", "status": 503, "retry_after": 9}, WriteUnknown),
        ({"kind": "status", "status": 401}, AuthError),
        ({"kind": "status", "status": 404}, UnsupportedError),
        ({"kind": "status", "status": 429}, ThrottledError),
        ({"kind": "redirect"}, WriteUnknown),
        ({"kind": "html"}, WriteUnknown),
        ({"kind": "replace", "body": "{}"}, WriteUnknown),
        ({"kind": "replace", "body": '{"code":null}'}, WriteUnknown),
    ],
    ids=str,
)
async def test_answers_of_others(
    client: AlphaEssClient,
    sim: AlphaEssSimulator,
    case: Case,
    fault: dict[str, Any],
    kind: type[ApiError],
) -> None:
    """A gateway's trouble after the request tells nothing about the change."""
    sim.faults.add(**fault)
    with pytest.raises(ApiError) as caught:
        await case.send(client)
    assert type(caught.value) is kind
    assert sim.counters.count() == 1


async def test_too_soon_after_the_last_write_of_its_kind(
    client: AlphaEssClient, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """6053 on a write is its caller's business; reads go on at their pace."""
    await client.set_charge_config(SYSTEM_1, CHARGE)
    with pytest.raises(ThrottledError) as caught:
        await client.set_charge_config(SYSTEM_1, CHARGE)
    assert (caught.value.code, caught.value.retry_after) == ("6053", None)
    await client.charge_config(SYSTEM_1)
    await client.set_discharge_config(SYSTEM_1, DISCHARGE)
    assert sim.counters.gaps() == [pytest.approx(1, abs=0.1)] * 3
    await clock.sleep(30)
    await client.set_charge_config(SYSTEM_1, CHARGE)
    assert sim.counters.count("updateChargeConfigInfo") == 3


async def test_a_read_that_is_too_fast_still_slows_everything_down(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """After it a write waits its 10 s too."""
    sim.faults.add("vendor_error", count=1, code=6053)
    await client.charge_config(SYSTEM_1)
    await client.set_charge_config(SYSTEM_1, CHARGE)
    assert sim.counters.gaps() == [pytest.approx(10, abs=0.1)] * 2


async def test_what_the_server_really_says(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """The refusals that people meet, and nothing is stored by any of them."""
    sim.write_gap = 0
    system_1, system_2 = sim.systems[SYSTEM_1], sim.systems[SYSTEM_2]
    without = {key: value for key, value in CHARGE.items() if key != "batHighCap"}

    async def refused(awaitable: Awaitable[None]) -> tuple[type[ApiError], str | None]:
        with pytest.raises(ApiError) as caught:
            await awaitable
        return type(caught.value), caught.value.code

    charge = client.set_charge_config
    assert await refused(charge(SYSTEM_1, without)) == (WriteRejected, "10001")
    wrong = CHARGE | {"batHighCap": 101}
    assert await refused(charge(SYSTEM_1, wrong)) == (WriteRejected, "6001")
    system_1.house.override(grid=False)
    assert await refused(charge(SYSTEM_1, CHARGE)) == (WriteRejected, "6008")
    system_1.house.override(grid=True)
    system_1.online = False
    assert await refused(charge(SYSTEM_1, CHARGE)) == (MaintenanceError, "6042")
    sim.accounts[APP_ID].bound.remove(SYSTEM_1)
    assert await refused(charge(SYSTEM_1, CHARGE)) == (NotPermittedError, "6005")

    periodic = client.set_periodic_config
    empty = PERIODIC | {"chargeTimeList": []}
    assert await refused(periodic(SYSTEM_2, empty)) == (WriteRejected, "6001")
    overlap = PERIODIC | {"dischargeTimeList": PERIODIC["chargeTimeList"]}
    assert await refused(periodic(SYSTEM_2, overlap)) == (WriteRejected, "6008")
    system_2.periodic_write = False
    assert await refused(periodic(SYSTEM_2, PERIODIC)) == (UnsupportedError, "6017")
    assert system_1.writes == system_2.writes == []


async def test_the_text_of_a_refusal(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """``expMsg`` names the parameter; serials are taken out."""
    text = f"{SYSTEM_1} said no"
    sim.faults.add(
        "replace", body=f'{{"code":6008,"msg":"{text}","expMsg":"timeChaf1"}}'
    )
    with pytest.raises(WriteRejected, match="said no timeChaf1") as caught:
        await client.set_charge_config(SYSTEM_1, CHARGE)
    assert SYSTEM_1 not in str(caught.value)


async def test_a_write_is_waited_for_longer(
    client: AlphaEssClient, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    """20 to 30 s are usual with this vendor (section 4)."""
    requests: list[Request] = []

    async def spy(build: Callable[[], Request], _decode: object) -> None:
        requests.append(build())

    monkeypatch.setattr(client._http, "write", spy)
    await case.send(client)
    assert [request.timeout for request in requests] == [30.0]
