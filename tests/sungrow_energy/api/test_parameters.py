"""Tasks for devices (reference sections 4.3 and 6.1)."""

from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    MaintenanceError,
    ThrottledError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.sungrow_energy.api.client import SungrowClient

from .conftest import Cloud, no, ok

UUID = "10941275"
ROWS = [("10003", "2"), ("10004", "170")]


def taken(code: str | int | None = "1", **beside: Any) -> dict[str, Any]:
    """Return the answer to a task."""
    row = {"uuid": int(UUID), "code": code, "msg": "参数", **beside}
    return ok({"check_result": "1", "dev_result_list": [row]})


async def refusal(client: SungrowClient, *, write: bool) -> ApiError:
    """Return what handing in a task raises."""
    with pytest.raises(ApiError) as caught:
        await client.submit_parameters(UUID, ROWS, write=write)
    return caught.value


async def test_a_change_is_the_one_of_the_reference(
    client: SungrowClient, cloud: Cloud
) -> None:
    cloud.usual = taken(task_id=100002733)
    assert await client.submit_parameters(UUID, ROWS, write=True) == "100002733"
    assert cloud.last.endpoint == "paramSetting"
    assert cloud.last.fields == {
        "set_type": 0,
        "uuid": UUID,
        "task_name": "HA write 2026-11-20 12:00:00",
        "expire_second": 120,
        "param_list": [
            {"param_code": "10003", "set_value": "2"},
            {"param_code": "10004", "set_value": "170"},
        ],
    }


async def test_a_read_carries_no_values(client: SungrowClient, cloud: Cloud) -> None:
    cloud.usual = taken(task_id="7")
    await client.submit_parameters(UUID, ROWS, write=False, expire_s=60)
    fields = cloud.last.fields
    assert (fields["set_type"], fields["expire_second"]) == (2, 60)
    assert {row["set_value"] for row in fields["param_list"]} == {""}


@pytest.mark.parametrize(
    ("code", "reading", "writing", "reason"),
    [
        ("0", UnsupportedError, UnsupportedError, "unsupported"),
        (0, UnsupportedError, UnsupportedError, "unsupported"),
        ("2", BadDataError, WriteRejected, "bad_request"),
        ("3", BadDataError, WriteRejected, "out_of_range"),
        ("4", BadDataError, WriteRejected, "bad_request"),
        ("5", BadDataError, WriteRejected, "no_device"),
        ("6", UnsupportedError, UnsupportedError, "no_template"),
        ("6-1", UnsupportedError, UnsupportedError, "code_not_supported"),
        ("7", MaintenanceError, WriteRejected, "device_offline"),
        (8, BadDataError, WriteRejected, "bad_request"),
        ("9", ThrottledError, ThrottledError, "repeated"),
        ("11", BadDataError, WriteRejected, "bad_request"),
        ("12", UnsupportedError, UnsupportedError, "no_negative_values"),
        ("99", UnsupportedError, UnsupportedError, "unsupported"),
    ],
)
@pytest.mark.parametrize("write", [False, True])
async def test_a_refused_task_says_why(
    client: SungrowClient,
    cloud: Cloud,
    code: str | int,
    reading: type[ApiError],
    writing: type[ApiError],
    reason: str,
    write: bool,
) -> None:
    cloud.usual = taken(code)
    err = await refusal(client, write=write)
    assert type(err) is (writing if write else reading)
    assert (err.code, err.reason) == (str(code), reason)
    assert "参数" not in str(err)


async def test_a_repeated_task_stops_nothing_else(
    client: SungrowClient, cloud: Cloud
) -> None:
    cloud.say(taken("9"), taken(task_id="7"))
    await refusal(client, write=True)
    assert await client.submit_parameters(UUID, ROWS, write=True) == "7"


async def test_the_code_of_the_whole_counts_without_one_of_the_device(
    client: SungrowClient, cloud: Cloud
) -> None:
    cloud.usual = ok({"check_result": "7", "dev_result_list": None})
    assert (await refusal(client, write=True)).reason == "device_offline"


@pytest.mark.parametrize("answer", [taken(), taken(None), ok(None), ok([])])
async def test_a_task_without_an_id_may_be_running(
    client: SungrowClient, cloud: Cloud, answer: Any
) -> None:
    cloud.usual = answer
    assert isinstance(await refusal(client, write=True), WriteUnknown)
    assert isinstance(await refusal(client, write=False), BadDataError)


@pytest.mark.parametrize("write", [False, True])
async def test_a_task_is_handed_in_once(
    client: SungrowClient, cloud: Cloud, write: bool
) -> None:
    cloud.usual = "<html>"
    await refusal(client, write=write)
    assert len(cloud.asked) == 1


async def test_the_row_of_the_device_counts(
    client: SungrowClient, cloud: Cloud
) -> None:
    rows = [
        {"uuid": "1", "code": "7"},
        {"uuid": int(UUID), "code": "1", "task_id": "8"},
    ]
    cloud.usual = ok({"check_result": "0", "dev_result_list": rows})
    assert await client.submit_parameters(UUID, ROWS, write=True) == "8"


@pytest.mark.parametrize("write", [False, True])
async def test_a_check_asks_for_one_kind(
    client: SungrowClient, cloud: Cloud, write: bool
) -> None:
    row = {"uuid": UUID, "check_result": 1}
    cloud.usual = ok({"check_result": "1", "dev_result_list": [row]})
    assert await client.check_parameters(UUID, write=write)
    assert cloud.last.endpoint == "paramSettingCheck"
    assert cloud.last.fields == {"set_type": 0 if write else 2, "uuid": UUID}


@pytest.mark.parametrize(
    ("whole", "device"), [("0", "0"), ("1", "0"), ("0", "1"), ("5", "5"), (None, None)]
)
async def test_a_check_wants_both_results(
    client: SungrowClient, cloud: Cloud, whole: str | None, device: str | None
) -> None:
    row = {"uuid": UUID, "check_result": device}
    cloud.usual = ok({"check_result": whole, "dev_result_list": [row]})
    assert not await client.check_parameters(UUID, write=True)


@pytest.mark.parametrize("whole", ["1", "6"])
async def test_an_absent_device_is_not_unsupported(
    client: SungrowClient, cloud: Cloud, whole: str
) -> None:
    row = {"uuid": UUID, "check_result": "6"}
    cloud.usual = ok({"check_result": whole, "dev_result_list": [row]})
    with pytest.raises(MaintenanceError) as caught:
        await client.check_parameters(UUID, write=True)
    assert caught.value.reason == "device_offline"


async def test_a_check_of_the_whole_alone_is_one(
    client: SungrowClient, cloud: Cloud
) -> None:
    cloud.usual = ok({"check_result": "1"})
    assert await client.check_parameters(UUID, write=True)


async def test_a_task_is_returned_as_it_is(client: SungrowClient, cloud: Cloud) -> None:
    task = {"command_status": 8, "param_list": [{"return_value": "100"}]}
    cloud.usual = ok(task)
    assert await client.task(UUID, "7") == task
    assert cloud.last.endpoint == "getParamSettingTask"
    assert cloud.last.fields == {"task_id": "7", "uuid": UUID}


async def test_a_refused_call_is_a_refused_change(
    client: SungrowClient, cloud: Cloud
) -> None:
    cloud.usual = no("010")
    assert isinstance(await refusal(client, write=True), WriteRejected)
