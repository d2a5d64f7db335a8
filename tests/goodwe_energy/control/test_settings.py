"""Single settings on the wire (reference sections 6.2 and 6.3)."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.goodwe_energy._vendor.core.client.errors import (
    ThrottledError,
    WriteRejected,
)
from custom_components.goodwe_energy._vendor.core.control.intent import (
    SetReserve,
    SetValues,
)
from custom_components.goodwe_energy._vendor.core.control.outcome import Refusal
from custom_components.goodwe_energy.control import peak_delay

from .rig import Rig


async def _wanted(rig: Rig, values: dict[str, Any]) -> dict[str, Any]:
    settings = await rig.read()
    intent = SetValues(edits=(lambda _: values,))
    return dict(rig.driver.plan(intent, settings, rig.clock.now()).target)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tou_mode": True}, [{"TOUModeEnable": {"TOUModeEnable": 1}}]),
        ({"backup_mode": True}, [{"Backup": {"BackupModeEnable": 1}}]),
        ({"off_grid_mode": True}, [{"OffGridEnable": {"OffGridEnable": 1}}]),
        (
            {"backup_grid_charge": True, "backup_power": 35},
            [{"Backup": {"BackupChargeModelEnable": 1, "BackupPChargeP": 35}}],
        ),
        (
            {"peak_shaving": True},
            [
                {
                    "DemandOrDelayed1": {
                        "DemandOrDelayedWeekEnable1": 252,
                        "DemandOrDelayedWeek1": [0, 1, 2, 3, 4, 5, 6],
                    }
                }
            ],
        ),
        (
            {"delayed_charge": True},
            [
                {
                    "DemandOrDelayed2": {
                        "DemandOrDelayedWeekEnable2": 250,
                        "DemandOrDelayedWeek2": [0, 1, 2, 3, 4, 5, 6],
                    }
                },
                {"DelayedChargeEnable": {"DelayedChargeEnable": 1}},
            ],
        ),
        ({"running": False}, [{"80017": 2}]),
        ({"running": True}, [{"80017": 4}]),
        ({"export_limit_power": 3000}, [{"47510": 3000}]),
        ({"immediate_charge": True}, [{"47545": 1}]),
    ],
)
async def test_settings_are_written_as_the_portal_does(
    changes: dict[str, Any], said: list[Any]
) -> None:
    rig = Rig()
    target = await _wanted(rig, changes)
    after = await rig.set(target)
    assert [body for _, body, _ in rig.cloud.said] == said
    assert after.shows(target)


async def test_the_charge_is_ended_by_a_function_of_its_own() -> None:
    rig = Rig()
    await rig.set({"immediate_charge": True})
    await rig.set({"immediate_charge": False})
    logs = [log for _, _, log in rig.cloud.said]
    assert logs == [
        {"immediate_charge": "on"},
        {"stop_charging": "remote_Switch_off"},
    ]
    target = rig.cloud.said[0][0]
    assert (target.sn, target.device_name) == (rig.cloud.device.sn, "mppt1_battery")
    assert target.virtual_sn is None


async def test_a_change_of_the_inverter_names_itself() -> None:
    rig = Rig()
    await rig.set({"export_limit": True})
    target, body, log = rig.cloud.said[0]
    assert body == {"47509": 1}
    assert log == {"grid-tie_power_limit": "remote_Switch_on"}
    assert target.virtual_sn == rig.cloud.device.sn
    assert target.station == rig.cloud.station.id


async def test_a_start_has_the_value_that_the_model_says() -> None:
    rig = Rig("v2")
    await rig.set({"running": True})
    assert rig.cloud.said[0][1] == {"80017": 3}


async def test_the_settings_of_peak_shaving_are_written_whole() -> None:
    rig = Rig()
    after = await rig.set({"peak_shaving_soc": 40.0, "peak_shaving_power": 3.5})
    ((_, body, _),) = rig.cloud.said
    assert body == {
        "DemandOrDelayed1": {
            "DemandOrDelayedStart1": "00:00",
            "DemandOrDelayedEnd1": "23:59",
            "DemandOrDelayedSOC1": 40,
            "DemandOrDelayedPowerLimit1": 3.5,
            "DemandOrDelayedWeekEnable1": 3,
            "DemandOrDelayedWeek1": [0, 1, 2, 3, 4, 5, 6],
        }
    }
    assert after.values["peak_shaving"] is False


async def test_the_settings_of_delayed_charging_are_per_mille() -> None:
    rig = Rig()
    changes = {"delayed_charge_export": 12.5, "delayed_charge_pv_first": True}
    after = await rig.set(changes)
    ((_, body, _),) = rig.cloud.said
    fields = body["DemandOrDelayed2"]
    assert fields["DemandOrDelayedPowerLimit2"] == 125
    assert fields["DemandOrDelayedChargePriority2"] == 0
    assert fields["DemandOrDelayedWeekEnable2"] == 5
    assert after.shows(changes)


@pytest.mark.parametrize(
    ("first", "second", "places"),
    [
        (85, 85, (1, 2)),
        (252, 85, (1, 2)),
        (85, 5, (1, 2)),
        (250, 85, (2, 1)),
        (85, 3, (2, 1)),
        (None, 252, (2, 1)),
    ],
)
def test_which_place_is_which(
    first: int | None, second: int | None, places: tuple[int, int]
) -> None:
    named = {
        f"DemandOrDelayed{n}": {f"DemandOrDelayedWeekEnable{n}": enable}
        for n, enable in ((1, first), (2, second))
    }
    assert peak_delay.places(named) == places


def test_fields_without_their_prefix_are_written_so() -> None:
    named = {"DemandOrDelayed1": {"WeekEnable1": 252, "SOC1": 30, "PowerLimit1": "2"}}
    values = peak_delay.decode(named)
    assert (values["peak_shaving"], values["peak_shaving_soc"]) == (True, 30.0)
    request = peak_delay.request_of({"peak_shaving_soc": 20}, values, named)
    assert request is not None
    assert request.data["SOC1"] == 30
    assert request.data["DemandOrDelayedWeekEnable1"] == 252


async def test_one_mode_rules_in_the_first_dialect() -> None:
    rig = Rig("v1")
    settings = await rig.read()
    assert settings.values["operation_mode"] == "self_use"
    assert "tou_mode" not in settings.values
    assert "tou_slot_5" not in settings.values
    assert rig.driver.modes == ("self_use", "backup", "tou")
    after = await rig.set({"operation_mode": "tou"})
    assert after.values["operation_mode"] == "tou"
    ((_, body, log),) = rig.cloud.said
    assert (body, log) == ({"TOUMode": {"TOUMode": 3}}, {"TOU": "remote_Switch_on"})


async def test_modes_that_are_not_told_when_inactive_are_no_trouble() -> None:
    rig = Rig("v1")
    rig.controls.switches.inactive_modes = "empty"
    after = await rig.set({"operation_mode": "backup"})
    assert after.values["operation_mode"] == "backup"


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"peak_shaving": True, "tou_mode": True}, "modes_exclusive"),
        ({"peak_shaving": True, "delayed_charge": True}, "modes_exclusive"),
        ({"backup_power": 40}, "needs_other"),
        ({"peak_shaving_power": 655.35}, "setting_range"),
        ({"running_mode": "ai"}, "unknown_setting"),
        ({"tou_slot_1": {"start": "01:00"}}, "unknown_setting"),
        ({"delayed_charge_months": [0]}, "unknown_setting"),
        ({"running": 1}, "unknown_setting"),
    ],
)
async def test_what_does_not_fit_is_refused_before_anything_is_sent(
    values: dict[str, Any], key: str
) -> None:
    rig = Rig()
    with pytest.raises(Refusal) as caught:
        await _wanted(rig, values)
    assert caught.value.key == key
    assert rig.cloud.said == []


async def test_peak_shaving_is_not_begun_beside_slots_that_a_force_has_made_count() -> (
    None
):
    rig = Rig()
    base = replace(await rig.read(), leased={"tou_mode": True})
    for values, refused in (
        ({"peak_shaving": True}, True),
        # Who turns off what the force needs ends it
        ({"peak_shaving": True, "tou_mode": False}, False),
    ):
        intent = SetValues(edits=(lambda _, to=values: to,))
        if refused:
            with pytest.raises(Refusal) as caught:
                rig.driver.plan(intent, base, rig.clock.now())
            assert caught.value.key == "modes_exclusive"
        else:
            assert rig.driver.plan(intent, base, rig.clock.now()).target == values


PEAK: dict[str, Any] = {
    "DemandOrDelayedWeekEnable1": 252,
    "DemandOrDelayedStart1": "17:00",
    "DemandOrDelayedEnd1": "21:00",
    "DemandOrDelayedSOC1": 40,
    "DemandOrDelayedPowerLimit1": 2,
}
DELAY: dict[str, Any] = {
    "DemandOrDelayedWeekEnable2": 250,
    "DemandOrDelayedEnd2": "14:00",
    "DemandOrDelayedPowerLimit2": 150,
    "DemandOrDelayedMonth2": [3, 4],
    "DemandOrDelayedChargePriority2": 1,
}


@pytest.mark.parametrize(
    ("change", "name", "field"),
    [
        ({"peak_shaving_soc": 50}, "DemandOrDelayed1", "DemandOrDelayedPowerLimit1"),
        ({"peak_shaving_power": 3}, "DemandOrDelayed1", "DemandOrDelayedEnd1"),
        (
            {"delayed_charge_start": "15:00"},
            "DemandOrDelayed2",
            "DemandOrDelayedPowerLimit2",
        ),
        ({"delayed_charge_export": 9}, "DemandOrDelayed2", "DemandOrDelayedMonth2"),
        ({"backup_grid_charge": True}, "Backup", "BackupPChargeP"),
    ],
)
@pytest.mark.parametrize("raw", [None, 4711])
async def test_what_was_not_read_of_a_whole_is_not_made_up(
    change: dict[str, Any], name: str, field: str, raw: Any
) -> None:
    rig = Rig()
    base = await rig.read()
    backup = {"BackupModeEnable": 0, "BackupPChargeP": 20}
    said = {"DemandOrDelayed1": PEAK, "DemandOrDelayed2": DELAY, "Backup": backup}
    said[name] = said[name] | {field: raw}
    read = {"named": {**base.raw["named"], **said}}
    base = rig.driver.decode({**base.raw, **read}, rig.clock.now())
    intent = SetValues(edits=(lambda _: change,))
    if raw is None:
        with pytest.raises(Refusal) as caught:
            rig.driver.plan(intent, base, rig.clock.now())
        assert caught.value.key == "unknown_setting"
        return
    rig.driver.plan(intent, base, rig.clock.now())
    (step,) = rig.driver.steps(change, base)
    rig.cloud.error = WriteRejected("only listening")
    with pytest.raises(WriteRejected):
        await rig.driver.apply(step, base, {})
    # What is not understood goes back as it came
    assert rig.cloud.said[-1][1][name][field] == raw


async def test_what_the_cloud_never_wrote_is_unknown_until_we_did() -> None:
    rig = Rig()
    rig.controls.written.discard("47509")
    settings = await rig.read()
    assert "export_limit" not in settings.values
    assert {"export_limit", "running", "reserve"} <= settings.assumed
    rig.controls.switches.clears_cache = True
    after = await rig.set({"export_limit": True})
    assert after.values["export_limit"] is True
    assert "export_limit" in after.assumed
    assert Rig(notes=rig.notes).notes == rig.notes


async def test_the_status_tells_whether_it_runs_as_soon_as_it_knows_of_our_order() -> (
    None
):
    rig = Rig()
    rig.running = False
    assert (await rig.read()).values["running"] is False
    assert (await rig.set({"running": True})).values["running"] is True
    await rig.clock.sleep(170)
    assert (await rig.read()).values["running"] is True
    # Also after a restart
    rig = Rig(notes=rig.notes, clock=rig.clock)
    rig.running = False
    assert (await rig.read()).values["running"] is True
    await rig.clock.sleep(20)
    assert (await rig.read()).values["running"] is False
    # At night it says nothing
    rig.running = None
    assert (await rig.read()).values["running"] is True


async def test_a_register_is_only_thought_to_be_old_while_it_is_leased() -> None:
    rig = Rig()
    rig.controls.write_as_app({"45356": 10})
    base = await rig.read()
    intents = [SetReserve(soc=40, until=rig.after(hours=1)), SetReserve(soc=60)]
    for intent, old in zip(intents, ({"reserve"}, set()), strict=True):
        plan = rig.driver.plan(intent, base, rig.clock.now())
        (step,) = rig.driver.steps(plan.target, base)
        await rig.driver.apply(step, base, plan.memo)
        assert (await rig.driver.read()).volatile == set()
        rig.controls.write_as_app({"45356": 10})
        assert (await rig.driver.read()).volatile == old


async def test_a_part_is_read_without_the_rest() -> None:
    rig = Rig()
    await rig.read()
    rig.cloud.asked.clear()
    part = await rig.driver.read_part({"export_limit"})
    assert rig.cloud.asked == ["function_values"]
    assert "tou_mode" not in part.values
    part = await rig.driver.read_part({"tou_slot_1", "tou_mode"})
    assert rig.cloud.asked == ["function_values", "settings"]
    assert part.lacking({"export_limit"}) == ["export_limit"]
    assert rig.read_documents[-1].keys() == {"named", "registers"}


async def test_a_busy_device_is_tried_again_later() -> None:
    rig = Rig()
    rig.cloud.error = WriteRejected("no", code="R0305", reason="device_busy")
    with pytest.raises(ThrottledError) as caught:
        await rig.set({"tou_mode": True})
    assert caught.value.code == "R0305"


async def test_buttons_have_their_only_value() -> None:
    rig = Rig("all_in_one")
    await rig.read()
    assert rig.driver.commands == ("restart",)
    await rig.driver.command("restart")
    assert rig.cloud.said[0][1] == {"45221": 361}
    with pytest.raises(WriteRejected):
        await rig.driver.command("shutdown")


async def test_an_inverter_without_a_battery_has_no_setting_of_one() -> None:
    rig = Rig("string", battery=lambda: None)
    await rig.read()
    keys = [one.key for one in rig.driver.settings]
    assert keys == ["export_limit", "export_limit_power"]
    assert rig.driver.commands == ("start", "shutdown", "restart")
    kinds = {str(kind) for kind in rig.driver.capabilities.intents}
    assert kinds == {"set_values", "set_export_limit"}
