"""What the cloud tells of people and places is not kept: it would be in diagnostics."""

import json
from unittest.mock import AsyncMock, MagicMock

from custom_components.growatt_energy.sources.login import LoginSource
from custom_components.growatt_energy.sources.token import TokenSource

PLACE = {
    "city": "Kassel",
    "plant_lat": "51.31",
    "plant_lng": "9.48",
    "latitude": "51.31",
    "longitude": "9.48",
    "plantAddress": "1 Example St",
    "address1": "1 Example St",
    "nickName": "Jane",
    "userAccount": "jane.solar",
    "operator": "Example Solar",
    "installer": "Example Solar",
}


def client(**answers: object) -> MagicMock:
    """Return a client that answers so, and nothing else of interest."""
    found = MagicMock()
    for name, answer in answers.items():
        setattr(found, name, AsyncMock(return_value=answer))
    return found


def names(*documents: object) -> set[str]:
    """Return which of the names and values above are in there."""
    found = json.dumps(documents)
    return {word for pair in PLACE.items() for word in pair if f'"{word}"' in found}


async def test_plants_of_a_token() -> None:
    source = TokenSource(
        client(
            plants={"plants": [{"plant_id": 7, "name": "Home", **PLACE}]},
            plant_details={"timezone": "GMT+1", **PLACE},
            plant_data={"today_energy": "1.5", **PLACE},
            plant_power={"powers": []},
        )
    )
    rows = await source.plants()
    assert (rows[0]["plant_id"], rows[0]["name"]) == (7, "Home")
    read = await source.plant("7")
    assert read["data"]["today_energy"] == "1.5"
    assert names(rows, read) == set()


async def test_plants_of_a_login() -> None:
    rows = [{"id": 7, "plantName": "Home", "timezone": 1, **PLACE}]
    known = client(
        all_plants={"PlantList": rows},
        plant_info={"todayEnergy": "1.5", **PLACE},
        plant_energy_data={"monthValue": "20", **PLACE},
        get_plant_settings={"nominalPower": 6600, **PLACE},
    )
    source = LoginSource(known)
    found = await source.plants()
    assert found == [{"id": 7, "plantName": "Home", "timezone": 1}]
    read = await source.plant("7")
    assert read["info"] == {"todayEnergy": "1.5"}
    assert read["energy"] == {"monthValue": "20"}
    assert names(found, read) == set()


async def test_dataloggers_of_a_login() -> None:
    row = {"datalog_sn": "QMN0A1B2C3", "device_type": "ShineWiFi-X", "lost": False}
    source = LoginSource(
        client(
            plant_info={"datalogList": [row | PLACE], "deviceList": []},
            all_devices=[],
            is_noah_plant={},
        )
    )
    document = await source.devices("7")
    assert document["loggers"] == [row]
