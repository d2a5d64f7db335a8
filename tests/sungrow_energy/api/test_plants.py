"""Lists of plants, devices and faults (reference sections 3.1 to 3.3, 3.7 and 2.5)."""

from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    MaintenanceError,
)
from custom_components.sungrow_energy.api.access import Flavour
from custom_components.sungrow_energy.api.client import SungrowClient

from .conftest import Asked, Cloud, no, ok, page

OAUTH = pytest.mark.parametrize("flavour", [Flavour.OAUTH])
LOGIN = pytest.mark.parametrize("flavour", [Flavour.LOGIN])


def rows(start: int, end: int) -> list[dict[str, Any]]:
    """Return plants numbered from ``start`` to before ``end``."""
    return [{"ps_id": number} for number in range(start, end)]


@OAUTH
async def test_plants_of_the_oauth_flavour(client: SungrowClient, cloud: Cloud) -> None:
    cloud.usual = page({"ps_id": 5123456}, row_count=1)
    assert await client.plants() == [{"ps_id": 5123456}]
    assert cloud.last.endpoint == "queryPowerStationList"
    assert cloud.last.fields == {"page": 1, "size": 100}


@LOGIN
async def test_plants_of_the_login_flavour(client: SungrowClient, cloud: Cloud) -> None:
    cloud.usual = page({"ps_id": 5123456}, rowCount=1)
    assert await client.plants() == [{"ps_id": 5123456}]
    assert cloud.last.endpoint == "getPowerStationList"
    assert cloud.last.fields == {"curPage": 1, "size": 100}


@OAUTH
@pytest.mark.parametrize(
    ("pages", "found", "asked"),
    [
        ([page(*rows(0, 100), row_count=130), page(*rows(100, 130))], 130, 2),
        ([page(*rows(0, 100), rowCount=100)], 100, 1),
        ([page(*rows(0, 100)), page(*rows(100, 103))], 103, 2),
        ([page(*rows(0, 100)), page()], 100, 2),
        ([page(*rows(0, 50), row_count=80), page(*rows(50, 80))], 80, 2),
        ([page(*rows(0, 5), row_count=9), page()], 5, 2),
        ([page(*rows(0, 100)), page(*rows(0, 100))], 100, 2),
        ([page(row_count=0)], 0, 1),
        ([ok(None)], 0, 1),
        ([ok([])], 0, 1),
        ([ok({"pageList": None})], 0, 1),
        ([ok({"pageList": ["x", {"ps_id": 1}]})], 1, 1),
    ],
)
async def test_pages_come_to_an_end(
    client: SungrowClient, cloud: Cloud, pages: list[Any], found: int, asked: int
) -> None:
    cloud.say(*pages)
    assert len(await client.plants()) == found
    assert [one.fields["page"] for one in cloud.asked] == list(range(1, asked + 1))


@OAUTH
async def test_a_list_without_end_is_left(client: SungrowClient, cloud: Cloud) -> None:
    def answer(asked: Asked) -> Any:
        start = asked.fields["page"] * 100
        return page(*rows(start, start + 100), row_count=10**6)

    cloud.usual = answer
    assert len(await client.plants()) == 5000


@OAUTH
async def test_devices_of_the_oauth_flavour(
    client: SungrowClient, cloud: Cloud
) -> None:
    cloud.usual = page({"ps_key": "5123456_14_1_1"}, row_count=1)
    assert await client.devices("5123456") == [{"ps_key": "5123456_14_1_1"}]
    assert cloud.last.endpoint == "getDeviceListByPsId"
    assert cloud.last.fields == {
        "ps_id": "5123456",
        "is_get_firmware_version": "1",
        "page": 1,
        "size": 100,
    }


@LOGIN
async def test_devices_of_the_login_flavour(
    client: SungrowClient, cloud: Cloud
) -> None:
    cloud.usual = page({"ps_key": "5123456_14_1_1"}, rowCount=1)
    assert await client.devices("5123456") == [{"ps_key": "5123456_14_1_1"}]
    assert cloud.last.endpoint == "getDeviceList"
    assert cloud.last.fields == {"ps_id": "5123456", "curPage": 1, "size": 100}


@OAUTH
async def test_details_are_asked_for_twenty_plants_at_a_time(
    client: SungrowClient, cloud: Cloud
) -> None:
    cloud.say(
        ok({"code": "1", "data_list": [{"ps_id": 1}], "not_authorization_ps_list": []}),
        ok({"code": 7, "data_list": None, "not_authorization_ps_list": [21]}),
    )
    ids = [str(number) for number in range(1, 22)]
    assert await client.plant_details(ids) == {
        "data_list": [{"ps_id": 1}],
        "not_authorization_ps_list": ["21"],
    }
    first, second = (asked.fields["ps_ids"] for asked in cloud.asked)
    assert (first, second) == (",".join(ids[:20]), "21")


@OAUTH
@pytest.mark.parametrize("code", ["0", 4, "5"])
async def test_details_that_fail_are_no_empty_details(
    client: SungrowClient, cloud: Cloud, code: str | int
) -> None:
    cloud.usual = ok({"code": code, "data_list": None})
    with pytest.raises(BadDataError):
        await client.plant_details(["1"])


@OAUTH
async def test_plants_that_are_refused_are_named(
    client: SungrowClient, cloud: Cloud
) -> None:
    denied = [{"ps_id": 7}, "8", None, []]
    cloud.usual = ok({"code": "1", "not_authorization_ps_list": denied})
    found = await client.plant_details(["7"])
    assert found["not_authorization_ps_list"] == ["7", "8"]


@OAUTH
async def test_no_plants_need_no_call(client: SungrowClient, cloud: Cloud) -> None:
    assert (await client.plant_details([]))["data_list"] == []
    assert not cloud.asked


@LOGIN
@pytest.mark.parametrize(
    "data",
    [
        {"data_list": [{"ps_id": 1}]},
        [{"ps_id": 1}],
        {"pageList": [{"ps_id": 1}]},
    ],
)
async def test_details_of_the_login_flavour_may_look_otherwise(
    client: SungrowClient, cloud: Cloud, data: Any
) -> None:
    cloud.usual = ok(data)
    assert (await client.plant_details(["1"]))["data_list"] == [{"ps_id": 1}]
    assert cloud.last.endpoint == "getBatchPsDetail"


@LOGIN
@pytest.mark.parametrize("code", ["009", "010", "E996"])
async def test_the_login_flavour_does_without_details(
    client: SungrowClient, cloud: Cloud, code: str
) -> None:
    cloud.usual = no(code)
    assert (await client.plant_details(["1"]))["data_list"] == []


@OAUTH
async def test_the_oauth_flavour_does_not(client: SungrowClient, cloud: Cloud) -> None:
    cloud.usual = no("010")
    with pytest.raises(BadDataError):
        await client.plant_details(["1"])


@LOGIN
async def test_trouble_is_no_lack_of_details(
    client: SungrowClient, cloud: Cloud
) -> None:
    cloud.usual = no("-1")
    with pytest.raises(MaintenanceError):
        await client.plant_details(["1"])


async def test_open_faults_of_one_plant_or_all(
    client: SungrowClient, cloud: Cloud
) -> None:
    cloud.usual = page({"fault_type_code": 60005}, row_count=1)
    assert await client.faults("5123456") == [{"fault_type_code": 60005}]
    assert cloud.last.fields["ps_id"] == "5123456"
    assert cloud.last.fields["process_status"] == "8"
    await client.faults()
    assert "ps_id" not in cloud.last.fields


class TestCatalogues:
    """What only the login flavour has (reference sections 2.5 and 5)."""

    @OAUTH
    async def test_the_oauth_flavour_has_none(
        self, client: SungrowClient, cloud: Cloud
    ) -> None:
        with pytest.raises(ApiError) as caught:
            await client.open_points(14)
        assert caught.value.reason == "not_found"
        assert not cloud.asked

    @LOGIN
    @pytest.mark.parametrize("shape", ["pageList", "point_dict", None])
    async def test_points_are_listed(
        self, client: SungrowClient, cloud: Cloud, shape: str | None
    ) -> None:
        points = [{"point_id": 13141}]
        cloud.usual = ok({shape: points} if shape else points)
        assert await client.open_points(14) == points
        assert cloud.last.endpoint == "getOpenPointInfo"
