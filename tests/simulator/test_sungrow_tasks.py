"""Parameter tasks of the iSolarCloud simulator (reference sections 4.3 and 6.1)."""

from typing import Any

import pytest

from .sungrow_client import Gateway
from .sungrow_desk import FAILURE, FINISHED, RUNNING, SUCCESS, TIMEOUT, Desk

PENDING, EXECUTING = 1, 2


@pytest.fixture
def desk(gateway: Gateway) -> Desk:
    return Desk(gateway)


async def test_a_task_is_pending_then_executing_then_done(desk: Desk) -> None:
    desk.hybrid.switches.task_seconds = 10
    row = await desk.submit(desk.hybrid, {10002: "150"})
    seen = []
    for _ in range(3):
        task = await desk.task(desk.hybrid, row["task_id"])
        (entry,) = task["param_list"]
        seen.append((task["command_status"], entry["command_status"]))
        desk.clock.advance(5)
    assert seen == [(RUNNING, PENDING), (RUNNING, EXECUTING), (FINISHED, SUCCESS)]
    assert desk.hybrid.parameters.stored[10002] == 150


async def test_tasks_take_five_to_twenty_seconds(desk: Desk) -> None:
    times = set()
    for _ in range(4):
        row = await desk.submit(desk.hybrid, {10001: ""}, kind=2)
        desk.clock.advance(4.9)
        early = await desk.task(desk.hybrid, row["task_id"])
        assert early["command_status"] == RUNNING
        desk.clock.advance(15.2)
        done = await desk.task(desk.hybrid, row["task_id"])
        assert done["command_status"] == FINISHED
        times.add(done["over_time"][-2:])
    assert len(times) > 1


async def test_a_readback_has_display_units_and_labels(desk: Desk) -> None:
    rows = await desk.read(desk.hybrid, 10001, 10004, 10091, 10067)
    assert {
        key: rows[10001][key]
        for key in ("return_value", "unit", "set_precision", "set_val_name")
    } == {
        "return_value": "100",
        "unit": "%",
        "set_precision": "0.1",
        "set_val_name": None,
    }
    assert rows[10004]["return_value"] == "204"
    assert rows[10004]["set_val_name"] == "Charge|Discharge|Stop"
    assert rows[10004]["set_val_name_val"] == "170|187|204"
    assert (rows[10091]["return_value"], rows[10091]["unit"]) == ("10.6", "kW")
    assert rows[10067]["return_value"] == "24"


@pytest.mark.parametrize(
    ("values", "more", "code"),
    [
        pytest.param({10002: "150"}, {"expire_second": 1801}, "8", id="expire"),
        pytest.param({}, {}, "4", id="no-code"),
        pytest.param({10002: ""}, {}, "4", id="no-value"),
        pytest.param({10015: "50", 10071: "50"}, {}, "2", id="same-thing"),
        pytest.param({10038: "1"}, {}, "6-1", id="unknown"),
        pytest.param({10082: "170"}, {}, "6-1", id="of-an-ems"),
        pytest.param({10002: "501"}, {}, "3", id="too-much"),
        pytest.param({10002: "9.5"}, {}, "3", id="fraction"),
        pytest.param({10010: "-700"}, {}, "3", id="too-little"),
        pytest.param({10002: "150"}, {"uuid": "1"}, "5", id="no-device"),
    ],
)
async def test_a_task_is_refused(
    desk: Desk, values: dict[int, str], more: dict[str, Any], code: str
) -> None:
    row = await desk.submit(desk.hybrid, values, **more)
    assert row["code"] == code
    assert "task_id" not in row
    assert desk.hybrid.writes == []


@pytest.mark.parametrize(
    ("switch", "value", "code"),
    [
        ("online", False, "7"),
        ("template", False, "6"),
        ("allowed", False, "6-1"),
    ],
)
async def test_a_device_refuses_as_switched(
    desk: Desk, switch: str, value: Any, code: str
) -> None:
    setattr(desk.hybrid.switches, switch, value)
    assert (await desk.submit(desk.hybrid, {10002: "150"}))["code"] == code


async def test_twice_the_same_code_is_a_duplicate(desk: Desk) -> None:
    rows = [{"param_code": "10002", "set_value": "150"}] * 2
    row = await desk.submit(desk.hybrid, {}, param_list=rows)
    assert row["code"] == "2"


async def test_more_than_ten_parameters_are_invalid(desk: Desk) -> None:
    body = {
        "set_type": 2,
        "uuid": desk.hybrid.uuid,
        "param_list": [{"param_code": str(code)} for code in range(10025, 10036)],
    }
    document = await desk.document("paramSetting", **body)
    assert document["result_code"] == "010"
    assert document["result_msg"] == "Parameter:param_list is over 10"


async def test_numbers_that_are_no_texts_are_refused_unless_switched(
    desk: Desk,
) -> None:
    body = {
        "set_type": 0,
        "uuid": desk.hybrid.uuid,
        "param_list": [{"param_code": "10002", "set_value": 150}],
    }
    assert await desk.code("paramSetting", **body) == "010"
    desk.hybrid.switches.numbers = "accept"
    answer = await desk.data("paramSetting", **body)
    assert answer["dev_result_list"][0]["code"] == "1"


async def test_a_readback_is_of_one_device(desk: Desk) -> None:
    uuid = f"{desk.hybrid.uuid},10941278"
    row = await desk.submit(desk.hybrid, {10001: ""}, kind=2, uuid=uuid)
    assert row["code"] == "11"


async def test_tasks_of_a_device_do_not_overlap(desk: Desk) -> None:
    first = await desk.submit(desk.hybrid, {10002: "150"})
    again = await desk.submit(desk.hybrid, {10001: ""}, kind=2)
    assert (first["code"], again["code"]) == ("1", "9")
    desk.clock.advance(25)
    assert (await desk.submit(desk.hybrid, {10001: ""}, kind=2))["code"] == "1"


async def test_the_same_task_too_soon_is_repeated(desk: Desk) -> None:
    desk.hybrid.switches.repeat_seconds = 60
    codes = []
    for wait in (25, 40, 1):
        row = await desk.submit(desk.hybrid, {10002: "150"})
        codes.append(row["code"])
        desk.clock.advance(wait)
    assert codes == ["1", "9", "1"]


@pytest.mark.parametrize(("codes", "code"), [((10003,), "1"), ((10001, 10003), "0")])
async def test_the_mode_cannot_be_read_in_bulk(
    desk: Desk, codes: tuple[int, ...], code: str
) -> None:
    row = await desk.submit(desk.hybrid, dict.fromkeys(codes, ""), kind=2)
    assert row["code"] == code


@pytest.mark.parametrize("how", ["timeout", "offline", "expired"])
async def test_a_task_that_is_not_delivered_times_out(desk: Desk, how: str) -> None:
    device = desk.hybrid
    expire = 3 if how == "expired" else 120
    if how == "timeout":
        device.switches.task = "timeout"
    row = await desk.submit(device, {10002: "150"}, expire_second=expire)
    if how == "offline":
        device.switches.online = False
    desk.clock.advance(25)
    task = await desk.task(device, row["task_id"])
    assert task["command_status"] == FINISHED
    assert task["param_list"][0]["command_status"] == TIMEOUT
    assert device.parameters.stored[10002] == 50


async def test_a_task_with_a_code_that_lacks_is_refused_as_a_whole(desk: Desk) -> None:
    desk.hybrid.switches.lacks = {"10024"}
    row = await desk.submit(desk.hybrid, {10001: "", 10024: ""}, kind=2)
    assert row["code"] == "6-1"
    assert (await desk.submit(desk.hybrid, {10024: "170"}))["code"] == "6-1"
    assert set(await desk.read(desk.hybrid, 10001)) == {10001}


async def test_single_rows_of_reads_can_time_out(desk: Desk) -> None:
    desk.hybrid.switches.silent = {"10002"}
    rows = await desk.read(desk.hybrid, 10001, 10002)
    found = {code: row["command_status"] for code, row in rows.items()}
    assert found == {10001: SUCCESS, 10002: TIMEOUT}
    assert rows[10002]["return_value"] == ""


async def test_a_write_can_show_late(desk: Desk) -> None:
    desk.hybrid.switches.shown_seconds = 60
    await desk.write(desk.hybrid, p10002="150")
    assert desk.hybrid.parameters.stored[10002] == 150
    before = await desk.read(desk.hybrid, 10002)
    desk.clock.advance(60)
    after = await desk.read(desk.hybrid, 10002)
    shown = [rows[10002]["return_value"] for rows in (before, after)]
    assert shown[1] == "15"
    assert shown[0] != "15"


async def test_a_task_can_be_stuck(desk: Desk) -> None:
    desk.hybrid.switches.task = "stuck"
    row = await desk.submit(desk.hybrid, {10002: "150"})
    desk.clock.advance(3600)
    task = await desk.task(desk.hybrid, row["task_id"])
    assert (task["command_status"], task["over_time"]) == (RUNNING, "")


async def test_a_value_that_was_set_already_can_be_a_failure(desk: Desk) -> None:
    desk.hybrid.switches.same_fails = True
    assert await desk.write(desk.hybrid, p10002="50", p10001="900") == {
        10002: FAILURE,
        10001: SUCCESS,
    }


async def test_rows_can_fail_without_effect(desk: Desk) -> None:
    desk.hybrid.switches.row_fails = True
    assert await desk.write(desk.hybrid, p10002="150") == {10002: FAILURE}
    assert desk.hybrid.effects == []


@pytest.mark.parametrize(
    ("uuid", "check", "expected"),
    [
        ("10941275", "1", ("1", "1")),
        ("10941275", "0", ("0", "0")),
        ("10941275", "6", ("0", "6")),
        ("77", "1", ("0", "5")),
        ("10941276", "1", ("0", "0")),
    ],
)
async def test_check_says_whether_a_device_can_be_set(
    desk: Desk, uuid: str, check: Any, expected: tuple[str, str]
) -> None:
    desk.hybrid.switches.check = check
    answer = await desk.data("paramSettingCheck", set_type=0, uuid=uuid)
    (row,) = answer["dev_result_list"]
    assert (answer["check_result"], row["check_result"]) == expected


async def test_the_whole_result_can_pass_where_the_device_does_not(desk: Desk) -> None:
    desk.sim.cloud.whole_result = "passed"
    desk.hybrid.switches.allowed = False
    answer = await desk.data(
        "paramSetting",
        set_type=2,
        uuid=desk.hybrid.uuid,
        param_list=[{"param_code": "10001", "set_value": ""}],
    )
    assert answer["check_result"] == "1"
    assert answer["dev_result_list"][0]["code"] == "6-1"


async def test_records_name_what_was_set_newest_first(desk: Desk) -> None:
    await desk.write(desk.hybrid, p10002="150")
    await desk.write(desk.hybrid, p10001="900")
    body = {"uuidList": [int(desk.hybrid.uuid)], "paramList": []}
    rows = await desk.data("getDeviceSettingRecordList", **body)
    assert [(row["paramCode"], row["setValue"]) for row in rows] == [
        (10001, "900"),
        (10002, "150"),
    ]
    assert (rows[0]["taskSource"], rows[0]["commandStatus"]) == (2, SUCCESS)
    only = await desk.data(
        "getDeviceSettingRecordList", **body | {"paramList": [10002]}
    )
    assert [row["paramCode"] for row in only] == [10002]


async def test_v1_has_the_same_tasks(gateway: Gateway) -> None:
    login = Desk(gateway, v1=True)
    assert await login.write(login.hybrid, p10002="150") == {10002: SUCCESS}
    rows = await login.read(login.hybrid, 10002)
    assert rows[10002]["return_value"] == "15"


async def test_an_unknown_task_is_invalid(desk: Desk) -> None:
    body = {"task_id": "5", "uuid": desk.hybrid.uuid}
    assert await desk.code("getParamSettingTask", **body) == "010"
