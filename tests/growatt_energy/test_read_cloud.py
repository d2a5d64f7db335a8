"""The action that asks the cloud for more than readings, and what it refuses."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.cloud import What
from custom_components.growatt_energy.const import DOMAIN
from simulator.growatt import GrowattSimulator

from .conftest import MIN, SPH, Step, set_up
from .platforms import only

DAY = "2026-05-11"

type Call = Callable[..., Awaitable[Any]]


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a MIN if the test names no other."""
    return (getattr(request, "param", "MIN"),)


@pytest.fixture(autouse=True)
async def loaded(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """The account without entities, with nothing counted yet."""
    with only():
        await set_up(hass, entry)
    sim.counters.reset()


def device_id(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> str:
    """Return the id of a device by its serial, of the plant by ``plant``."""
    if key == "plant":
        key = next(iter(entry.runtime_data.plants.values())).key
    found = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, key), entry.entry_id
    )
    assert found is not None
    return found.id


@pytest.fixture
def ask(hass: HomeAssistant, entry: MockConfigEntry) -> Call:
    """Ask the cloud about a device, by its serial."""

    async def call(key: str, **data: Any) -> Any:
        device = device_id(hass, entry, key)
        answer = await hass.services.async_call(
            DOMAIN,
            "read_cloud",
            {"device_id": device, "date": DAY, **data},
            blocking=True,
            return_response=True,
        )
        return answer[device]

    return call


@pytest.mark.parametrize("mode", ["login"])
@pytest.mark.parametrize(
    ("homes", "key", "what", "endpoint"),
    [
        ("MIN", "plant", "plant_detail", "PlantDetailAPI.do"),
        ("MIN", MIN, "plant_detail", "PlantDetailAPI.do"),
        ("MIN", MIN, "tlx_data", "newTlxApi.do/getTlxData"),
        ("SPA", "INV0A5600B", "inverter_data", "newInverterAPI.do/getInverterData"),
        ("SPH", "plant", "mix_detail", "newMixApi.do/getEnergyProdAndCons_KW"),
        ("SPH", SPH, "dashboard_data", "newPlantAPI.do/getEnergyStorageData"),
        (
            "STORAGE",
            "KHM0A12345",
            "storage_params",
            "newStorageAPI.do/getStorageParams_sacolar",
        ),
        ("MIN", "plant", "plant_settings", "newPlantAPI.do/getPlant"),
    ],
    indirect=["homes"],
)
async def test_every_question_with_a_login(
    sim: GrowattSimulator, ask: Call, key: str, what: str, endpoint: str
) -> None:
    """Each has its request, made once; the answer is the cloud's."""
    first = await ask(key, what=what)
    assert first["what"] == what
    assert first["data"]
    assert await ask(key, what=what) == first
    assert sim.counters.count(endpoint) == 1


@pytest.mark.parametrize(
    ("homes", "key", "what", "part"),
    [
        ("MIN", "plant", "plant_detail", "powers"),
        ("MIN", MIN, "tlx_data", "records"),
        ("SPA", "INV0A5600B", "inverter_data", "records"),
        ("STORAGE", "KHM0A12345", "storage_params", "details"),
        ("MIN", "plant", "plant_settings", "timezone"),
    ],
    indirect=["homes"],
)
async def test_counterparts_of_the_token(
    sim: GrowattSimulator, ask: Call, step: Step, key: str, what: str, part: str
) -> None:
    """The official API answers what it knows, within its limits."""
    await step(900)  # the plant is read
    await step(310)  # and may be read again
    answer = await ask(key, what=what)
    assert answer["data"][part]
    assert sim.limits.broken == 0


@pytest.mark.parametrize("timespan", ["day", "month"])
async def test_production_by_day_and_month(ask: Call, timespan: str) -> None:
    """A week of days up to the date, or the months of its year."""
    answer = await ask("plant", what="plant_detail", timespan=timespan)
    assert answer["data"]["time_unit"] == timespan
    assert (
        answer["data"]["energys"][-1]["date"] == DAY[: 10 if timespan == "day" else 7]
    )


@pytest.mark.parametrize("mode", ["login"])
async def test_an_answer_holds_for_290_seconds(
    sim: GrowattSimulator, ask: Call, step: Step
) -> None:
    """Then, and for another day or span, the cloud is asked anew."""
    count = partial(sim.counters.count, "PlantDetailAPI.do")
    await ask("plant", what="plant_detail")
    await step(200)
    await ask("plant", what="plant_detail")
    assert count() == 1
    await ask("plant", what="plant_detail", timespan="day")
    await ask("plant", what="plant_detail", date="2026-05-10")
    assert count() == 3
    await step(100)
    await ask("plant", what="plant_detail")
    assert count() == 4


@pytest.mark.parametrize(
    ("homes", "key", "data", "error"),
    [
        ("SPH", SPH, {"what": "mix_detail"}, "app_only"),
        ("SPH", "plant", {"what": "dashboard_data"}, "app_only"),
        ("SPH", SPH, {"what": "tlx_data"}, "wrong_family"),
        ("SPH", "plant", {"what": "storage_params"}, "choose_device"),
        ("MIN", MIN, {"what": "tlx_data", "date": "2026-05-13"}, "future_date"),
    ],
    indirect=["homes"],
)
async def test_refusals(
    sim: GrowattSimulator, ask: Call, key: str, data: dict[str, str], error: str
) -> None:
    """They say why, and nothing is asked."""
    with pytest.raises(ServiceValidationError) as refused:
        await ask(key, **data)
    assert refused.value.translation_key == error
    assert sim.counters.count() == 0


@pytest.mark.parametrize("mode", ["login"])
async def test_an_answer_that_does_not_come(sim: GrowattSimulator, ask: Call) -> None:
    """The error is the action's, and the next call asks again."""
    sim.faults.add("status", "PlantDetailAPI.do", status=503)
    with pytest.raises(HomeAssistantError):
        await ask("plant", what="plant_detail")
    sim.faults.clear()
    assert (await ask("plant", what="plant_detail"))["data"]


@pytest.mark.parametrize(
    "data", [{}, {"what": "password"}, {"what": "tlx_data", "x": 1}]
)
async def test_wrong_calls(ask: Call, data: dict[str, Any]) -> None:
    """Only what there is can be asked."""
    with pytest.raises(probatio.Invalid):
        await ask(MIN, **data)


def test_every_question_has_a_test() -> None:
    """The names are those of the app's public clients."""
    assert {what.value for what in What} == {
        "plant_detail",
        "inverter_data",
        "tlx_data",
        "mix_detail",
        "dashboard_data",
        "storage_params",
        "plant_settings",
    }
