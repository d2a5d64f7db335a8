"""Which answers about lists are dispensable, and how soon they are asked for again."""

from collections import Counter
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.util import dt as dt_util
import pytest

from custom_components.goodwe_energy import driver
from custom_components.goodwe_energy._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    MaintenanceError,
    ThrottledError,
    TransportError,
)
from custom_components.goodwe_energy.readings import DeviceEntry
from custom_components.goodwe_energy.source import DeviceSource, PlantSource

STATUS: dict[str, Any] = {
    "deviceDetailList": [
        {
            "deviceType": "INVERTER",
            "statusDetailList": [
                {
                    "status": 5,
                    "snList": ["INV1"],
                    "detailMap": {"INV1": {"sn": "INV1", "subtype": "store"}},
                }
            ],
        }
    ]
}
BATTERY = {"sn": "BAT1", "no": "1", "name": "BAT1", "type": "BAT_SYS", "status": 7}
CHARGER = {"sn": "EV1", "name": "Wallbox", "productModel": "GW11K-HCA-20"}
TROUBLE = [TransportError("500"), MaintenanceError("x", reason="vendor_trouble"), []]


def page(status: int = 5) -> list[dict[str, Any]]:
    """Return the rows of section 3.5."""
    return [{"sn": "INV1", "deviceType": "INVERTER", "model": "M", "status": status}]


class Cloud:
    """Gives each answer of a list once and then the last one; an error is raised."""

    def __init__(self, **answers: Any) -> None:
        """Begin with a hybrid that answers all."""
        self.count: Counter[str] = Counter()
        self.answers: dict[str, list[Any]] = {
            "device_status": [STATUS],
            "device_page": [page()],
            "devices_by_type": [[]],
            "related": [[BATTERY]],
            **answers,
        }

    def __getattr__(self, name: str) -> Any:
        """Return what is asked of the client."""

        async def ask(*_args: Any, **_more: Any) -> Any:
            self.count[name] += 1
            answers = self.answers[name]
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(answer, ApiError):
                raise answer
            return answer

        return ask


def plant(cloud: Any) -> PlantSource:
    """Return what reads the plant."""
    return PlantSource(cloud, "P")


def charger_of(cloud: Any) -> DeviceSource:
    """Return what reads a charger."""
    return DeviceSource(cloud, lambda: "P")


async def devices(source: PlantSource) -> dict[str, DeviceEntry]:
    """Return the devices of the lists as they are read now."""
    return dict(driver.devices(await source.devices(), dt_util.utcnow()).devices)


@pytest.mark.parametrize("answer", TROUBLE, ids=["500", "trouble", "empty"])
async def test_batteries_come_as_soon_as_they_are_told(
    answer: Any, freezer: FrozenDateTimeFactory
) -> None:
    """What fails beside the states takes nothing away, nor does it wait for hours."""
    source = plant(Cloud(related=[answer, [BATTERY]]))
    assert set(await devices(source)) == {"INV1"}
    freezer.tick(300)
    assert set(await devices(source)) == {"INV1", "BAT1"}


@pytest.mark.parametrize("answer", TROUBLE, ids=["500", "trouble", "empty"])
@pytest.mark.parametrize("name", ["device_page", "devices_by_type"])
async def test_states_are_enough(name: str, answer: Any) -> None:
    source = plant(Cloud(**{name: [answer]}))
    assert set(await devices(source)) == {"INV1", "BAT1"}


@pytest.mark.parametrize(("answer", "most"), [([], 12), (TransportError("x"), 36)])
async def test_what_never_comes_is_seldom_asked_for(
    answer: Any, most: int, freezer: FrozenDateTimeFactory
) -> None:
    cloud = Cloud(related=[answer])
    source = plant(cloud)
    for _ in range(24 * 12):
        await devices(source)
        freezer.tick(300)
    assert cloud.count["device_page"] == 4
    assert cloud.count["devices_by_type"] == 4
    assert cloud.count["related"] <= most


async def test_battery_that_was_taken_out_goes_after_hours(
    freezer: FrozenDateTimeFactory,
) -> None:
    """An empty answer takes nothing away; a day of them does."""
    source = plant(Cloud(related=[[BATTERY], []]))
    assert set(await devices(source)) == {"INV1", "BAT1"}
    for _ in range(9 * 12):
        freezer.tick(300)
        assert set(await devices(source)) == {"INV1", "BAT1"}
    for _ in range(24 * 12):
        freezer.tick(300)
        found = await devices(source)
    assert set(found) == {"INV1"}


@pytest.mark.parametrize("name", ["device_page", "devices_by_type", "related"])
async def test_pause_of_the_account_is_one_of_all(name: str) -> None:
    source = plant(Cloud(**{name: [ThrottledError("x")]}))
    with pytest.raises(ThrottledError):
        await source.devices()


async def test_states_of_the_page_are_of_now(freezer: FrozenDateTimeFactory) -> None:
    """Where the list of states says nothing; without either there is no news."""
    pages = [page(0), page(5), TransportError("x")]
    source = plant(Cloud(device_status=[{}], device_page=pages))
    told = []
    for _ in range(2):
        told.append((await devices(source))["INV1"].status)
        freezer.tick(300)
    assert told == ["offline", "running"]
    with pytest.raises(BadDataError):
        await source.devices()


async def test_outage_of_both_lists_is_one() -> None:
    """What the page once told is no answer."""
    cloud = Cloud(device_status=[STATUS, TransportError("x")])
    source = plant(cloud)
    await source.devices()
    cloud.answers["device_page"] = [TransportError("y")]
    with pytest.raises(TransportError):
        await source.devices()


async def test_charger_that_only_its_own_list_has_is_found() -> None:
    """Rows of 3.14; what they say of its state is soon an old one."""
    row = {**CHARGER, "status": 0}
    source = plant(Cloud(devices_by_type=[[row]]))
    charger = (await devices(source))["EV1"]
    assert (charger.cls, charger.model) == ("charger", "GW11K-HCA-20")
    assert charger.status is None


async def test_old_alarms_do_not_come_back(freezer: FrozenDateTimeFactory) -> None:
    """The list may lag behind the count, or fail as the count changes."""
    a, b, c = ({"warningid": name, "status": 0} for name in "abc")
    cloud = Cloud()
    source = plant(cloud)
    found = []
    for count, rows in (
        (1, [a]),
        (0, [a]),
        (1, []),
        (1, [b]),
        (2, TransportError("x")),
        (2, [b, c]),
    ):
        cloud.answers |= {
            "alarm_counts": [{"happened": str(count)}],
            "alarms": [rows],
        }
        told = (await source.alarms())["rows"] or []
        found.append("".join(row["warningid"] for row in told))
        freezer.tick(600)
    assert found == ["a", "", "", "b", "b", "bc"]


async def test_log_of_a_charger_is_dispensable() -> None:
    """And so is one of detail and session; what was not read is not empty."""
    entry = DeviceEntry(serial="EV1", type="EV_CHARGER", cls="charger", name="x")
    broken = TransportError("500")
    cloud = Cloud(
        charger=[{"status": "available"}],
        charger_session=[{}, broken],
        charger_log=[broken],
    )
    source = charger_of(cloud)
    assert (await source.charger(entry))["session"] == {}
    assert (await source.charger(entry))["session"] is None
    cloud.answers["charger"] = [broken]
    with pytest.raises(TransportError):
        await source.charger(entry)


async def test_log_that_failed_is_read_soon(freezer: FrozenDateTimeFactory) -> None:
    entry = DeviceEntry(serial="EV1", type="EV_CHARGER", cls="charger", name="x")
    row = {"chargeSerialNumber": "S1"}
    cloud = Cloud(
        charger=[{}],
        charger_session=[{"workStu": 8}],
        charger_log=[MaintenanceError("x", reason="vendor_trouble"), [row]],
    )
    source = charger_of(cloud)
    assert (await source.charger(entry))["log"] is None
    freezer.tick(timedelta(minutes=5))
    assert (await source.charger(entry))["log"] == [row]
