"""No export while it costs money, with each kind of export limit that there is."""

from typing import Any

from homeassistant.helpers import entity_registry as er
import pytest

from .stage import PRICE, Stage

NAME = "zero_export_at_negative_price"
COSTS = "binary_sensor.costs"


def limited(stage: Stage) -> tuple[str, float]:
    number = float(stage.room.state("number", "export_limit_power"))
    return stage.room.state("switch", "export_limit"), number


async def exporting(
    stage: Stage,
    *,
    number: str = "export_limit_power",
    at_start: bool = False,
    **changes: Any,
) -> None:
    """Have an automation for negative prices; 5000 W are usual, and the switch off."""
    inputs = {
        "limit_number": stage.id("number", number),
        "limit_switch": stage.id("switch", "export_limit"),
        "earned": PRICE,
        "usual_limit": 5000,
    }
    await stage.automate(NAME, at_start=at_start, **inputs | changes)


async def set_limit(stage: Stage, value: float, *, on: bool) -> None:
    await stage.room.set("switch", "export_limit", on=on)
    await stage.room.set("number", "export_limit_power", value=value)
    await stage.settle()


@pytest.mark.parametrize("vendor", ["goodwe"])
class TestExport:
    """With an inverter that has a switch and a number of W."""

    async def test_nothing_is_fed_in_while_it_costs_money(self, stage: Stage) -> None:
        await set_limit(stage, 5000, on=False)
        await stage.price(0.01)
        await exporting(stage)
        await stage.price(-0.01)
        assert limited(stage) == ("on", 0)
        # At least for a quarter of an hour
        await stage.price(0.02)
        await stage.minutes(5)
        assert limited(stage) == ("on", 0)
        await stage.minutes(11)
        assert limited(stage) == ("off", 5000)
        assert stage.runs == 0

    async def test_what_a_user_sets_meanwhile_stays(self, stage: Stage) -> None:
        await set_limit(stage, 5000, on=False)
        await stage.price(0.01)
        await exporting(stage)
        await stage.price(-0.01)
        await stage.room.set("number", "export_limit_power", value=3000)
        await stage.settle()
        await stage.price(0.02)
        await stage.minutes(16)
        assert limited(stage) == ("on", 3000)
        assert stage.runs == 0

    async def test_a_price_that_stays_unknown_ends_it(self, stage: Stage) -> None:
        await set_limit(stage, 5000, on=True)
        await stage.price("off", COSTS)
        await exporting(stage, earned=COSTS, usual_switch=True)
        await stage.price("on", COSTS)
        assert limited(stage) == ("on", 0)
        await stage.price("unavailable", COSTS)
        await stage.minutes(50)
        assert limited(stage) == ("on", 0)
        await stage.minutes(12)
        assert limited(stage) == ("on", 5000)

    async def test_a_start_puts_back_what_is_over(self, stage: Stage) -> None:
        await set_limit(stage, 0, on=True)
        await stage.price(0.05)
        await exporting(stage, at_start=True)
        assert limited(stage) == ("off", 5000)

    async def test_an_outage_leaves_no_export_limited(self, stage: Stage) -> None:
        await set_limit(stage, 5000, on=False)
        await exporting(stage)
        await stage.price(-0.01)
        assert limited(stage) == ("on", 0)
        await stage.minutes(16)
        with stage.refusing():
            await stage.price(0.02)
            await stage.minutes(75)
        assert limited(stage) == ("on", 0)
        assert len(stage.told) == 1
        await stage.minutes(61)
        assert limited(stage) == ("off", 5000)

    async def test_a_price_that_falls_while_it_is_put_back_is_not_missed(
        self, stage: Stage
    ) -> None:
        await set_limit(stage, 5000, on=False)
        await exporting(stage, least=1)
        await stage.price(-0.01)
        await stage.minutes(1)
        with stage.room.at_write(lambda: stage.hass.states.async_set(PRICE, "-0.02")):
            await stage.price(0.02)
        assert limited(stage) == ("on", 0)

    async def test_a_limit_that_is_shown_in_kw_is_the_same(self, stage: Stage) -> None:
        await set_limit(stage, 400, on=True)
        er.async_get(stage.hass).async_update_entity_options(
            stage.id("number", "export_limit_power"),
            "number",
            {"unit_of_measurement": "kW"},
        )
        await exporting(stage, usual_limit=5, usual_switch=True)
        await stage.settle()
        await stage.price(-0.01)
        assert limited(stage) == ("on", 0)
        await stage.price(0.02)
        await stage.minutes(16)
        assert limited(stage) == ("on", 5)


class TestOtherKinds:
    """With a share of the rated power, and with a choice."""

    @pytest.mark.parametrize(
        ("vendor", "number"),
        [
            ("growatt_sph", "export_limit"),
            ("sungrow", "param_10013"),
            ("sungrow", "param_10014"),
        ],
    )
    async def test_a_number_and_a_switch(self, stage: Stage, number: str) -> None:
        await stage.enable("number", number)
        await stage.enable("switch", "export_limit")
        most = float(stage.room.entity("number", number).attributes["max"])
        await stage.room.set("number", number, value=most)
        await stage.room.set("switch", "export_limit", on=False)
        await stage.price(0.01)
        await exporting(stage, number=number, usual_limit=100000)
        await stage.price(-0.01)
        assert float(stage.room.state("number", number)) == 0
        assert stage.room.state("switch", "export_limit") == "on"
        await stage.price(0.01)
        await stage.minutes(17)
        assert float(stage.room.state("number", number)) == most
        assert stage.room.state("switch", "export_limit") == "off"
        assert stage.runs == 0

    @pytest.mark.parametrize("vendor", ["growatt"])
    async def test_a_choice(self, stage: Stage) -> None:
        await stage.enable("select", "export_limit")
        choice = {"limit_choice": stage.id("select", "export_limit")}
        await stage.price(0.01)
        await stage.automate(NAME, earned=PRICE, **choice)
        await stage.price(-0.01)
        assert stage.room.state("select", "export_limit") == "meter"
        await stage.price(0.01)
        await stage.minutes(17)
        assert stage.room.state("select", "export_limit") == "disabled"

    @pytest.mark.parametrize("vendor", ["growatt"])
    async def test_a_choice_that_is_not_offered(
        self, stage: Stage, caplog: pytest.LogCaptureFixture
    ) -> None:
        await stage.enable("select", "export_limit")
        choice = {"limit_choice": stage.id("select", "export_limit")}
        await stage.automate(NAME, earned=PRICE, choice="Meter", **choice)
        await stage.price(-0.01)
        assert stage.runs == 0
        assert "does not offer these choices" in caplog.text
