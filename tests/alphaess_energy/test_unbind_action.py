"""The action that takes a system out of the account: there is no easy way back."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import issue_registry as ir
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.alphaess_energy._vendor.core.ha.repairs import anonymous
from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import APP_ID, AlphaEssSimulator

from .conftest import CHARGER, SYSTEM_1, SYSTEM_2, Step, set_up
from .devices import device_id, find_device

type Call = Callable[..., Awaitable[None]]

LIST_INTERVAL = 15 * 60


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
def unbind(hass: HomeAssistant, entry: MockConfigEntry) -> Call:
    """Call the action."""

    async def call(identifier: str, serial: Any, **more: Any) -> None:
        await hass.services.async_call(
            DOMAIN,
            "unbind_system",
            {
                "device_id": device_id(hass, entry, identifier),
                "serial_number": serial,
            },
            blocking=True,
            **more,
        )

    return call


@pytest.mark.parametrize(
    "serial", [SYSTEM_2, CHARGER, SYSTEM_1.lower(), SYSTEM_1[:-1], "yes"]
)
async def test_wrong_serial_number(
    sim: AlphaEssSimulator, unbind: Call, serial: str
) -> None:
    """The serial number is the confirmation: without it nothing is sent."""
    with pytest.raises(ServiceValidationError) as raised:
        await unbind(SYSTEM_1, serial)
    assert raised.value.translation_key == "serial_mismatch"
    assert sim.counters.count() == 0
    assert sim.accounts[APP_ID].bound == {SYSTEM_1, SYSTEM_2}


@pytest.mark.parametrize("serial", [SYSTEM_1, f" {SYSTEM_1} "])
async def test_system_is_unbound(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    unbind: Call,
    step: Step,
    serial: str,
) -> None:
    """It is sent once; the devices go with the first list that lacks the system."""
    await unbind(SYSTEM_1, serial)
    assert [
        (request.endpoint, request.system) for request in sim.counters.requests("un*")
    ] == [("unBindSn", SYSTEM_1)]
    assert sim.accounts[APP_ID].bound == {SYSTEM_2}
    assert sim.counters.count("getEssList") == 1
    assert find_device(hass, entry, SYSTEM_1) is None
    assert find_device(hass, entry, CHARGER) is None
    assert find_device(hass, entry, SYSTEM_2)
    assert sim.counters.count("unBindSn") == 1
    sim.counters.reset()
    for _ in range(10):
        await step(60)
    assert sim.counters.count(system=SYSTEM_1) == 0
    assert sim.counters.count(system=SYSTEM_2) > 9


async def test_no_issue_about_what_was_wanted(
    hass: HomeAssistant, unbind: Call, step: Step
) -> None:
    """Nobody needs to be told that the system is gone that they took out."""
    await unbind(SYSTEM_1, SYSTEM_1)
    for _ in range(2 * LIST_INTERVAL // 60):
        await step(60)
        assert list(ir.async_get(hass).issues) == []


async def test_issue_goes_with_its_system(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
) -> None:
    """Unbound in the portal: that is told until the system is gone from the list."""
    sim.accounts[APP_ID].bound.discard(SYSTEM_1)
    await step(61)
    assert [key for _, key in ir.async_get(hass).issues] == [
        f"not_bound_{entry.entry_id}_{anonymous(SYSTEM_1)}"
    ]
    for _ in range(2 * LIST_INTERVAL // 60 + 1):
        await step(60)
    assert find_device(hass, entry, SYSTEM_1) is None
    assert list(ir.async_get(hass).issues) == []


async def test_charger_stands_for_its_system(
    sim: AlphaEssSimulator, unbind: Call
) -> None:
    """By the charger's device its system is meant, and confirmed with its number."""
    with pytest.raises(ServiceValidationError):
        await unbind(CHARGER, CHARGER)
    assert sim.counters.count() == 0
    await unbind(CHARGER, SYSTEM_1)
    assert sim.accounts[APP_ID].bound == {SYSTEM_2}


async def test_account_is_no_system(
    sim: AlphaEssSimulator, entry: MockConfigEntry, unbind: Call
) -> None:
    """The account itself cannot be unbound."""
    with pytest.raises(ServiceValidationError) as raised:
        await unbind(entry.entry_id, SYSTEM_1)
    assert raised.value.translation_key == "wrong_device"
    assert sim.counters.count() == 0


async def test_unbound_elsewhere(sim: AlphaEssSimulator, unbind: Call) -> None:
    """A system that is not bound any more: that is what was wanted."""
    sim.accounts[APP_ID].bound.discard(SYSTEM_1)
    await unbind(SYSTEM_1, SYSTEM_1)
    assert [request.code for request in sim.counters.requests("unBindSn")] == [6005]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("lost", {}),
        ("reset", {}),
        ("html", {}),
        ("status", {"status": 502}),
        ("vendor_error", {"code": 6026}),
    ],
)
async def test_lost_answer(
    sim: AlphaEssSimulator, unbind: Call, kind: str, options: dict[str, Any]
) -> None:
    """Whether it worked is not known: it is said so, and never sent again."""
    sim.faults.add(kind, "unBindSn", **options)
    with pytest.raises(HomeAssistantError) as raised:
        await unbind(SYSTEM_1, SYSTEM_1)
    err = raised.value
    assert not isinstance(err, ServiceValidationError)
    assert (err.translation_domain, err.translation_key) == (DOMAIN, "write_unknown")
    assert sim.counters.count("unBindSn") == 1


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (6007, "invalid_auth"),
        (6017, "no_permission"),
        (6029, "write_rejected"),
        (6053, "throttled"),
        (10001, "write_rejected"),
    ],
)
async def test_vendor_refuses(
    sim: AlphaEssSimulator, unbind: Call, code: int, key: str
) -> None:
    """A refusal is told with the vendor's code, and not tried again."""
    sim.faults.add("vendor_error", "unBindSn", code=code)
    with pytest.raises(HomeAssistantError) as raised:
        await unbind(SYSTEM_1, SYSTEM_1)
    assert raised.value.translation_key == key
    assert str(code) in raised.value.translation_placeholders["detail"]  # type: ignore[index]
    assert sim.counters.count("unBindSn") == 1
    assert sim.accounts[APP_ID].bound == {SYSTEM_1, SYSTEM_2}


async def test_vendor_is_down(sim: AlphaEssSimulator, unbind: Call) -> None:
    """Without a connection nothing was sent, and it is said so."""
    await sim.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await unbind(SYSTEM_1, SYSTEM_1)
    assert raised.value.translation_key == "cannot_connect"


async def test_administrators_only(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    unbind: Call,
    hass_read_only_user: MockUser,
    hass_admin_user: MockUser,
) -> None:
    """Neither a guest nor the family can take a system out of the account."""
    group = await hass.auth.async_get_group(GROUP_ID_USER)
    family = MockUser(groups=[group]).add_to_hass(hass)
    for user in (hass_read_only_user, family):
        with pytest.raises(Unauthorized):
            await unbind(SYSTEM_1, SYSTEM_1, context=Context(user_id=user.id))
    assert sim.counters.count() == 0
    await unbind(SYSTEM_1, SYSTEM_1, context=Context(user_id=hass_admin_user.id))
    assert sim.counters.count("unBindSn") == 1


@pytest.mark.parametrize(
    "serial",
    [None, "", [], {}, [SYSTEM_1], {"serial": SYSTEM_1}, "9" * 10_000_000],
    ids=lambda value: repr(value)[:20],
)
async def test_hostile_serial_numbers(
    sim: AlphaEssSimulator, unbind: Call, serial: Any
) -> None:
    """The schema refuses what is no serial number."""
    with pytest.raises(probatio.Invalid):
        await unbind(SYSTEM_1, serial)
    assert sim.counters.count() == 0


async def test_one_system_at_a_time(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """A list of devices is refused."""
    with pytest.raises(probatio.Invalid):
        await hass.services.async_call(
            DOMAIN,
            "unbind_system",
            {
                "device_id": [device_id(hass, entry, SYSTEM_1)],
                "serial_number": SYSTEM_1,
            },
            blocking=True,
        )
    assert sim.counters.count() == 0
