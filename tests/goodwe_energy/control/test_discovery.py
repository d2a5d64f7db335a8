"""Functions are found on the device (reference section 6.2)."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.goodwe_energy._vendor.core.client.errors import TransportError
from custom_components.goodwe_energy.control import registers
from custom_components.goodwe_energy.control.function import (
    Function,
    cards_of,
    functions_of,
)
from custom_components.goodwe_energy.control.matching import matched

from .rig import Rig

# The reference's own example
LIMIT: dict[str, Any] = {
    "address": "47510",
    "id": "1989877704267702279",
    "translateKey": "limit_setting",
    "funcKey": "PWLimitThr",
    "rwType": "RW",
    "control": 3,
    "controlAttr": "",
    "range": "[0,10000]",
    "gain": 1,
    "unit": "W",
}


def _menu(*functions: Any, key: str = "grid-tie_power_limit") -> list[dict[str, Any]]:
    inner = {"translateKey": key, "children": [], "functions": list(functions)}
    return [{"translateKey": "outer", "children": [inner], "functions": None}]


def test_a_function_is_read_with_the_menus_around_it() -> None:
    (found,) = functions_of(_menu(LIMIT))
    assert found == Function(
        address="47510",
        id="1989877704267702279",
        key="limit_setting",
        control=3,
        unit="W",
        gain=1,
        low=0,
        high=10000,
        path=("outer", "grid-tie_power_limit"),
    )
    again = Function.load(found.dump())
    assert again is not None
    assert (again.id, again.low, again.high) == (found.id, 0, 10000)


@pytest.mark.parametrize(
    "change",
    [
        {"gain": 10},
        {"rwType": "RO"},
        {"control": 26},
        {"unit": "V"},
    ],
)
def test_what_only_looks_like_it_is_left_alone(change: dict[str, Any]) -> None:
    assert "export_limit_power" in matched(functions_of(_menu(LIMIT)))
    assert not matched(functions_of(_menu(LIMIT | change)))


def test_the_same_name_elsewhere_is_something_else() -> None:
    assert not matched(functions_of(_menu(LIMIT, key="peak_limit")))


def test_watts_and_percent_are_told_apart() -> None:
    share = LIMIT | {"unit": "%Pn", "address": "40336", "id": "7"}
    found = matched(functions_of(_menu(share, LIMIT)))
    assert found["export_limit_power"].address == "47510"
    assert found["export_limit_percent"].address == "40336"


@pytest.mark.parametrize("odd", [[], [None, 7, "x"], [{"functions": [{"id": "1"}]}]])
def test_odd_menus_have_no_functions(odd: Any) -> None:
    assert functions_of(odd) == []
    assert cards_of(odd) == frozenset()


SWITCH: dict[str, Any] = {
    "address": "47509",
    "id": "1",
    "translateKey": "grid-tie_power_limit",
    "control": 8,
}


@pytest.mark.parametrize(
    "options",
    [
        '[{"transKey":"disable","value":"2"},{"transKey":"enable","value":"3"}]',
        '[{"transKey":"remote_Switch_on","value":"0"}]',
    ],
)
def test_a_switch_with_other_words_is_left_alone(options: str) -> None:
    assert "export_limit" in matched(functions_of(_menu(SWITCH)))
    one = SWITCH | {"controlAttr": options}
    assert "export_limit" not in matched(functions_of(_menu(one)))
    known = {"export_limit": functions_of(_menu(one))[0]}
    assert [registers.write_of("export_limit", on, known) for on in (True, False)] in (
        [None, None],
        [registers.write_of("export_limit", True, known), None],
    )


@pytest.mark.parametrize(
    ("options", "offered"),
    [
        ("", True),
        ('[{"transKey":"a","value":"361"}]', True),
        ('[{"transKey":"a","value":"1"},{"transKey":"b","value":"2"}]', False),
    ],
)
def test_a_button_with_a_choice_is_left_alone(options: str, *, offered: bool) -> None:
    button = {"address": "40332", "id": "1", "translateKey": "restart", "control": 16}
    found = matched(functions_of(_menu(button | {"controlAttr": options})))
    assert ("command_restart" in found) is offered


def test_options_without_an_end_are_none() -> None:
    (found,) = functions_of(_menu(SWITCH | {"controlAttr": "[" * 100_000}))
    assert found.options == {}


def test_a_charge_that_cannot_be_ended_is_not_offered() -> None:
    begin = {"address": "47545", "id": "1", "translateKey": "immediate_charge"}
    assert not matched([], functions_of(_menu(begin)))


async def test_a_hybrid_has_what_it_lists() -> None:
    rig = Rig()
    await rig.read()
    keys = {one.key for one in rig.driver.settings}
    assert {"running", "export_limit", "export_limit_power", "immediate_charge"} <= keys
    assert {"reserve", "charge_limit", "tou_mode", "tou_slot_8", "peak_shaving"} <= keys
    assert "operation_mode" not in keys
    assert rig.driver.range_of("export_limit_power").high == 10_000
    text = repr(rig.driver.diagnostics())
    assert rig.cloud.device.sn not in text
    assert "start_stop/status_setting" in text


async def test_ids_differ_and_are_the_devices_own() -> None:
    one, other = Rig(), Rig("v2")
    await one.read()
    await other.read()
    ids = [
        rig.driver.discovery.found.functions["export_limit_power"].id
        for rig in (one, other)
    ]
    assert ids[0] != ids[1]
    assert other.driver.discovery.found.dialect is not None
    assert other.driver.discovery.found.dialect.version == 2


async def test_it_is_asked_again_after_six_hours_and_for_another_battery() -> None:
    index: list[str | None] = [None]
    rig = Rig(battery=lambda: index[0])
    await rig.read()
    asked = rig.cloud.asked.count("WORK_MODE")
    await rig.read()
    assert rig.cloud.asked.count("WORK_MODE") == asked
    assert not rig.driver.has("immediate_charge")
    index[0] = "1"
    await rig.read()
    assert rig.cloud.asked.count("WORK_MODE") == asked + 1
    assert rig.driver.has("immediate_charge")
    await rig.clock.sleep(timedelta(hours=6).total_seconds())
    await rig.read()
    assert rig.cloud.asked.count("WORK_MODE") == asked + 2


async def test_it_is_remembered_over_a_restart() -> None:
    rig = Rig()
    await rig.read()
    again = Rig(notes=rig.notes)
    assert again.driver.discovery.found == Rig(notes=rig.notes).driver.discovery.found
    await again.read()
    assert "WORK_MODE" not in again.cloud.asked
    assert again.driver.has("running", "tou_slot_1", "immediate_charge")


async def test_what_cannot_be_asked_does_not_hide_the_rest() -> None:
    rig = Rig()
    rig.cloud.lost = {"WORK_MODE", "function_values"}
    settings = await rig.read()
    assert settings.values["tou_mode"] is False
    assert rig.driver.discovery.found.cards is None
    assert "export_limit" not in settings.values


async def test_what_was_found_stays_when_the_cloud_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def gone(*_: Any, **__: Any) -> Any:
        raise TransportError("gone")

    rig = Rig()
    await rig.driver.discover()
    found = rig.driver.discovery.found
    monkeypatch.setattr(rig.cloud, "function_menus", gone)
    await rig.driver.discover(force=True)
    assert rig.driver.discovery.found is found
    fresh = Rig()
    monkeypatch.setattr(fresh.cloud, "function_menus", gone)
    with pytest.raises(TransportError):
        await fresh.driver.discover()


async def _renewed(rig: Rig, minutes: float) -> set[str]:
    """Return which functions are known so much later."""
    rig.clock.jump(timedelta(minutes=minutes))
    await rig.driver.discover()
    return set(rig.driver.discovery.found.functions)


@pytest.mark.parametrize("refused", [True, False])
async def test_parts_that_were_not_answered_stay_and_are_asked_for_again_soon(
    monkeypatch: pytest.MonkeyPatch, *, refused: bool
) -> None:
    async def nothing(*_: Any, **__: Any) -> Any:
        return {}

    rig = Rig()
    await rig.driver.discover()
    before = rig.driver.discovery.found
    with monkeypatch.context() as away:
        if refused:
            rig.cloud.lost = {"GENERAL_FUNCTIONS", "work_mode", "WORK_MODE"}
        else:
            away.setattr(rig.cloud, "work_mode", nothing)
            away.setattr(rig.cloud, "function_menus", nothing)
        assert await _renewed(rig, 361) == before.functions.keys()
    rig.cloud.lost = set()
    found = Rig(notes=rig.notes).driver.discovery.found
    assert found.dialect == before.dialect
    assert found.cards == before.cards
    asked = len(rig.cloud.asked)
    await _renewed(rig, 1)
    assert len(rig.cloud.asked) == asked
    await _renewed(rig, 10)
    assert len(rig.cloud.asked) > asked
    asked = len(rig.cloud.asked)
    await _renewed(rig, 30)
    assert len(rig.cloud.asked) == asked


async def test_what_is_not_listed_any_more_is_gone_but_not_during_a_force() -> None:
    rig = Rig()
    await rig.driver.discover()
    rig.notes.set(f"{rig.cloud.device.sn}/forced", {"values": {}})
    rig.cloud.controls.functions.general = rig.cloud.controls.functions.general[:1]
    rig.cloud.controls.functions.battery = rig.cloud.controls.functions.general
    assert {"immediate_charge", "export_limit"} <= await _renewed(rig, 361)
    rig.notes.set(f"{rig.cloud.device.sn}/forced", None)
    left = await _renewed(rig, 361)
    assert left
    assert left.isdisjoint({"immediate_charge", "export_limit"})


async def test_what_never_answers_is_asked_for_less_and_less() -> None:
    rig = Rig("string", battery=lambda: None)
    asked = []
    for _ in range(24 * 12):
        await _renewed(rig, 5)
        asked.append(rig.cloud.asked.count("WORK_MODE"))
    assert asked[0] == 1
    assert 5 <= asked[-1] <= 12


async def test_another_battery_does_not_take_a_forces_end_away() -> None:
    index = ["1"]
    rig = Rig(battery=lambda: index[0])
    await rig.set({"immediate_charge": True})
    rig.notes.set(f"{rig.cloud.device.sn}/forced", {"values": {}})
    index[0] = "2"
    after = await rig.set({"immediate_charge": False})
    assert after.values["immediate_charge"] is False
    assert rig.controls.register("47545") == 0
    rig.notes.set(f"{rig.cloud.device.sn}/forced", None)
    assert "immediate_charge" not in await _renewed(rig, 0)
