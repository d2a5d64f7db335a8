"""Endpoints of parameters: check, task, result, record (reference section 6)."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from ..journal import Write
from .call import INVALID, ApiError, Call
from .device import Device
from .parameters import BREAK_BULK, DUPLICATES, parameters_of
from .plant import Plant
from .scale import highest_raw, precision, unit
from .tasks import FINISHED, READ, RUNNING, WRITE, Row, Task, dispatch

MOST_PARAMETERS = 10
MOST_SECONDS = 1800
_numbers = count(100_002_733)
_TEXTS = {"1": "success", "6": "no parameter template", "7": "device offline"}


def check(call: Call) -> dict[str, Any]:
    """`paramSettingCheck`: whether a device can be set or read at all."""
    call.number("set_type")
    uuids = call.text("uuid").split(",")
    rows = []
    for uuid in uuids:
        device = call.device(uuid)
        result = "5" if device is None else _checked(device)
        rows.append(
            {
                "uuid": uuid,
                "check_result": result,
                "check_msg": _message(call, result),
            }
        )
    passed = all(row["check_result"] == "1" for row in rows)
    whole = "1" if passed or call.cloud.whole_result == "passed" else "0"
    return {"check_result": whole, "dev_result_list": rows}


def _checked(device: Device) -> str:
    if device.switches.check != "1":
        return device.switches.check
    if not device.switches.online:
        return "6"
    return "1" if device.switches.template and parameters_of(device.spec) else "0"


def set_parameters(call: Call) -> dict[str, Any]:
    """`paramSetting`: dispatch a task that writes (0) or reads back (2)."""
    kind = call.number("set_type")
    if kind not in {WRITE, READ}:
        raise ApiError(INVALID, "Parameter:set_type is invalid")
    wanted = call.body.get("param_list")
    if not isinstance(wanted, list):
        raise ApiError("009", "ws.missing-parameter:param_list")
    if len(wanted) > MOST_PARAMETERS:
        raise ApiError(INVALID, "Parameter:param_list is over 10")
    uuids = call.text("uuid").split(",")
    name = str(call.body.get("task_name") or "")
    results = []
    for uuid in uuids:
        task = None
        device = call.device(uuid)
        code = "5" if device is None else ""
        if device is not None:
            code = _refusal(call, device, kind, wanted, several=len(uuids) > 1)
            if not code:
                task = _dispatch(call, device, kind, name, wanted)
        result: dict[str, Any] = {
            "uuid": uuid,
            "code": code or "1",
            "msg": _message(call, code or "1"),
            "task_name": name,
        }
        if task is not None:
            result["task_id"] = str(task.number)
        results.append(result)
    fine = any(result["code"] == "1" for result in results)
    fine = fine or call.cloud.whole_result == "passed"
    worst = "1" if fine else results[0]["code"].partition("-")[0]
    return {"check_result": worst, "dev_result_list": results}


def _message(call: Call, code: str) -> str:
    if call.chinese:
        return "成功" if code == "1" else "下发失败"
    return _TEXTS.get(code, "verification failed")


def _refusal(
    call: Call, device: Device, kind: int, wanted: list[Any], *, several: bool
) -> str:
    """Return the code that refuses a task (4.3); empty if it is dispatched."""
    switches = device.switches
    expire = call.number("expire_second", 120)
    pairs = [(str(e.get("param_code") or ""), e.get("set_value")) for e in wanted]
    codes = [int(code) if code.isdigit() else 0 for code, _ in pairs]
    known = parameters_of(device.spec)
    refusals = (
        ("8", not 0 <= expire <= MOST_SECONDS),
        ("11", kind == READ and several),
        ("4", not pairs or _empty(pairs, kind)),
        ("2", _duplicates(codes)),
        ("7", not switches.online),
        ("6", not switches.template or not known),
        ("0", _breaks(kind, codes)),
        ("6-1", not switches.allowed or not set(codes) <= known.keys()),
        ("6-1", not switches.lacks.isdisjoint(code for code, _ in pairs)),
        ("9", _repeated(device, kind, pairs)),
    )
    for code, holds in refusals:
        if holds:
            return code
    return _bad_values(device, pairs) if kind == WRITE else ""


def _empty(pairs: list[tuple[str, Any]], kind: int) -> bool:
    return any(
        not code or (kind == WRITE and value in {None, ""}) for code, value in pairs
    )


def _duplicates(codes: list[int]) -> bool:
    found = set(codes)
    return len(found) < len(codes) or any(pair <= found for pair in DUPLICATES)


def _breaks(kind: int, codes: list[int]) -> bool:
    """Return whether one of the codes can only be read alone (6.2)."""
    return kind == READ and len(codes) > 1 and bool(BREAK_BULK & set(codes))


def _repeated(device: Device, kind: int, pairs: list[tuple[str, Any]]) -> bool:
    if any(task.running for task in device.tasks):
        return True
    recent = timedelta(seconds=device.switches.repeat_seconds)
    now = device.house.live().at
    return any(
        now - task.created < recent
        and task.kind == kind
        and [(str(row.code), row.set_value) for row in task.rows] == pairs
        for task in device.tasks
    )


def _bad_values(device: Device, pairs: list[tuple[str, Any]]) -> str:
    known = parameters_of(device.spec)
    for code, value in pairs:
        if not isinstance(value, str) and device.switches.numbers == "refuse":
            raise ApiError(INVALID, "Parameter:set_value is invalid")
        try:
            raw = int(str(value))
        except ValueError:
            return "3"
        parameter = known[int(code)]
        if raw < 0 and not device.switches.negative:
            return "12"
        if parameter.names or device.switches.range == "clamp":
            continue
        # What is too low is accepted: 9.5 % instead of 95 % (6.1)
        if raw > highest_raw(device, parameter) or raw < min(parameter.low, 0):
            return "3"
    return ""


def _dispatch(
    call: Call, device: Device, kind: int, name: str, wanted: list[Any]
) -> Task:
    rows = [
        Row(
            code=int(entry["param_code"]),
            set_value=str(entry["set_value"]) if kind == WRITE else "",
        )
        for entry in wanted
    ]
    if kind == WRITE:
        asked = {row.code: row.set_value for row in rows}
        device.journal.writes.append(
            Write(device.house.live().at, "paramSetting", asked)
        )
    plant = next(plant for plant in call.plants if device in plant.devices)
    expire = float(call.number("expire_second", 120))
    return dispatch(plant, device, next(_numbers), (kind, name, expire), rows)


def task_result(call: Call) -> dict[str, Any]:
    """`getParamSettingTask`: how far a task is."""
    wanted, uuid = call.text("task_id"), call.text("uuid")
    device = call.device(uuid)
    if device is None:
        raise ApiError(INVALID, "Parameter:uuid is invalid")
    task = next((t for t in device.tasks if str(t.number) == wanted), None)
    if task is None:
        raise ApiError(INVALID, "Parameter:task_id is invalid")
    plant = next(plant for plant in call.plants if device in plant.devices)
    now = device.house.live().at
    created = plant.local(task.created)
    return {
        "task_id": wanted,
        "task_name": task.name,
        "command_status": RUNNING if task.running else FINISHED,
        "create_time": f"{created:%Y-%m-%d %H:%M:%S}",
        "over_time": _time(plant, task.over),
        "create_time_zone": created.isoformat(timespec="seconds"),
        "param_list": [_row(call, plant, device, task, row, now) for row in task.rows],
    }


def _time(plant: Plant, at: datetime | None) -> str:
    return "" if at is None else f"{plant.local(at):%Y-%m-%d %H:%M:%S}"


def _row(
    call: Call, plant: Plant, device: Device, task: Task, row: Row, now: datetime
) -> dict[str, Any]:
    parameter = parameters_of(device.spec)[row.code]
    names = parameter.names
    labels = [f"选项{raw}" if call.chinese else label for label, raw in names]
    return {
        "param_code": str(row.code),
        "point_name": f"参数{row.code}" if call.chinese else parameter.name,
        "unit": unit(device, parameter),
        "set_precision": precision(device, parameter),
        "set_value": row.set_value,
        "return_value": row.return_value,
        "command_status": task.status_of(row, now),
        "set_val_name": "|".join(labels) if names else None,
        "set_val_name_val": "|".join(str(raw) for _, raw in names) if names else None,
        "update_time": _time(plant, task.over or now),
    }


def records(call: Call) -> list[dict[str, Any]]:
    """`getDeviceSettingRecordList`: what was set, newest first."""
    uuids, codes = set(call.texts("uuidList")), set(call.texts("paramList"))
    found = []
    for plant in call.plants:
        for device in plant.devices:
            if uuids and device.uuid not in uuids:
                continue
            device.house.advance()
            for task in device.tasks:
                found += [
                    (task.created, _record(plant, device, task, row))
                    for row in task.rows
                    if not codes or str(row.code) in codes
                ]
    found.sort(key=lambda entry: entry[0], reverse=True)
    return [record for _, record in found]


def _record(plant: Plant, device: Device, task: Task, row: Row) -> dict[str, Any]:
    parameter = parameters_of(device.spec)[row.code]
    return {
        "uuid": int(device.uuid),
        "taskId": str(task.number),
        "paramCode": row.code,
        "setValue": row.set_value,
        "returnValue": row.return_value,
        "commandStatus": row.status,
        "taskSource": 2,
        "createTime": _time(plant, task.created),
        "updateTime": _time(plant, task.over or task.created),
        "userName": "owner@example.com",
        "setPrecision": precision(device, parameter),
        "unit": unit(device, parameter),
        "isReadOnly": 1 if task.kind == READ else 0,
    }
