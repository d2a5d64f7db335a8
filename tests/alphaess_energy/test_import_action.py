"""The action that brings past days into the statistics: what it takes and refuses."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator

from .conftest import CHARGER, SYSTEM_1, SYSTEM_2, set_up
from .devices import device_id
from .with_recorder import alphaess, mock_recorder_before_hass  # noqa: F401

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
def begin(hass: HomeAssistant) -> Call:
    """Call the action."""

    async def call(
        devices: Any,
        context: Context | None = None,
        *,
        response: bool = True,
        **days: Any,
    ) -> Any:
        return await hass.services.async_call(
            DOMAIN,
            "import_history",
            {"device_id": devices, **days},
            blocking=True,
            context=context,
            return_response=response,
        )

    return call


async def finished(hass: HomeAssistant) -> None:
    """Let the imports come to their end."""
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_import_begins(
    hass: HomeAssistant, sim: AlphaEssSimulator, device: Device, begin: Call
) -> None:
    """The answer names the job and how long it takes; days are read oldest first."""
    answer = await begin(device(SYSTEM_1), start="2026-05-09", end="2026-05-11")
    job = answer[device(SYSTEM_1)]
    assert job["job_id"]
    assert job["days"] == 3
    assert job["estimated_seconds"] > 0
    await finished(hass)
    assert sim.counters.count("getOneDateEnergyBySn", system=SYSTEM_1) >= 3
    assert sim.counters.count("getOneDayPowerBySn", system=SYSTEM_1) == 3
    assert sim.counters.count("getOneDayPowerBySn", system=SYSTEM_2) == 0


async def test_end_is_today_if_left_out(
    hass: HomeAssistant, device: Device, begin: Call
) -> None:
    """Up to now is what most people want."""
    answer = await begin(device(SYSTEM_1), start="2026-05-11")
    assert answer[device(SYSTEM_1)]["days"] == 2
    await finished(hass)


async def test_same_day_and_today(
    hass: HomeAssistant, device: Device, begin: Call
) -> None:
    """One day is a range too, even the one that is not over."""
    answer = await begin(device(SYSTEM_1), start="2026-05-12", end="2026-05-12")
    assert answer[device(SYSTEM_1)]["days"] == 1
    await finished(hass)


async def test_twice_is_one_job(
    hass: HomeAssistant, device: Device, begin: Call
) -> None:
    """The same range again while it runs is the same job, also by the charger."""
    days = {"start": "2026-05-09", "end": "2026-05-11"}
    answer = await begin([device(SYSTEM_1), device(CHARGER)], **days)
    jobs = {job["job_id"] for job in answer.values()}
    again = await begin(device(SYSTEM_1), **days)
    assert jobs == {again[device(SYSTEM_1)]["job_id"]}
    await finished(hass)


async def test_without_an_answer(
    hass: HomeAssistant, sim: AlphaEssSimulator, device: Device, begin: Call
) -> None:
    """Automations need not take the answer."""
    assert await begin(device(SYSTEM_1), start="2026-05-11", response=False) is None
    await finished(hass)
    assert sim.counters.count("getOneDayPowerBySn") > 0


@pytest.mark.parametrize(
    ("days", "key", "placeholders"),
    [
        (
            {"start": "2026-05-10", "end": "2026-05-09"},
            "wrong_range",
            {"days": "731"},
        ),
        (
            {"start": "2024-05-10", "end": "2026-05-12"},
            "wrong_range",
            {"days": "731"},
        ),
        ({"start": "2020-01-01"}, "wrong_range", {"days": "731"}),
        ({"start": "2026-05-13"}, "future_date", {"date": "2026-05-13"}),
        (
            {"start": "2026-05-10", "end": "2026-05-13"},
            "future_date",
            {"date": "2026-05-13"},
        ),
        (
            {"start": "2026-05-10", "end": "9999-12-31"},
            "future_date",
            {"date": "9999-12-31"},
        ),
    ],
)
async def test_wrong_range(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    device: Device,
    begin: Call,
    days: dict[str, str],
    key: str,
    placeholders: dict[str, str],
) -> None:
    """A range that makes no sense begins nothing."""
    with pytest.raises(ServiceValidationError) as raised:
        await begin(device(SYSTEM_1), **days)
    err = raised.value
    assert (err.translation_domain, err.translation_key) == (DOMAIN, key)
    assert err.translation_placeholders == placeholders
    await finished(hass)
    assert sim.counters.count() == 0


async def test_longest_range(
    hass: HomeAssistant, sim: AlphaEssSimulator, device: Device, begin: Call
) -> None:
    """Two years and a day are read at once, not one day more."""
    sim.faults.add("vendor_error", "getOne*", code=6042)  # so that it ends soon
    answer = await begin(device(SYSTEM_1), start="2024-05-12", end="2026-05-12")
    assert answer[device(SYSTEM_1)]["days"] == 731
    with pytest.raises(ServiceValidationError):
        await begin(device(SYSTEM_1), start="2024-05-11", end="2026-05-12")
    await finished(hass)


async def test_no_recorder(
    hass: HomeAssistant, sim: AlphaEssSimulator, device: Device, begin: Call
) -> None:
    """Without statistics there is nowhere to bring anything."""
    hass.config.components.remove("recorder")
    with pytest.raises(ServiceValidationError) as raised:
        await begin(device(SYSTEM_1), start="2026-05-10")
    assert raised.value.translation_key == "no_recorder"
    await finished(hass)
    assert sim.counters.count() == 0


async def test_account_is_no_system(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    device: Device,
    begin: Call,
) -> None:
    """One wrong device among right ones: nothing begins."""
    with pytest.raises(ServiceValidationError) as raised:
        await begin([device(SYSTEM_1), device(entry.entry_id)], start="2026-05-10")
    assert raised.value.translation_key == "wrong_device"
    await finished(hass)
    assert sim.counters.count() == 0


async def test_read_only_users_may_not(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    device: Device,
    begin: Call,
    hass_read_only_user: MockUser,
) -> None:
    """Somebody who may only look cannot fill the database."""
    with pytest.raises(Unauthorized):
        await begin(
            device(SYSTEM_1),
            Context(user_id=hass_read_only_user.id),
            start="2026-05-10",
        )
    await finished(hass)
    assert sim.counters.count() == 0


@pytest.mark.parametrize("field", ["start", "end"])
@pytest.mark.parametrize(
    "day",
    [
        None,
        float("nan"),
        1e308,
        -1,
        "",
        "last week",
        "2026-02-30",
        "0001-01-01",
        "9" * 10_000_000,
        [],
        {},
        datetime(2026, 5, 10, 1, 0),
    ],
    ids=lambda value: repr(value)[:20],
)
async def test_hostile_dates(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    device: Device,
    begin: Call,
    field: str,
    day: Any,
) -> None:
    """The schema refuses what is no day."""
    days = {"start": "2026-05-10", "end": "2026-05-11", field: day}
    with pytest.raises(probatio.Invalid):
        await begin(device(SYSTEM_1), **days)
    await finished(hass)
    assert sim.counters.count() == 0
