"""The client against the simulated cloud, in a time of its own."""

from collections.abc import AsyncGenerator, Callable
from datetime import timedelta

import pytest

from custom_components.sungrow_energy._vendor.core.client.budget import Budget
from custom_components.sungrow_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    NotPermittedError,
    ThrottledError,
    UnsupportedError,
    WriteRejected,
)
from custom_components.sungrow_energy._vendor.core.client.redact import Redactor
from custom_components.sungrow_energy._vendor.core.client.usage import calls_last_hour
from custom_components.sungrow_energy.api.access import Credentials, Flavour
from custom_components.sungrow_energy.api.client import SungrowClient
from custom_components.sungrow_energy.api.frame import Application, Frame
from custom_components.sungrow_energy.api.history import Period
from custom_components.sungrow_energy.api.login import LoginRefused, LoginSession
from custom_components.sungrow_energy.api.oauth import OAuthClient
from simulator.sungrow import SungrowSimulator
from tests.core.fake_clock import FakeClock

from .conftest import Notes

PLAIN = pytest.mark.parametrize("encrypted", [False])
OAUTH = pytest.mark.parametrize("flavour", [Flavour.OAUTH])
LOGIN = pytest.mark.parametrize("flavour", [Flavour.LOGIN])


class Refreshing:
    """Credentials of the OAuth flavour that forget everything at the end."""

    def __init__(self, sim: SungrowSimulator, oauth: OAuthClient) -> None:
        self._sim, self._oauth = sim, oauth
        self._pair: tuple[str, str] | None = None
        self.failure: ApiError | None = None

    async def token(self) -> str:
        if self._pair is None:
            code = self._sim.code()
            got = await self._oauth.exchange(code, self._sim.redirect_uri)
            self._pair = got.access_token, got.refresh_token or ""
        return self._pair[0]

    async def renew(self, old: str) -> str:
        assert self._pair is not None
        assert self._pair[0] == old
        got = await self._oauth.refresh(self._pair[1])
        self._pair = got.access_token, got.refresh_token or self._pair[1]
        return self._pair[0]


@pytest.fixture
async def sim(
    clock: FakeClock, socket_enabled: None
) -> AsyncGenerator[SungrowSimulator]:
    """A hybrid and a plant without a battery."""
    made = SungrowSimulator(clock=clock.now, homes=["hybrid", "string"])
    await made.start()
    for plant in made.plants:
        plant.upload()
    yield made
    await made.stop()


@pytest.fixture(params=[False, True], ids=["plain", "encrypted"])
def encrypted(request: pytest.FixtureRequest, sim: SungrowSimulator) -> bool:
    """Whether calls are encrypted."""
    return bool(request.param)


@pytest.fixture
def application(sim: SungrowSimulator, encrypted: bool) -> Application:
    """The one of the simulator."""
    if encrypted:
        sim.wire.encryption = "required"
    return Application(
        app_key=sim.app_key,
        secret=sim.secret,
        public_key=sim.public_key if encrypted else None,
    )


@pytest.fixture
def frame(
    sim: SungrowSimulator, make_frame: Callable[..., Frame], application: Application
) -> Frame:
    """A frame for the simulator."""
    return make_frame(sim.url, application)


@pytest.fixture
def oauth(frame: Frame, application: Application, redactor: Redactor) -> OAuthClient:
    """Its token endpoints."""
    return OAuthClient(frame, application, redactor=redactor)


@pytest.fixture
def make_session(
    sim: SungrowSimulator,
    frame: Frame,
    application: Application,
    budget: Budget,
    notes: Notes,
    redactor: Redactor,
) -> Callable[..., LoginSession]:
    """Makes a session of the owner."""

    def make(password: str | None = None) -> LoginSession:
        return LoginSession(
            frame,
            application,
            sim.user_name,
            password or sim.password,
            budget=budget,
            notes=notes,
            redactor=redactor,
        )

    return make


@pytest.fixture
def client(
    sim: SungrowSimulator,
    frame: Frame,
    oauth: OAuthClient,
    make_session: Callable[..., LoginSession],
    flavour: Flavour,
    clock: FakeClock,
) -> SungrowClient:
    """A client of the owner."""
    credentials: Credentials = Refreshing(sim, oauth)
    if flavour is Flavour.LOGIN:
        credentials = make_session()
    return SungrowClient(frame, credentials, flavour, clock=clock)


async def test_everything_is_read(
    client: SungrowClient, sim: SungrowSimulator, flavour: Flavour
) -> None:
    ids = [plant.id for plant in sim.plants]
    hybrid = sim.plants[0]
    inverter = next(device for device in hybrid.devices if device.type == 14)
    assert [str(row["ps_id"]) for row in await client.plants()] == ids
    details = await client.plant_details([*ids, "4711"])
    assert [str(row["ps_id"]) for row in details["data_list"]] == ids
    assert details["not_authorization_ps_list"] == ["4711"]
    devices = {row["device_sn"] for row in await client.devices(hybrid.id)}
    assert devices == {device.sn for device in hybrid.devices}

    live = await client.plant_points([*ids, "4711"], ["83022", "83033"], want_dict=True)
    assert [str(row["ps_id"]) for row in live["device_point_list"]] == ids
    assert live["fail_ps_id_list"] == ["4711"]
    assert all(float(row["p83022"]) >= 0 for row in live["device_point_list"])
    units = {str(entry["point_id"]): entry for entry in live["point_dict"]}
    login = flavour is Flavour.LOGIN
    assert set(units) == (set() if login else {"83022", "83033"})

    found = await client.device_points(14, [inverter.ps_key], ["13141", "13146"])
    (row,) = found["device_point_list"]
    assert 0 <= float(row["p13141"]) <= 1
    assert len(row["device_time"]) == 14
    assert await client.faults() == []


@PLAIN
async def test_the_past_is_read(client: SungrowClient, sim: SungrowSimulator) -> None:
    plant = sim.plants[0]
    inverter = next(device for device in plant.devices if device.type == 14)
    midnight = plant.local(sim.clock()).replace(hour=0, minute=0, second=0)
    start = midnight.replace(tzinfo=None, microsecond=0) - timedelta(hours=13)
    end = start + timedelta(hours=3)
    for ids, points, kind in (
        ([plant.id], ["83024"], None),
        ([inverter.ps_key], ["13134"], 14),
    ):
        found = await client.minute_history(ids, points, start, end, device_type=kind)
        (rows,) = found.values()
        assert list(found) == ids
        assert [row["time_stamp"][8:10] for row in rows] == ["11", "12", "13", "14"]
        counters = [float(row[f"p{points[0]}"]) for row in rows]
        assert counters == sorted(counters)
        days = await client.period_history(
            ids,
            points,
            start.date() - timedelta(days=9),
            start.date(),
            Period.DAY,
            device_type=kind,
        )
        assert len(days[ids[0]][f"p{points[0]}"]) == 10


@PLAIN
async def test_a_parameter_is_changed_and_read_back(
    client: SungrowClient, sim: SungrowSimulator, clock: FakeClock
) -> None:
    device = next(d for d in sim.devices.values() if d.type == 14)

    async def done(rows: list[tuple[str, str]], *, write: bool) -> dict[str, str]:
        task_id = await client.submit_parameters(device.uuid, rows, write=write)
        for _ in range(10):
            await clock.advance(5)
            task = await client.task(device.uuid, task_id)
            if str(task["command_status"]) == "8":
                return {
                    row["param_code"]: row["return_value"] for row in task["param_list"]
                }
        raise AssertionError("it took too long")

    assert await client.check_parameters(device.uuid, write=True)
    assert await client.check_parameters(device.uuid, write=False)
    await done([("10001", "950")], write=True)
    assert device.parameters.active[10001] == 950
    assert float((await done([("10001", "")], write=False))["10001"]) == 95


@PLAIN
async def test_refused_tasks_are_told_apart(
    client: SungrowClient, sim: SungrowSimulator
) -> None:
    device = next(d for d in sim.devices.values() if d.type == 14)
    meter = next(d for d in sim.devices.values() if d.type == 7)
    assert not await client.check_parameters(meter.uuid, write=True)
    with pytest.raises(UnsupportedError) as unsupported:
        await client.submit_parameters(device.uuid, [("10999", "")], write=False)
    assert unsupported.value.reason == "code_not_supported"
    await client.submit_parameters(device.uuid, [("10001", "950")], write=True)
    with pytest.raises(ThrottledError) as repeated:
        await client.submit_parameters(device.uuid, [("10002", "100")], write=True)
    assert repeated.value.reason == "repeated"
    rows = [("10001", "950")] * 11
    with pytest.raises(WriteRejected):
        await client.submit_parameters(device.uuid, rows, write=True)
    device.switches.online = False
    with pytest.raises(WriteRejected) as offline:
        await client.submit_parameters(device.uuid, [("10001", "950")], write=True)
    assert offline.value.reason == "device_offline"


@PLAIN
@OAUTH
@pytest.mark.parametrize("dead", ["E00003", "E900", "002", "401", "error"])
async def test_a_dead_access_token_is_renewed(
    client: SungrowClient, sim: SungrowSimulator, dead: str
) -> None:
    sim.wire.dead_token_as = dead
    await client.plants()
    sim.oauth.expire_access()
    assert await client.faults() == []
    assert sim.oauth.tokens.refreshes == 1


@PLAIN
@LOGIN
@pytest.mark.parametrize("dead", ["E00003", "E900"])
async def test_a_dead_login_is_renewed(
    client: SungrowClient, sim: SungrowSimulator, clock: FakeClock, dead: str
) -> None:
    sim.wire.dead_login_as = dead
    await client.plants()
    await clock.advance(61)
    sim.login.expire()
    assert await client.faults() == []
    assert sim.login.attempts == 2


@PLAIN
@OAUTH
@pytest.mark.parametrize("at", ["both", "result_data", "top"])
async def test_tokens_come_in_any_shape(
    client: SungrowClient, sim: SungrowSimulator, at: str
) -> None:
    sim.oauth.tokens_at = at
    await client.plants()
    sim.oauth.expire_access()
    assert len(await client.plants()) == 2


@PLAIN
@OAUTH
@pytest.mark.parametrize("at", ["result_data", "top"])
@pytest.mark.parametrize("status", [200, 400, 401])
async def test_a_revoked_grant_is_dead(
    client: SungrowClient, sim: SungrowSimulator, at: str, status: int
) -> None:
    sim.oauth.refresh_failure_at, sim.oauth.failure_status = at, status
    await client.plants()
    sim.oauth.revoke()
    with pytest.raises(AuthError) as caught:
        await client.plants()
    assert caught.value.reason == "grant_dead"


async def test_codes_are_refused_for_their_reason(
    sim: SungrowSimulator, oauth: OAuthClient
) -> None:
    async def reason(code: str, redirect: str) -> str | None:
        with pytest.raises(AuthError) as caught:
            await oauth.exchange(code, redirect)
        return caught.value.reason

    code = sim.code()
    got = await oauth.exchange(code, sim.redirect_uri)
    assert got.plants == tuple(plant.id for plant in sim.plants)
    assert got.user == sim.user_id
    assert await reason(code, sim.redirect_uri) == "code_used"
    assert await reason(sim.code(), "https://elsewhere/") == "redirect_mismatch"
    sim.oauth.approved = False
    assert await reason(sim.code(), sim.redirect_uri) == "not_approved"


async def test_wrong_keys_are_named(
    sim: SungrowSimulator, make_frame: Callable[..., Frame], redactor: Redactor
) -> None:
    wrong = {
        "wrong_app_key": Application(app_key="0" * 32, secret=sim.secret),
        "wrong_secret": Application(app_key=sim.app_key, secret="x" * 32),
    }
    for reason, application in wrong.items():
        frame = make_frame(sim.url, application)
        oauth = OAuthClient(frame, application, redactor=redactor)
        with pytest.raises(AuthError) as caught:
            await oauth.exchange(sim.code(), sim.redirect_uri)
        assert caught.value.reason == reason


@PLAIN
@OAUTH
async def test_a_feature_that_is_not_granted_is_no_dead_grant(
    client: SungrowClient, sim: SungrowSimulator
) -> None:
    sim.wire.forbidden = {"platform/getFaultAlarmInfo"}
    with pytest.raises(NotPermittedError) as caught:
        await client.faults()
    assert caught.value.reason == "no_permission"
    assert sim.oauth.tokens.refreshes == 0


@PLAIN
@OAUTH
@pytest.mark.parametrize("how", ["404", "405", "E996"])
async def test_an_absent_endpoint_is_unsupported(
    client: SungrowClient, sim: SungrowSimulator, how: str
) -> None:
    sim.wire.absent, sim.wire.absent_as = {"platform/getFaultAlarmInfo"}, how
    with pytest.raises(UnsupportedError) as caught:
        await client.faults()
    assert caught.value.reason == "not_found"


@PLAIN
@LOGIN
async def test_the_vendors_count_is_ours(
    client: SungrowClient, sim: SungrowSimulator, budget: Budget, clock: FakeClock
) -> None:
    await client.plants()
    points = await client.open_points(14)
    assert "13141" in {str(point["point_id"]) for point in points}
    assert sum(calls_last_hour(budget, clock.now()).values()) == 3
    assert sim.quota.rolling() == 3


@PLAIN
async def test_wrong_passwords_are_counted_down(
    sim: SungrowSimulator, make_session: Callable[..., LoginSession]
) -> None:
    left = []
    reason = None
    for _ in range(sim.login.lock_after):
        with pytest.raises(LoginRefused) as caught:
            await make_session("wrong").log_in()
        left.append(caught.value.remaining)
        reason = caught.value.reason
    assert left == [4, 3, 2, 1, 0]
    assert reason == "account_locked"
    found = sim.users.owner
    found.locked_until = 0.0
    assert (await make_session().log_in()).user_id == sim.user_id


@PLAIN
async def test_a_used_up_hour_is_waited_for(
    client: SungrowClient, sim: SungrowSimulator, clock: FakeClock
) -> None:
    await client.plants()
    sim.quota.hour_limit = 1
    with pytest.raises(ThrottledError) as caught:
        await client.plants()
    assert caught.value.reason == "hour_quota"
    refused = sum(sim.quota.refused.values())
    with pytest.raises(ThrottledError):
        await client.plants()
    assert sum(sim.quota.refused.values()) == refused == 1
    sim.quota.hour_limit = 2000
    await clock.advance((caught.value.retry_after or 0) + 1)
    assert len(await client.plants()) == 2
