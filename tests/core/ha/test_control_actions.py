"""The actions of control.md section 4, over a manager that only takes notes."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import entity_registry as er
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.client.errors import WriteRejected, WriteUnknown, WriteUnverified
from core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Kind,
    Row,
    SelfUse,
    SetExportLimit,
    SetReserve,
    SetSchedule,
)
from core.control.outcome import Outcome, Refusal, Result
from core.ha.control_actions import VendorActions, async_register_control
from core.ha.control_defaults import force_defaults
from core.ha.control_schemas import row_data, row_of, schemas

from .controlled import WINDOWS, Battery, FakeManager, Site
from .home import DOMAIN, NOW

HOUR = timedelta(hours=1)
NAN, INF = float("nan"), float("inf")
LONG = "x" * 10_000_000
BERLIN = ZoneInfo("Europe/Berlin")


def manager_of(battery: Battery) -> FakeManager:
    if battery.control is None:
        raise Refusal("no_battery")
    return battery.control


async def read_schedule(battery: Battery) -> dict[str, Any]:
    answer = manager_of(battery).answer
    if isinstance(answer, Exception):
        raise answer
    return {"rows": [{"start": "01:00"}], "use_grid": True}


VENDOR: VendorActions[Battery] = VendorActions(
    domain=DOMAIN,
    find=lambda runtime, identifier: runtime.get(identifier),
    manager=manager_of,  # type: ignore[arg-type]
    kinds=frozenset(Kind),
    modes=("charge", "discharge"),
    switches=("use_grid",),
    read_schedule=read_schedule,
)


@pytest.fixture
async def site(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> Site:
    """Two batteries, a device without one, and the actions."""
    freezer.move_to(NOW)
    await hass.config.async_set_time_zone("America/New_York")
    async_register_control(hass, VENDOR)
    return Site(hass, entry)


@pytest.mark.parametrize(
    ("action", "data", "intent"),
    [
        ("force_charge", {}, ForceCharge(until=NOW + HOUR)),
        (
            "force_charge",
            {"power": "2500", "target_soc": 80, "duration": {"minutes": 90}},
            ForceCharge(
                until=NOW + timedelta(minutes=90), power=2500.0, target_soc=80.0
            ),
        ),
        (
            "force_discharge",
            {"power": 100, "duration": "00:01:00"},
            ForceDischarge(until=NOW + timedelta(minutes=1), power=100.0),
        ),
        ("hold", {}, Hold(until=NOW + HOUR)),
        ("hold", {"block": "both"}, Hold(until=NOW + HOUR, block=HoldBlock.BOTH)),
        ("self_use", {}, SelfUse()),
        ("set_reserve", {"soc": 0}, SetReserve(soc=0.0)),
        (
            "set_reserve",
            {"soc": 20, "duration": 3600},
            SetReserve(soc=20.0, until=NOW + HOUR),
        ),
        ("set_export_limit", {"power": 0}, SetExportLimit(power=0.0)),
        ("set_export_limit", {"percent": 70}, SetExportLimit(percent=70.0)),
        ("set_export_limit", {"unlimited": True}, SetExportLimit()),
        (
            "set_schedule",
            {
                "rows": [
                    {
                        "start": "01:00",
                        "end": "05:30:00",
                        "mode": "charge",
                        "soc": 90,
                        "power": 3000,
                        "days": ["sun", "mon", 2, "7"],
                    },
                    {"start": time(17), "end": time(21), "mode": "discharge"},
                ],
                "clear": "discharge",
                "use_grid": "on",
            },
            SetSchedule(
                rows=(
                    Row(
                        start=time(1),
                        end=time(5, 30),
                        mode="charge",
                        soc=90.0,
                        power=3000.0,
                        days=(1, 2, 7),
                    ),
                    Row(start=time(17), end=time(21), mode="discharge"),
                ),
                clear=frozenset({"discharge"}),
                switches={"use_grid": True},
            ),
        ),
        (
            "set_schedule",
            {"use_grid": False},
            SetSchedule(switches={"use_grid": False}),
        ),
    ],
)
async def test_an_action_becomes_an_intent(
    site: Site, action: str, data: dict[str, Any], intent: Any
) -> None:
    await site.call(action, **data)
    assert site.manager.intents == [intent]


async def test_the_answer_tells_outcome_and_what_follows(site: Site) -> None:
    site.manager.answer = Result(
        outcome=Outcome.APPLIED,
        following=False,
        effective={"power": 2400},
        effective_from=NOW,
        expires_at=NOW + HOUR,
        warnings=("short",),
    )
    assert await site.call("force_charge") == {
        site.ids["S1"]: {
            "outcome": "applied",
            "following": False,
            "effective": {"power": 2400},
            "effective_from": "2026-05-12T06:00:00-04:00",
            "expires_at": "2026-05-12T07:00:00-04:00",
            "warnings": ["short"],
        }
    }


async def test_an_answer_need_not_be_asked_for(site: Site) -> None:
    assert await site.call("self_use", answer=False) is None
    assert site.manager.intents == [SelfUse()]


async def test_several_devices_and_what_stands_for_one(site: Site) -> None:
    """The charger stands for its battery, which is asked once."""
    answer = await site.call("self_use", "EV1", "S1", "S2")
    assert {key: item["outcome"] for key, item in answer.items()} == {
        site.ids[name]: "applied" for name in ("EV1", "S1", "S2")
    }
    assert [manager.intents for manager in site.managers.values()] == [
        [SelfUse()],
        [SelfUse()],
    ]


async def test_of_several_devices_all_are_done_before_one_error(site: Site) -> None:
    site.manager.answer = WriteRejected("no")
    with pytest.raises(HomeAssistantError) as caught:
        await site.call("self_use", "S1", "S2")
    assert caught.value.translation_key == "some_failed"
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["done"] == "Battery S2"
    assert site.managers["S2"].intents == [SelfUse()]


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (WriteRejected("no"), "write_rejected"),
        (WriteUnverified("not seen"), "write_unverified"),
        (WriteUnknown("silence"), "write_unknown"),
        (WriteRejected("no", reason="not_bound"), "not_bound"),
    ],
)
async def test_a_bad_outcome_is_an_error_with_the_vendors_text(
    site: Site, error: Exception, key: str
) -> None:
    site.manager.answer = error
    with pytest.raises(HomeAssistantError) as caught:
        await site.call("force_charge")
    assert not isinstance(caught.value, ServiceValidationError)
    assert caught.value.translation_key == key
    assert caught.value.translation_placeholders == {"detail": str(error)}


async def refused(site: Site, action: str, **data: Any) -> tuple[str | None, Any]:
    with pytest.raises(ServiceValidationError) as caught:
        await site.call(action, **data)
    assert site.manager.intents == []
    assert caught.value.translation_domain == DOMAIN
    return caught.value.translation_key, caught.value.translation_placeholders


async def test_what_the_device_refuses_is_told(site: Site) -> None:
    site.manager.answer = Refusal("stale", minutes=4)
    with pytest.raises(ServiceValidationError) as caught:
        await site.call("force_charge")
    assert caught.value.translation_key == "stale"
    assert caught.value.translation_placeholders == {"minutes": "4"}


async def test_what_the_device_cannot_is_answered_with_what_it_can(site: Site) -> None:
    site.manager.driver.capabilities = WINDOWS
    assert await refused(site, "force_discharge") == (
        "not_supported",
        {"can": "force charge, hold both, hold charge, self use"},
    )


@pytest.mark.parametrize("number", [NAN, INF, -INF, "nan", "-inf", 10**400])
@pytest.mark.parametrize(
    ("action", "field"),
    [
        ("force_charge", "power"),
        ("force_discharge", "target_soc"),
        ("set_reserve", "soc"),
        ("set_export_limit", "percent"),
    ],
)
async def test_what_is_no_number_is_answered_in_the_users_language(
    site: Site, action: str, field: str, number: Any
) -> None:
    assert await refused(site, action, **{field: number}) == ("not_a_number", {})


@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("force_charge", {"power": -1}, "power_range"),
        ("force_charge", {"power": 1e308}, "power_range"),
        ("force_charge", {"target_soc": 101}, "soc_range"),
        ("set_reserve", {"soc": -5}, "soc_range"),
        ("force_charge", {"duration": 0}, "duration_range"),
        ("force_charge", {"duration": -60}, "duration_range"),
        ("force_charge", {"duration": {"seconds": 59}}, "duration_range"),
        ("force_charge", {"duration": {"days": 365}}, "duration_range"),
        ("force_charge", {"duration": {"hours": NAN}}, "duration_range"),
        ("force_charge", {"duration": {"hours": INF}}, "duration_range"),
        ("force_charge", {"duration": {"days": 1e308}}, "duration_range"),
        ("hold", {"duration": 10**400}, "duration_range"),
        ("hold", {"duration": INF}, "duration_range"),
        ("hold", {"duration": NAN}, "duration_range"),
        ("hold", {"duration": 1e308}, "duration_range"),
        ("set_reserve", {"soc": 20, "duration": 1e308}, "duration_range"),
        ("hold", {"until": "2026-05-12 05:59:59"}, "until_past"),
        ("hold", {"until": "2020-01-01 00:00:00"}, "until_past"),
        ("hold", {"until": "0001-01-01 00:00:00+14:00"}, "until_past"),
        ("hold", {"until": "2027-05-12 10:00:00"}, "duration_range"),
        ("hold", {"until": "9999-12-31 23:59:59"}, "duration_range"),
        ("hold", {"until": "2026-05-12 06:00:20"}, "duration_range"),
    ],
)
async def test_what_no_device_could_do_is_answered_in_the_users_language(
    site: Site, action: str, data: dict[str, Any], key: str
) -> None:
    assert (await refused(site, action, **data))[0] == key


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("force_charge", {"power": "a lot"}),
        ("force_charge", {"power": "١٢"}),  # other digits
        ("force_charge", {"power": True}),
        ("force_charge", {"power": None}),
        ("force_charge", {"power": LONG}),
        ("force_charge", {"target_soc": [50]}),
        ("force_charge", {"duration": "soon"}),
        ("force_charge", {"duration": LONG}),
        ("force_charge", {"duration": True}),
        ("force_charge", {"duration": {"years": 1}}),
        ("force_charge", {"duration": {LONG: 1}}),
        ("force_charge", {"duration": {"hours": LONG}}),
        ("force_charge", {"duration": {}}),
        ("force_charge", {"duration": []}),
        ("force_charge", {"until": "tomorrow"}),
        ("force_charge", {"until": LONG}),
        ("force_charge", {"until": 5}),
        ("force_charge", {"duration": 60, "until": "10:00"}),
        ("force_charge", {"unknown": 1}),
        ("hold", {"block": "everything"}),
        ("hold", {"block": LONG}),
        ("set_reserve", {}),
        ("set_export_limit", {}),
        ("set_export_limit", {"power": 1, "percent": 1}),
        ("set_export_limit", {"unlimited": False}),
        ("set_schedule", {}),
        ("set_schedule", {"rows": [{"start": "01:00", "end": "02:00"}]}),
        (
            "set_schedule",
            {"rows": [{"start": "25:00", "end": "02:00", "mode": "charge"}]},
        ),
        (
            "set_schedule",
            {"rows": [{"start": LONG, "end": "02:00", "mode": "charge"}]},
        ),
        ("set_schedule", {"clear": "everything"}),
        ("set_schedule", {"clear": LONG}),
        *(
            (
                "set_schedule",
                {
                    "rows": [
                        {
                            "start": "01:00",
                            "end": "02:00",
                            "mode": "charge",
                            "days": days,
                        }
                    ]
                },
            )
            for days in ([], [0], [8], ["someday"], [1.5], [NAN], [1] * 8)
        ),
        ("set_schedule", {"rows": [{}] * 101}),
    ],
)
async def test_another_shape_is_refused(
    site: Site, action: str, data: dict[str, Any]
) -> None:
    with pytest.raises(probatio.Invalid) as caught:
        await site.call(action, **data)
    assert len(str(caught.value)) < 500
    assert site.manager.intents == []


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        # As Home Assistant's own selector sends it: in its zone
        ("2026-05-12 07:30:00", datetime(2026, 5, 12, 11, 30, tzinfo=UTC)),
        (datetime(2026, 5, 12, 7, 30), datetime(2026, 5, 12, 11, 30, tzinfo=UTC)),
        ("2026-05-12T13:30:00+02:00", datetime(2026, 5, 12, 11, 30, tzinfo=UTC)),
        ("2026-05-12T11:30:00Z", datetime(2026, 5, 12, 11, 30, tzinfo=UTC)),
        # In the zone of the site
        ("13:30", datetime(2026, 5, 12, 11, 30, tzinfo=UTC)),
        (time(13, 30), datetime(2026, 5, 12, 11, 30, tzinfo=UTC)),
        ("12:00:00", datetime(2026, 5, 13, 10, 0, tzinfo=UTC)),
        ("00:15", datetime(2026, 5, 12, 22, 15, tzinfo=UTC)),
    ],
)
async def test_an_end_is_a_moment_or_the_next_time_of_the_site(
    site: Site, until: Any, expected: datetime
) -> None:
    site.batteries["S1"].zone = BERLIN
    await site.call("hold", until=until)
    assert site.manager.intents == [Hold(until=expected)]


async def test_each_site_has_its_own_time_of_day(site: Site) -> None:
    site.batteries["S1"].zone = BERLIN
    await site.call("hold", "S1", "S2", until="13:00")
    assert site.manager.intents == [Hold(until=NOW + HOUR)]
    assert site.managers["S2"].intents == [Hold(until=NOW + 3 * HOUR)]


async def test_the_duration_of_the_entity_is_the_default(
    site: Site, hass: HomeAssistant
) -> None:
    defaults = force_defaults(hass, DOMAIN, "S1")
    defaults.minutes, defaults.power, defaults.target_soc = 5, 700, 60
    defaults.block = HoldBlock.BOTH
    await site.call("force_charge")
    await site.call("hold")
    await site.call("set_reserve", soc=20)
    assert site.manager.intents == [
        ForceCharge(until=NOW + timedelta(minutes=5)),
        Hold(until=NOW + timedelta(minutes=5)),
        SetReserve(soc=20.0),
    ]


async def test_a_device_that_cannot_block_discharging_alone_holds_both(
    site: Site,
) -> None:
    site.manager.driver.capabilities = WINDOWS
    await site.call("hold")
    assert site.manager.intents == [Hold(until=NOW + HOUR, block=HoldBlock.BOTH)]


async def test_a_device_without_control(site: Site) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await site.call("self_use", "S3")
    assert caught.value.translation_key == "no_battery"


async def test_control_that_is_off_still_lets_go(site: Site) -> None:
    site.manager.allowed = False
    assert (await refused(site, "force_charge"))[0] == "control_off"
    await site.call("self_use")
    assert site.manager.intents == [SelfUse()]


async def test_an_unknown_device(site: Site) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await site.call("force_charge", "0123456789")
    assert caught.value.translation_key is not None


async def test_read_schedule_answers_what_is_read(site: Site) -> None:
    answer = await site.call("read_schedule", "S1", "EV1")
    rows = {"rows": [{"start": "01:00"}], "use_grid": True}
    assert answer == {site.ids["S1"]: rows, site.ids["EV1"]: rows}


def test_a_row_that_was_read_can_be_written() -> None:
    row = Row(
        start=time(1), end=time(5, 30), mode="charge", soc=90, power=3000, days=(1, 7)
    )
    plain = row_data(row)
    assert plain["days"] == ["mon", "sun"]
    schema = schemas(("charge",), ())[Kind.SET_SCHEDULE]
    (again,) = schema({"device_id": "x", "rows": [plain]})["rows"]
    assert row_of(again) == row
    short = Row(start=time(1), end=time(2), mode="charge")
    assert row_data(short) == {"start": "01:00", "end": "02:00", "mode": "charge"}


async def test_read_schedule_is_of_no_use_without_an_answer(site: Site) -> None:
    with pytest.raises(ServiceValidationError):
        await site.call("read_schedule", answer=False)


async def test_read_schedule_fails_in_the_users_language(site: Site) -> None:
    site.manager.answer = WriteRejected("no")
    with pytest.raises(HomeAssistantError) as caught:
        await site.call("read_schedule")
    assert caught.value.translation_key == "write_rejected"
    with pytest.raises(ServiceValidationError) as refusal:
        await site.call("read_schedule", "S3")
    assert refusal.value.translation_key == "no_battery"


async def test_only_what_a_vendor_can_do_is_an_action(hass: HomeAssistant) -> None:
    async_register_control(
        hass,
        VendorActions(
            domain=DOMAIN,
            find=lambda *_: None,
            manager=manager_of,
            kinds=frozenset({Kind.HOLD, Kind.SET_VALUES, Kind.SET_MODE}),
        ),
    )
    assert set(hass.services.async_services_for_domain(DOMAIN)) == {"hold", "self_use"}


@pytest.mark.parametrize(
    "action",
    [
        "force_charge",
        "force_discharge",
        "hold",
        "self_use",
        "set_reserve",
        "set_export_limit",
        "set_schedule",
        "read_schedule",
    ],
)
async def test_who_may_only_look_cannot_move_a_battery(
    site: Site, hass: HomeAssistant, hass_read_only_user: User, action: str
) -> None:
    er.async_get(hass).async_get_or_create("sensor", DOMAIN, "S1_power")
    data = {
        "set_reserve": {"soc": 20},
        "set_export_limit": {"power": 0},
        "set_schedule": {"use_grid": True},
    }
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": site.ids["S1"], **data.get(action, {})},
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert site.manager.intents == []


async def test_who_may_control_can(
    site: Site, hass: HomeAssistant, hass_admin_user: User
) -> None:
    er.async_get(hass).async_get_or_create("sensor", DOMAIN, "S1_power")
    await hass.services.async_call(
        DOMAIN,
        "self_use",
        {"device_id": site.ids["S1"]},
        blocking=True,
        context=Context(user_id=hass_admin_user.id),
    )
    assert site.manager.intents == [SelfUse()]
