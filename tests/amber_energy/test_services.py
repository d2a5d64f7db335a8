"""The actions that answer prices, forecasts, blocks and renewables."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.util import dt as dt_util
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.amber_energy.const import DOMAIN
from simulator.amber import AmberSimulator, Site

from .conftest import set_up
from .entities import Shown
from .passing import Passing

type Call = Callable[..., Awaitable[Any]]


@pytest.fixture(autouse=True)
async def loaded(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """The entry is set up, and nothing is counted yet."""
    await set_up(hass, entry)
    sim.counters.reset()


@pytest.fixture
def call(hass: HomeAssistant, entry: MockConfigEntry) -> Call:
    """Call an action of the entry."""

    async def call_action(
        action: str, context: Context | None = None, **data: Any
    ) -> Any:
        data = {"config_entry_id": entry.entry_id} | data
        return await hass.services.async_call(
            DOMAIN,
            action,
            {key: value for key, value in data.items() if value is not None},
            blocking=True,
            return_response=True,
            context=context,
        )

    return call_action


@pytest.fixture
def shown(hass: HomeAssistant, entry: MockConfigEntry) -> Shown:
    """What the entities show."""
    return Shown(hass, entry)


async def refused(request: Awaitable[Any]) -> ServiceValidationError:
    """Return the validation error that a call ends with."""
    with pytest.raises(ServiceValidationError) as raised:
        await request
    return raised.value


def starts(items: list[dict[str, Any]]) -> list[datetime]:
    found = [dt_util.parse_datetime(item["start_time"]) for item in items]
    assert None not in found
    return found  # type: ignore[return-value]


class TestForecasts:
    """get_forecasts."""

    @pytest.mark.parametrize("channel", ["general", "controlled_load", "feed_in"])
    async def test_as_the_sensor(
        self, sim: AmberSimulator, call: Call, shown: Shown, channel: str
    ) -> None:
        """The same list as the sensor's, without a request."""
        answer = await call("get_forecasts", channel_type=channel)
        attributes = shown.attributes(f"{channel}_forecast")
        assert answer == {"forecasts": attributes["forecasts"]}
        assert sim.counters.by_endpoint() == {}

    async def test_current_and_next(
        self, sim: AmberSimulator, call: Call, shown: Shown
    ) -> None:
        """The one that runs comes first and does not count."""
        answer = await call(
            "get_forecasts", channel_type="general", next=3, include_current=True
        )
        first, *others = answer["forecasts"]
        assert first["per_kwh"] == shown.number("general_price")
        assert first["estimate"] is False
        assert len(others) == 3
        assert sim.counters.by_endpoint() == {}

    @pytest.mark.parametrize("minutes", [5, 30])
    async def test_resolution(
        self, sim: AmberSimulator, call: Call, minutes: int
    ) -> None:
        """All steps are equal, without a hole, and no request is needed."""
        answer = await call("get_forecasts", channel_type="general", resolution=minutes)
        items = answer["forecasts"]
        assert {item["duration"] for item in items} == {minutes}
        times = starts(items)
        assert {b - a for a, b in pairwise(times)} == {timedelta(minutes=minutes)}
        assert times[0].minute % minutes == 0
        assert sim.counters.by_endpoint() == {}

    async def test_hours(self, call: Call) -> None:
        """What begins later is left out."""
        answer = await call("get_forecasts", channel_type="general", hours=1.5)
        limit = dt_util.utcnow() + timedelta(hours=1.5)
        assert len(answer["forecasts"]) > 2
        assert max(starts(answer["forecasts"])) < limit

    async def test_advanced(self, call: Call) -> None:
        """Amber's own number, where there is one, and whose it is."""
        market = await call("get_forecasts", channel_type="feed_in")
        answer = await call("get_forecasts", channel_type="feed_in", price="advanced")
        sources = set()
        for one, other in zip(market["forecasts"], answer["forecasts"], strict=True):
            sources.add(other["price_source"])
            wanted = one.get("advanced_price_predicted", one["per_kwh"])
            assert other["per_kwh"] == wanted
        assert sources == {"advanced", "market"}

    async def test_previous_is_asked_for(
        self, sim: AmberSimulator, site: Site, call: Call
    ) -> None:
        """What is not held costs one request."""
        answer = await call(
            "get_forecasts", channel_type="general", previous=300, next=2
        )
        assert sim.counters.by_endpoint() == {"prices/current": 1}
        items = answer["forecasts"]
        assert len(items) == 302
        now = dt_util.utcnow()
        assert [start < now for start in starts(items)] == [True] * 300 + [False] * 2
        cents = sim.truth.price(site.id, starts(items)[0], "general")
        assert items[0]["per_kwh"] == pytest.approx(cents / 100, abs=1e-6)

    async def test_today_s_past_is_held(
        self, sim: AmberSimulator, site: Site, call: Call
    ) -> None:
        """It costs none."""
        for more in ({}, {"resolution": 30}):
            answer = await call(
                "get_forecasts", channel_type="general", previous=20, next=0, **more
            )
            times = starts(answer["forecasts"])
            assert len(times) == 20
            assert times == sorted(set(times))
        assert sim.counters.by_endpoint() == {}

    async def test_a_hole_in_what_is_held(
        self, sim: AmberSimulator, entry: MockConfigEntry, call: Call, step: Passing
    ) -> None:
        """Amber is asked for what an outage has left out."""
        sim.faults.add("status", "*", status=500)
        await step(1200)
        sim.faults.clear()
        await step(400)
        sim.counters.reset()
        answer = await call("get_forecasts", channel_type="general", previous=9, next=0)
        times = starts(answer["forecasts"])
        assert {later - start for start, later in pairwise(times)} == {
            timedelta(minutes=5)
        }
        assert sim.counters.by_endpoint() == {"prices/current": 1}

    @pytest.mark.parametrize("honoured", [True, False])
    async def test_previous_half_hours(
        self, sim: AmberSimulator, call: Call, honoured: bool
    ) -> None:
        """So many whole half hours, whether Amber heeds a resolution or not."""
        sim.resolution_honoured = honoured
        answer = await call(
            "get_forecasts", channel_type="general", previous=40, next=1, resolution=30
        )
        now = dt_util.utcnow()
        past = [start for start in starts(answer["forecasts"]) if start < now]
        assert len(past) == 40
        assert {start.minute % 30 for start in past} == {0}
        assert sim.counters.count() == 1

    async def test_too_few_requests(self, sim: AmberSimulator, call: Call) -> None:
        """The rest is kept for the prices, and it is said how long to wait."""
        sim.spend("prices_current", 38)
        await call("get_forecasts", channel_type="general", previous=300)
        err = await refused(call("get_forecasts", channel_type="general", previous=300))
        assert err.translation_key == "no_requests_left"
        assert err.translation_placeholders is not None
        assert 0 < int(err.translation_placeholders["seconds"]) <= 300
        assert sim.counters.count() == 1

    async def test_unknown_channel(
        self,
        hass: HomeAssistant,
        site: Site,
        entry: MockConfigEntry,
        call: Call,
    ) -> None:
        """A site without a feed-in says so."""
        site.channels[:] = [item for item in site.channels if item.type == "general"]
        entry.runtime_data.account.forget(site.id)
        entry.runtime_data.account.forget("sites")
        await hass.config_entries.async_reload(entry.entry_id)
        err = await refused(call("get_forecasts", channel_type="feed_in"))
        assert err.translation_key == "channel_not_found"
        assert err.translation_placeholders == {"channel_type": "feed_in"}

    async def test_too_many(self, sim: AmberSimulator, call: Call) -> None:
        """More than Amber answers at once is not asked for."""
        err = await refused(
            call("get_forecasts", channel_type="general", previous=2000, next=100)
        )
        assert err.translation_key == "too_many_intervals"
        assert sim.counters.count() == 0

    @pytest.mark.parametrize("following", [None, 0, 3])
    async def test_all_that_is_possible(
        self, sim: AmberSimulator, call: Call, following: int | None
    ) -> None:
        """The forecasts that are held do not lessen what is had of the past."""
        answer = await call(
            "get_forecasts", channel_type="general", previous=2000, next=following
        )
        now = dt_util.utcnow()
        times = starts(answer["forecasts"])
        assert sum(start < now for start in times) == 2000
        if following is not None:
            assert len(times) == 2000 + following
        else:
            assert len(times) > 2050
        assert times == sorted(set(times))
        assert sim.counters.by_endpoint() == {"prices/current": 1}

    async def test_where_all_channels_count(
        self, sim: AmberSimulator, call: Call
    ) -> None:
        """The limit may be one of the whole answer (reference section 3.2)."""
        sim.interval_limit = "total"
        answer = await call(
            "get_forecasts", channel_type="general", previous=500, next=0
        )
        assert len(answer["forecasts"]) == 500
        err = await refused(
            call("get_forecasts", channel_type="general", previous=2000)
        )
        assert err.translation_key == "too_many_intervals"
        assert err.translation_placeholders == {"most": "682"}

    async def test_more_half_hours_than_amber_has_steps(
        self, sim: AmberSimulator, call: Call
    ) -> None:
        """2048 are of the site's own length, and so a sixth of it in half hours."""
        err = await refused(
            call("get_forecasts", channel_type="general", previous=400, resolution=30)
        )
        assert err.translation_key == "too_many_intervals"
        assert err.translation_placeholders == {"most": "341"}
        assert sim.counters.count() == 0

    async def test_no_prices(self, freezer: FrozenDateTimeFactory, call: Call) -> None:
        """An old forecast is no answer."""
        freezer.tick(3600)
        err = await refused(call("get_forecasts", channel_type="general"))
        assert err.translation_key == "no_prices"

    async def test_not_loaded(
        self, hass: HomeAssistant, entry: MockConfigEntry, call: Call
    ) -> None:
        """The action exists without its entry, and says that it is not loaded."""
        await hass.config_entries.async_unload(entry.entry_id)
        err = await refused(call("get_forecasts", channel_type="general"))
        assert err.translation_key == "service_config_entry_not_loaded"

    async def test_read_only_users_may_not(
        self, call: Call, hass_read_only_user: MockUser
    ) -> None:
        """Somebody who may only look cannot use up the account's requests."""
        with pytest.raises(Unauthorized):
            await call(
                "get_forecasts",
                Context(user_id=hass_read_only_user.id),
                channel_type="general",
            )


class TestPrices:
    """get_prices."""

    async def test_days(self, sim: AmberSimulator, site: Site, call: Call) -> None:
        """NEM days from midnight to midnight, in one request per 7 days."""
        answer = await call(
            "get_prices", channel_type="feed_in", start="2026-09-27", end="2026-10-06"
        )
        assert sim.counters.by_endpoint() == {"prices": 2}
        items = answer["prices"]
        assert len(items) == 10 * 288
        assert {item["channel_type"] for item in items} == {"feedIn"}
        times = starts(items)
        assert times[0].isoformat() == "2026-09-26T14:00:00+00:00"
        assert times == sorted(set(times))
        cents = sim.truth.price(site.id, times[700], "feedIn")
        assert items[700]["per_kwh"] == pytest.approx(-cents / 100, abs=1e-6)

    async def test_all_channels(self, call: Call) -> None:
        """Without a channel all are answered."""
        answer = await call("get_prices", start="2026-10-06", end="2026-10-06")
        channels = [item["channel_type"] for item in answer["prices"]]
        assert len(channels) == 3 * 288
        assert set(channels) == {"general", "controlledLoad", "feedIn"}

    @pytest.mark.parametrize("honoured", [True, False])
    async def test_resolution(
        self, sim: AmberSimulator, call: Call, honoured: bool
    ) -> None:
        """Half hours, whether Amber heeds that or not."""
        sim.resolution_honoured = honoured
        answer = await call(
            "get_prices",
            channel_type="general",
            start="2026-10-06",
            end="2026-10-06",
            resolution=30,
        )
        assert [item["duration"] for item in answer["prices"]] == [30] * 48

    @pytest.mark.parametrize(
        ("start", "end", "key"),
        [
            ("2026-10-06", "2026-10-05", "dates_reversed"),
            ("2026-08-01", "2026-09-01", "range_too_large"),
            ("1999-12-31", "2000-01-02", "too_early"),
            ("9999-12-30", "9999-12-31", "too_late"),
        ],
    )
    async def test_days_that_make_no_sense(
        self, sim: AmberSimulator, call: Call, start: str, end: str, key: str
    ) -> None:
        """They are refused in words, before anything is asked."""
        err = await refused(call("get_prices", start=start, end=end))
        assert (err.translation_domain, err.translation_key) == (DOMAIN, key)
        assert sim.counters.count() == 0

    async def test_the_surcharge_is_not_for_what_was(
        self, entry: MockConfigEntry, site: Site, call: Call
    ) -> None:
        """It is a reason to use less, and no part of what Amber took."""
        site.tariff.demand_always = True
        plain = await call("get_prices", start="2026-10-06", end="2026-10-06")
        await entry.runtime_data.settings.set("demand_window_surcharge", 0.5)
        assert entry.runtime_data.settings.surcharge == 0.5
        assert await call("get_prices", start="2026-10-06", end="2026-10-06") == plain

    async def test_a_month_is_not_too_large(
        self, sim: AmberSimulator, call: Call
    ) -> None:
        """31 days are 5 requests."""
        await call(
            "get_prices",
            channel_type="general",
            start="2026-09-06",
            end="2026-10-06",
            resolution=30,
        )
        assert sim.counters.by_endpoint() == {"prices": 5}

    async def test_amber_fails(self, sim: AmberSimulator, call: Call) -> None:
        """It is told in the user's language."""
        sim.faults.add("status", "prices", status=500)
        with pytest.raises(HomeAssistantError) as raised:
            await call("get_prices", start="2026-10-06", end="2026-10-06")
        assert raised.value.translation_key == "cannot_connect"


class TestBlock:
    """find_block."""

    @pytest.mark.parametrize("mode", ["cheapest", "dearest"])
    async def test_block(
        self, sim: AmberSimulator, call: Call, shown: Shown, mode: str
    ) -> None:
        """No other hour that begins with a forecast is better; nothing is asked."""
        answer = await call("find_block", channel_type="general", hours=1, mode=mode)
        start = dt_util.parse_datetime(answer["start"])
        end = dt_util.parse_datetime(answer["end"])
        assert start is not None
        assert end is not None
        assert end - start == timedelta(hours=1)
        assert start >= dt_util.utcnow()
        items = (
            await call(
                "get_forecasts",
                channel_type="general",
                resolution=5,
            )
        )["forecasts"]
        means = [
            sum(item["per_kwh"] for item in items[index : index + 12]) / 12
            for index in range(len(items) - 11)
        ]
        best = min(means) if mode == "cheapest" else max(means)
        if mode == "cheapest":
            assert answer["average"] <= best + 1e-6
        else:
            assert answer["average"] >= best - 1e-6
        assert answer["average"] == pytest.approx(best, abs=0.01)
        assert sim.counters.count() == 0

    async def test_latest_end(self, call: Call) -> None:
        """It is over by then; a time without a zone is the home's."""
        answer = await call(
            "find_block",
            channel_type="general",
            hours=2,
            mode="dearest",
            latest_end="2026-10-07 16:00:00",
        )
        end = dt_util.parse_datetime(answer["end"])
        assert end is not None
        assert end <= datetime.fromisoformat("2026-10-07T16:00:00+11:00")
        assert answer["end"].endswith("+11:00")

    async def test_too_late(self, call: Call) -> None:
        """There is no such block."""
        err = await refused(
            call(
                "find_block",
                channel_type="general",
                hours=3,
                latest_end="2026-10-07 14:00:00",
            )
        )
        assert err.translation_key == "no_block"


class TestRenewables:
    """get_renewables."""

    async def test_any_state(self, sim: AmberSimulator, call: Call) -> None:
        """Without a token and without naming a site."""
        answer = await call(
            "get_renewables",
            config_entry_id=None,
            state="vic",
            previous=6,
            next=3,
            resolution=5,
        )
        (request,) = sim.counters.requests()
        assert (request.endpoint, request.system) == ("renewables", "vic")
        items = answer["renewables"]
        kinds = [item["type"] for item in items]
        assert kinds == ["actual"] * 6 + ["current"] + ["forecast"] * 3
        assert {item["duration"] for item in items} == {5}
        words = {"best", "great", "ok", "not_great", "worst"}
        assert {item["descriptor"] for item in items} <= words

    async def test_no_entry(
        self, hass: HomeAssistant, entry: MockConfigEntry, call: Call
    ) -> None:
        """There is nobody to ask then."""
        await hass.config_entries.async_unload(entry.entry_id)
        err = await refused(call("get_renewables", config_entry_id=None, state="vic"))
        assert err.translation_key == "nothing_loaded"

    async def test_amber_refuses(self, sim: AmberSimulator, call: Call) -> None:
        """No token was sent, so nobody is asked for one."""
        sim.faults.add("vendor_error", "renewables", code=403)
        with pytest.raises(HomeAssistantError) as raised:
            await call("get_renewables", state="sa")
        assert raised.value.translation_key == "not_permitted"


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("get_forecasts", {"channel_type": "feedIn"}),
        ("get_forecasts", {"channel_type": "general", "resolution": 15}),
        ("get_forecasts", {"channel_type": "general", "previous": -1}),
        ("get_forecasts", {"channel_type": "general", "next": 2048}),
        ("get_forecasts", {"channel_type": "general", "hours": 0}),
        ("get_forecasts", {"channel_type": "general", "price": "spot"}),
        ("get_forecasts", {}),
        ("get_prices", {"start": "2026-10-01"}),
        ("get_prices", {"start": "yesterday", "end": "today"}),
        ("find_block", {"channel_type": "general", "hours": 49}),
        ("find_block", {"channel_type": "general", "hours": float("nan")}),
        ("find_block", {"channel_type": "general", "hours": 1, "mode": "best"}),
        ("get_renewables", {"state": "tas"}),
    ],
)
async def test_wrong_fields(call: Call, action: str, data: dict[str, Any]) -> None:
    """What has the wrong shape is not even begun."""
    with pytest.raises(probatio.Invalid):
        await call(action, **data)
