"""The settings of a plant, which are written all at once."""

from typing import Any
from unittest.mock import patch

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import probatio
import pytest

from custom_components.growatt_energy.api.classic_plants import PLANT_FIELDS

from .room import Room

UPDATE = "update_plant_settings"
ENDPOINT = "newTwoPlantAPI.do/updatePlant"


@pytest.fixture
def mode() -> str:
    """The app's API has them."""
    return "login"


async def settings(room: Room) -> dict[str, Any]:
    """Return what the cloud has now."""
    client: Any = room.entry.runtime_data.connection.client
    found: dict[str, Any] = await client.get_plant_settings("1234567")
    return found


@pytest.mark.parametrize("key", ["plant", "TPJ0CD4001"])
async def test_one_is_changed_and_the_others_stay(started: Room, key: str) -> None:
    """A device of the plant stands for it."""
    before = await settings(started)
    answer = await started.ask(
        UPDATE, of=key, settings={"plantName": "Old Mill", "plantIncome": 0.42}
    )
    [answer] = answer.values()
    assert answer["outcome"] == "applied"
    assert answer["before"]["plantName"] == before["plantName"]
    after = await settings(started)
    changed = {
        name
        for name, own in PLANT_FIELDS.items()
        if own and str(before[own]) != str(after[own])
    }
    assert changed == {"plantName", "plantIncome"}
    assert after["plantName"] == "Old Mill"
    assert float(after["formulaMoneyStr"]) == 0.42


async def test_what_is_so_already_is_not_sent(started: Room) -> None:
    """Numbers count as such."""
    before = await settings(started)
    answer = await started.call(
        UPDATE,
        of="plant",
        settings={
            "plantName": before["plantName"],
            "plantPower": f"{before['nominalPower']}.0",
            "plantID": "1234567",
            "plantFirm": 0,
        },
    )
    assert answer["outcome"] == "unchanged"
    assert started.sim.counters.count(ENDPOINT) == 0


async def test_a_change_that_does_not_show(started: Room) -> None:
    """It was accepted, and is not there."""
    started.sim.faults.add(
        "mutate", "newPlantAPI.do/getPlant", field="nominalPower", value="12000"
    )
    with pytest.raises(HomeAssistantError) as failed:
        await started.call(UPDATE, of="plant", settings={"plantPower": "9000"})
    assert failed.value.translation_key == "write_unverified"
    assert started.sim.counters.count(ENDPOINT) == 1


async def test_a_lost_answer_is_read_first(started: Room) -> None:
    """It is sent once only."""
    started.sim.faults.add("lost", ENDPOINT, 1)
    answer = await started.call(UPDATE, of="plant", settings={"plantCity": "Bremen"})
    assert answer["outcome"] == "applied"
    assert started.sim.counters.count(ENDPOINT) == 1


async def test_a_lost_answer_and_no_more_answers(started: Room) -> None:
    """Then nobody knows."""
    started.sim.faults.add("lost", ENDPOINT, 1)
    client = type(started.entry.runtime_data.connection.client)
    send = client.update_plant_settings

    async def last(*args: Any) -> None:
        try:
            await send(*args)
        finally:
            started.sim.faults.add("reset", "newPlantAPI.do/getPlant")

    with (
        patch.object(client, "update_plant_settings", last),
        pytest.raises(HomeAssistantError) as failed,
    ):
        await started.call(UPDATE, of="plant", settings={"plantCity": "Bremen"})
    assert failed.value.translation_key == "write_unknown"


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"plantID": "7654321"}, "plantID"),
        ({"accountName": "somebody", "plantID": "1"}, "accountName, plantID"),
    ],
)
async def test_whose_plant_it_is_stays(
    started: Room, data: dict[str, str], fields: str
) -> None:
    """It would be another one's."""
    with pytest.raises(ServiceValidationError) as refused:
        await started.call(UPDATE, of="plant", settings=data)
    assert refused.value.translation_key == "plant_identity"
    assert refused.value.translation_placeholders == {"fields": fields}
    assert started.sim.counters.count(ENDPOINT) == 0


@pytest.mark.parametrize("mode", ["token"])
async def test_a_token_has_none(started: Room) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await started.call(UPDATE, of="plant", settings={"plantName": "Old Mill"})
    assert refused.value.translation_key == "app_only"


async def test_not_while_control_is_off(room: Room) -> None:
    await room.start(allow_control=False)
    with pytest.raises(ServiceValidationError) as refused:
        await room.call(UPDATE, of="plant", settings={"plantName": "Old Mill"})
    assert refused.value.translation_key == "control_off"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"settings": {}},
        {"settings": {"plantname": "x"}},
        {"settings": {"plantName": "a\r\nb"}},
        {"settings": {"plantName": "x" * 300}},
        {"settings": {"plantName": True}},
        {"settings": {"plantPower": float("nan")}},
        {"settings": {"plantPower": [1]}},
    ],
)
async def test_calls_of_no_shape(started: Room, data: dict[str, Any]) -> None:
    """The schema refuses them."""
    with pytest.raises(probatio.Invalid):
        await started.call(UPDATE, of="plant", **data)


async def test_a_missing_current_value_aborts(started: Room) -> None:
    """None is ever made up (reference section 6.9)."""
    started.sim.faults.add(
        "mutate", "newPlantAPI.do/getPlant", field="country", value=None
    )
    with pytest.raises(HomeAssistantError) as failed:
        await started.call(UPDATE, of="plant", settings={"plantName": "Old Mill"})
    assert failed.value.translation_key == "unknown_value"
    assert started.sim.counters.count(ENDPOINT) == 0
