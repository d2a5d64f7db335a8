"""What tells of people and places is kept out, whatever it is called."""

import pytest

from core.client.people import without_people

REDACTED = "**redacted**"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ownerName", "Nora"),
        ("owner_mobile", "+49 170"),
        ("plantAddress", "Main Street 1"),
        ("plant_lat", 48.7391),
        ("plantLng", "11.7391"),
        ("ps_location", "Bonn"),
        ("useraccount", "nora7"),
        ("userName", "nora7"),
        ("contact", {"name": "Nora"}),
        ("remarks", ["beware of the dog"]),
    ],
)
def test_private(field: str, value: object) -> None:
    assert without_people([{field: value}]) == [{field: REDACTED}]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        # Words that only contain one of those
        ("batteryCapacity", "12.5 kWh"),
        ("fullchargecapacitywh", 12_000),
        ("electricity", "full"),
        ("platform", "inverter"),
        ("flat", "12345"),
        # Of machines
        ("address", "1"),
        ("address", "47510"),
        # Nothing
        ("address", None),
        ("owner", ""),
        ("contact", []),
        ("mobile", True),
        # Pseudonyms, and what has gone already
        ("userName", "**account**"),
        ("owner", "**plant 1**'"),
        ("name", "Garage"),
    ],
)
def test_not_private(field: str, value: object) -> None:
    assert without_people({field: value}) == {field: value}


def test_fields_of_a_vendor() -> None:
    found = without_people({"uuid": "12345", "description": ""}, private={"uuid"})
    assert found == {"uuid": REDACTED, "description": ""}


def test_a_field_that_is_named_beside_its_value() -> None:
    found = without_people(
        [
            {"code": "ownerEmail", "data": "nora"},
            {"code": "deviceName", "data": "Nora's"},
            {"code": "power", "data": 5.5},
        ],
        names={"deviceName"},
    )
    assert [it["data"] for it in found] == [REDACTED, "**name 1**", 5.5]


def test_names_that_people_gave() -> None:
    """Each is the same pseudonym everywhere, as a whole and nowhere else."""
    found = without_people(
        {
            "rows": [
                {"alias": "Garage", "model": "Garage 5000"},
                {"alias": "Nora's"},
                {"name": "Garage", "alias": "**device 1**"},
            ],
            "Garage": {"alias": ["Garage"]},
        },
        names={"alias", "name"},
    )
    assert found == {
        "rows": [
            {"alias": "**name 1**", "model": "Garage 5000"},
            {"alias": "**name 2**"},
            {"name": "**name 1**", "alias": "**device 1**"},
        ],
        "Garage": {"alias": ["Garage"]},
    }
