"""The action that reads, and who may call it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import aiohttp
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator

from ..simulator.alphaess_client import Client
from .conftest import CHARGER, SYSTEM_1, SYSTEM_2, set_up
from .devices import device_id

DAY = "2026-05-11"
TODAY = "2026-05-12"

type Device = Callable[[str], str]
type Call = Callable[..., Awaitable[Any]]


@pytest.fixture
def homes() -> int:
    """Two systems, the first one with an EV charger."""
    return 2


@pytest.fixture(autouse=True)
async def loaded(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """The account, with nothing counted yet."""
    await set_up(hass, entry)
    sim.counters.reset()


@pytest.fixture
def device(hass: HomeAssistant, entry: MockConfigEntry) -> Device:
    """Find the id of a device by its serial number."""
    return partial(device_id, hass, entry)


@pytest.fixture
def read(hass: HomeAssistant) -> Call:
    """Call the action."""

    async def call(devices: Any, day: Any = DAY, **more: Any) -> Any:
        return await hass.services.async_call(
            DOMAIN,
            "read_history",
            {"device_id": devices, "date": day},
            blocking=True,
            return_response=True,
            **more,
        )

    return call


async def truth(sim: AlphaEssSimulator, serial: str, day: str) -> dict[str, Any]:
    """Ask the vendor without the integration."""
    async with aiohttp.ClientSession() as session:
        client = Client(sim, session)
        power = await client.get("getOneDayPowerBySn", sysSn=serial, queryDate=day)
        energy = await client.get("getOneDateEnergyBySn", sysSn=serial, queryDate=day)
    return {"power": power.data, "energy": energy.data}


@pytest.mark.parametrize("day", [DAY, TODAY])
async def test_raw_records(
    sim: AlphaEssSimulator, device: Device, read: Call, day: str
) -> None:
    """A day is answered as the vendor sends it, in its order, with its doubles."""
    answer = await read(device(SYSTEM_1), day)
    requests = sim.counters.requests()
    assert [(r.endpoint, r.system) for r in requests] == [
        ("getOneDayPowerBySn", SYSTEM_1),
        ("getOneDateEnergyBySn", SYSTEM_1),
    ]
    expected = await truth(sim, SYSTEM_1, day)
    assert answer == {device(SYSTEM_1): expected}
    assert len(expected["power"]) > 100
    assert expected["energy"]["theDate"] == day


async def test_day_before_the_installation(device: Device, read: Call) -> None:
    """A day without records is an answer, not an error."""
    system = device(SYSTEM_1)
    answer = await read(system, "2020-01-01")
    assert answer[system]["power"] == []
    assert answer[system]["energy"]["epv"] == 0


async def test_two_systems(sim: AlphaEssSimulator, device: Device, read: Call) -> None:
    """Each device has its own answer."""
    answer = await read([device(SYSTEM_1), device(SYSTEM_2)])
    assert answer == {
        device(SYSTEM_1): await truth(sim, SYSTEM_1, DAY),
        device(SYSTEM_2): await truth(sim, SYSTEM_2, DAY),
    }


async def test_charger_stands_for_its_system(
    sim: AlphaEssSimulator, device: Device, read: Call
) -> None:
    """Records belong to systems; that of its charger is meant by the charger."""
    answer = await read(device(CHARGER))
    assert answer == {device(CHARGER): await truth(sim, SYSTEM_1, DAY)}


async def test_system_and_its_charger_are_read_once(
    sim: AlphaEssSimulator, device: Device, read: Call
) -> None:
    """Two devices that mean the same system get one answer."""
    answer = await read([device(SYSTEM_1), device(CHARGER)])
    assert answer[device(SYSTEM_1)] == answer[device(CHARGER)]
    assert sim.counters.count() == 2


async def refused(call: Awaitable[Any]) -> ServiceValidationError:
    """Return the validation error that a call ends with."""
    with pytest.raises(ServiceValidationError) as raised:
        await call
    return raised.value


async def test_account_is_no_system(
    sim: AlphaEssSimulator, entry: MockConfigEntry, device: Device, read: Call
) -> None:
    """One wrong device among right ones: nothing is sent."""
    err = await refused(read([device(SYSTEM_1), device(entry.entry_id)]))
    assert (err.translation_domain, err.translation_key) == (DOMAIN, "wrong_device")
    assert err.translation_placeholders == {"device": "AlphaCloud account"}
    assert sim.counters.count() == 0


async def test_unknown_device(sim: AlphaEssSimulator, read: Call) -> None:
    """A device that was deleted is told by Home Assistant's own text."""
    err = await refused(read("0123456789abcdef0123456789abcdef"))
    assert err.translation_key == "service_device_not_found"
    assert sim.counters.count() == 0


async def test_device_of_another_integration(
    hass: HomeAssistant, sim: AlphaEssSimulator, read: Call
) -> None:
    """Other integrations' devices are not ours."""
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    stranger = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", SYSTEM_1)}
    )
    err = await refused(read(stranger.id))
    assert err.translation_key == "service_device_wrong_domain"
    assert sim.counters.count() == 0


async def test_entry_is_not_loaded(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    device: Device,
    read: Call,
) -> None:
    """The action exists without its entry, and says that it is not loaded."""
    system = device(SYSTEM_1)
    await hass.config_entries.async_unload(entry.entry_id)
    err = await refused(read(system))
    assert err.translation_key == "service_config_entry_not_loaded"
    assert sim.counters.count() == 0


async def test_future(sim: AlphaEssSimulator, device: Device, read: Call) -> None:
    """Tomorrow has no records; today is that of the system's zone."""
    err = await refused(read(device(SYSTEM_1), "2026-05-13"))
    assert (err.translation_domain, err.translation_key) == (DOMAIN, "future_date")
    assert err.translation_placeholders == {"date": "2026-05-13"}
    assert sim.counters.count() == 0


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (6005, "not_bound"),
        (6007, "invalid_auth"),
        (6017, "no_permission"),
        (6026, "vendor_busy"),
        (6042, "device_offline"),
        (6053, "throttled"),
        (6001, "bad_data"),
    ],
)
async def test_vendor_refuses(
    sim: AlphaEssSimulator, device: Device, read: Call, code: int, key: str
) -> None:
    """What the vendor says comes in the user's language, with the code."""
    sim.faults.add("vendor_error", "getOneDayPowerBySn", code=code)
    with pytest.raises(HomeAssistantError) as raised:
        await read(device(SYSTEM_1))
    err = raised.value
    assert not isinstance(err, ServiceValidationError)
    assert (err.translation_domain, err.translation_key) == (DOMAIN, key)
    assert str(code) in err.translation_placeholders["detail"]  # type: ignore[index]


async def test_one_of_two_fails(
    sim: AlphaEssSimulator, device: Device, read: Call
) -> None:
    """The other one is read all the same, and the error says which is which."""
    sim.systems[SYSTEM_1].online = False
    sim.faults.add("vendor_error", "getOneDayPowerBySn", system=SYSTEM_1, code=6042)
    with pytest.raises(HomeAssistantError) as raised:
        await read([device(SYSTEM_1), device(SYSTEM_2)])
    err = raised.value
    assert (err.translation_domain, err.translation_key) == (DOMAIN, "some_failed")
    assert err.translation_placeholders is not None
    failed = err.translation_placeholders["failed"]
    assert failed.startswith("AlphaESS SMILE5-INV 0101: The system is offline.")
    assert err.translation_placeholders["done"] == "AlphaESS SMILE-G3-T10-INV 0202"
    assert sim.counters.count("getOneDateEnergyBySn", system=SYSTEM_2) == 1


async def test_both_fail(sim: AlphaEssSimulator, device: Device, read: Call) -> None:
    """With none done it says so."""
    sim.faults.add("vendor_error", "getOneDayPowerBySn", code=6042)
    with pytest.raises(HomeAssistantError) as raised:
        await read([device(SYSTEM_1), device(SYSTEM_2)])
    placeholders = raised.value.translation_placeholders
    assert placeholders is not None
    assert "0101" in placeholders["failed"]
    assert "0202" in placeholders["failed"]
    assert placeholders["done"] == "-"


async def test_names_are_the_users(
    hass: HomeAssistant, sim: AlphaEssSimulator, device: Device, read: Call
) -> None:
    """A device that was renamed is called by its new name."""
    dr.async_get(hass).async_update_device(device(SYSTEM_2), name_by_user="Barn")
    sim.faults.add("vendor_error", "getOneDayPowerBySn", system=SYSTEM_2, code=6042)
    with pytest.raises(HomeAssistantError) as raised:
        await read([device(SYSTEM_1), device(SYSTEM_2)])
    assert raised.value.translation_placeholders["failed"].startswith("Barn: ")  # type: ignore[index]


async def test_read_only_users_may_not(
    sim: AlphaEssSimulator, device: Device, read: Call, hass_read_only_user: MockUser
) -> None:
    """Somebody who may only look cannot use up the account's requests."""
    with pytest.raises(Unauthorized):
        await read(device(SYSTEM_1), context=Context(user_id=hass_read_only_user.id))
    assert sim.counters.count() == 0


async def test_users_may(device: Device, read: Call, hass_admin_user: MockUser) -> None:
    """Whoever may control the entities may read."""
    answer = await read(device(SYSTEM_1), context=Context(user_id=hass_admin_user.id))
    assert answer[device(SYSTEM_1)]["power"]


@pytest.mark.parametrize(
    "day",
    [
        None,
        float("nan"),
        float("inf"),
        1e308,
        -1,
        True,
        "",
        "yesterday",
        "2026-13-01",
        "2026-02-30",
        "0001-01-01",
        "20260511",
        "2026-05-11'; DROP TABLE",
        "😀",
        "9" * 10_000_000,
        ["2026-05-11"],
        {"day": "2026-05-11"},
        date(1, 1, 1),
        datetime(2026, 5, 11, 10, 0),
    ],
    ids=lambda value: repr(value)[:20],
)
async def test_hostile_dates(
    sim: AlphaEssSimulator, device: Device, read: Call, day: Any
) -> None:
    """The schema refuses what is no day."""
    with pytest.raises(probatio.Invalid):
        await read(device(SYSTEM_1), day)
    assert sim.counters.count() == 0


@pytest.mark.parametrize(
    "devices",
    [None, [], {}, {"id": 1}, [None], [["x"]], "x" * 10_000_000, ["x"] * 10_000],
    ids=lambda value: repr(value)[:20],
)
async def test_hostile_devices(
    sim: AlphaEssSimulator, read: Call, devices: Any
) -> None:
    """The schema refuses what is no list of devices."""
    with pytest.raises(probatio.Invalid):
        await read(devices)
    assert sim.counters.count() == 0


async def test_unknown_fields(
    hass: HomeAssistant, sim: AlphaEssSimulator, device: Device
) -> None:
    """A mistyped field is not left out silently."""
    with pytest.raises(probatio.Invalid):
        await hass.services.async_call(
            DOMAIN,
            "read_history",
            {"device_id": device(SYSTEM_1), "date": DAY, "days": 3},
            blocking=True,
            return_response=True,
        )
    assert sim.counters.count() == 0
