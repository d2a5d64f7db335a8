"""When tokens are refreshed, by how many at once, and what a failure costs.

Reference section 2.2; what a kill costs is in ``test_refresh_kill``.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    MaintenanceError,
    TransportError,
)
from custom_components.sungrow_energy.api.oauth import TokenSet
from custom_components.sungrow_energy.credentials import (
    MARGIN,
    OAuthCredentials,
    TokenKeeper,
)
from custom_components.sungrow_energy.token_store import NotSavedError, TokenState
from tests.core.fake_clock import FakeClock

HOUR = 3600.0
LIFE = 172_799


@dataclass
class Disk:
    """What survives the process."""

    state: TokenState | None = None
    full: bool = False
    saves: list[TokenState] = field(default_factory=list)

    async def load(self) -> TokenState | None:
        return self.state

    async def save(self, state: TokenState) -> None:
        await asyncio.sleep(0)
        if self.full:
            raise NotSavedError
        self.state = state
        self.saves.append(state)


class Server:
    """Gives tokens; a refresh token works once."""

    def __init__(self, clock: FakeClock, disk: Disk) -> None:
        self.clock, self.disk = clock, disk
        self.number = 1
        self.life = LIFE
        self.rotates = True
        self.failure: ApiError | None = None
        # Whether the server still did it, though the answer says or shows nothing
        self.failure_after = False
        self.asked: list[str] = []
        self.running = self.most = 0

    @property
    def refresh_token(self) -> str:
        return f"refresh-{self.number if self.rotates else 1}"

    def grant(self) -> TokenSet:
        return TokenSet(
            access_token=f"access-{self.number}",
            refresh_token=self.refresh_token if self.rotates else None,
            expires_in=self.life,
        )

    async def refresh(self, token: str) -> TokenSet:
        self.asked.append(token)
        # The mark is on disk before anything is sent
        assert self.disk.state is not None
        assert self.disk.state.begun is not None
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        if self.failure is not None and not self.failure_after:
            raise self.failure
        if token != self.refresh_token:
            raise AuthError("refused", reason="grant_dead")
        self.number += 1
        if self.failure is not None:
            raise self.failure
        return self.grant()


@dataclass
class Bench:
    """A keeper with all that is around it; a new one after each ``restart``."""

    clock: FakeClock = field(default_factory=FakeClock)
    disk: Disk = field(default_factory=Disk)
    refused: int = 0
    changes: list[TokenState] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = Server(self.clock, self.disk)
        self.disk.state = TokenState(
            access="access-1",
            refresh="refresh-1",
            expires_at=self.now + LIFE,
            obtained_at=self.now,
        )

    @property
    def now(self) -> float:
        return self.clock.now().timestamp()

    async def restart(self, copy: TokenState | None = None) -> OAuthCredentials:
        """Begin as a new process does."""
        self.refused = 0
        self.keeper = TokenKeeper(self.disk, clock=self.clock)
        self.keeper.on_change = self.changes.append
        self.keeper.on_refused = self._count
        await self.keeper.load(copy)
        self.credentials = OAuthCredentials(self.keeper, self.server.refresh)
        return self.credentials

    def _count(self) -> None:
        self.refused += 1

    def age(self, seconds: float) -> None:
        """Let the access token have so many seconds left."""
        state = self.disk.state
        assert state is not None
        self.disk.state = replace(
            state,
            expires_at=self.now + seconds,
            obtained_at=self.now + seconds - LIFE,
        )


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    made = Bench()
    await made.restart()
    yield made
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("left", "refreshes"), [(MARGIN + 60, 0), (MARGIN - 60, 1), (-60, 1)]
)
async def test_a_token_is_refreshed_hours_before_its_end(
    bench: Bench, left: float, refreshes: int
) -> None:
    bench.age(left)
    credentials = await bench.restart()
    assert await credentials.token() == f"access-{1 + refreshes}"
    assert len(bench.server.asked) == refreshes
    assert MARGIN >= 6 * HOUR


async def test_all_who_need_a_refresh_share_one(bench: Bench) -> None:
    bench.age(HOUR)
    credentials = await bench.restart()
    tokens = await asyncio.gather(*(credentials.token() for _ in range(10)))
    renewed = await asyncio.gather(*(credentials.renew("access-1") for _ in range(10)))
    assert set(tokens) == set(renewed) == {"access-2"}
    assert (bench.server.asked, bench.server.most) == (["refresh-1"], 1)


async def test_a_refused_token_is_renewed_once_for_all_who_saw_it(bench: Bench) -> None:
    bench.age(30 * HOUR)
    credentials = await bench.restart()
    found = await asyncio.gather(*(credentials.renew("access-1") for _ in range(5)))
    assert set(found) == {"access-2"}
    assert bench.server.asked == ["refresh-1"]


async def test_a_token_that_is_refused_as_soon_as_it_came_is_not_renewed(
    bench: Bench,
) -> None:
    bench.age(30 * HOUR)
    credentials = await bench.restart()
    token = await credentials.renew("access-1")
    with pytest.raises(AuthError) as raised:
        await credentials.renew(token)
    assert raised.value.reason == "grant_dead"
    assert bench.server.asked == ["refresh-1"]
    assert bench.refused == 1


async def test_who_is_cancelled_meanwhile_loses_nothing(bench: Bench) -> None:
    bench.age(HOUR)
    credentials = await bench.restart()
    task = asyncio.ensure_future(credentials.token())
    for _ in range(50):
        await asyncio.sleep(0)
        if bench.server.asked:
            break
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await credentials.token() == "access-2"
    assert bench.disk.state is not None
    assert bench.disk.state.refresh == "refresh-2"
    assert bench.server.asked == ["refresh-1"]


@pytest.mark.parametrize(
    "failure",
    [
        TransportError("no answer", reason="timeout"),
        MaintenanceError("busy", reason="vendor_trouble"),
    ],
)
async def test_a_passing_failure_keeps_both_tokens(
    bench: Bench, failure: ApiError
) -> None:
    bench.age(HOUR)
    credentials = await bench.restart()
    bench.server.failure = failure
    assert await credentials.token() == "access-1"
    assert await credentials.token() == "access-1"
    assert len(bench.server.asked) == 1, "tried again without a pause"
    bench.server.failure = None
    await bench.clock.advance(61)
    assert await credentials.token() == "access-2"
    assert bench.refused == 0


async def test_an_ended_token_says_what_keeps_the_next_one_away(bench: Bench) -> None:
    bench.age(-60)
    credentials = await bench.restart()
    bench.server.failure = TransportError("no answer", reason="timeout")
    for _ in range(2):
        with pytest.raises(TransportError):
            await credentials.token()
    with pytest.raises(TransportError):
        await credentials.renew("access-1")
    assert len(bench.server.asked) == 1
    assert bench.refused == 0


async def test_a_dead_grant_is_used_to_its_end_and_asked_for_once(bench: Bench) -> None:
    bench.age(HOUR)
    bench.server.number = 7  # somebody else used the refresh token
    credentials = await bench.restart()
    for _ in range(3):
        assert await credentials.token() == "access-1"
    assert (bench.refused, bench.server.asked) == (1, ["refresh-1"])

    credentials = await bench.restart()
    assert await credentials.token() == "access-1"
    assert (bench.refused, bench.server.asked) == (1, ["refresh-1"])

    await bench.clock.advance(2 * HOUR)
    with pytest.raises(AuthError) as raised:
        await credentials.token()
    assert raised.value.reason == "grant_dead"
    assert (bench.refused, bench.server.asked) == (1, ["refresh-1"])


async def test_a_wrong_secret_kills_no_grant(bench: Bench) -> None:
    bench.age(HOUR)
    bench.server.failure = AuthError("no", reason="wrong_secret")
    credentials = await bench.restart()
    assert await credentials.token() == "access-1"
    assert bench.refused == 1
    assert not bench.keeper.dead
    # What fails by itself meanwhile is no reason to ask nobody any more
    for failure in (None, TransportError("no answer", reason="timeout")):
        bench.server.failure = failure or bench.server.failure
        assert await credentials.token() == "access-1"
        assert bench.keeper.refused
        await bench.clock.advance(601)
    bench.server.failure = None
    assert await credentials.token() == "access-2"
    assert not bench.keeper.refused


async def test_who_is_asked_no_more_is_asked_with_the_next_refusal(
    bench: Bench,
) -> None:
    bench.age(HOUR)
    bench.server.failure = AuthError("no", reason="wrong_secret")
    credentials = await bench.restart()
    for count in (1, 1, 2):
        if count == 2:
            bench.keeper.ask_again()
        assert await credentials.token() == "access-1"
        assert bench.refused == count
        await bench.clock.advance(601)


async def test_another_secret_is_tried_at_once(bench: Bench) -> None:
    bench.age(-60)
    bench.server.failure = AuthError("no", reason="wrong_secret")
    credentials = await bench.restart()
    with pytest.raises(AuthError):
        await credentials.token()
    bench.server.failure = None
    bench.keeper.begin_anew()
    assert await credentials.token() == "access-2"


async def test_without_a_new_refresh_token_the_old_one_is_kept(bench: Bench) -> None:
    bench.server.rotates = False
    bench.age(HOUR)
    credentials = await bench.restart()
    assert await credentials.token() == "access-2"
    assert bench.disk.state is not None
    assert bench.disk.state.refresh == "refresh-1"


@pytest.mark.parametrize("life", [-5, 0, 59])
async def test_a_grant_that_ends_at_once_is_refreshed_once(
    bench: Bench, life: int
) -> None:
    bench.server.life = life
    await bench.keeper.adopt(bench.server.grant())
    assert await bench.credentials.token() == "access-2"
    # Still tiny: nobody knows how long it lives, but it is no reason for a storm
    for _ in range(5):
        await bench.clock.advance(60)
        assert await bench.credentials.token() == "access-2"
    assert bench.server.asked == ["refresh-1"]


async def test_nothing_is_asked_for_what_could_not_be_kept(bench: Bench) -> None:
    bench.age(HOUR)
    credentials = await bench.restart()
    bench.disk.full = True
    with pytest.raises(TransportError) as raised:
        await credentials.renew("access-1")
    assert raised.value.reason == "token_not_saved"
    assert bench.server.asked == []
    assert await credentials.token() == "access-1"


async def test_a_pair_is_written_before_it_is_used_however_long_that_takes(
    bench: Bench,
) -> None:
    bench.age(HOUR)
    credentials = await bench.restart()
    ask = bench.server.refresh

    async def filled(token: str) -> TokenSet:
        given = await ask(token)
        bench.disk.full = True
        return given

    credentials = OAuthCredentials(bench.keeper, filled)
    for _ in range(2):
        assert await credentials.token() == "access-1"
        with pytest.raises(TransportError):
            await credentials.renew("access-1")
    bench.disk.full = False
    assert await credentials.token() == "access-2"
    assert bench.disk.state is not None
    assert bench.disk.state.access == "access-2"
    assert bench.server.asked == ["refresh-1"]


async def test_the_later_of_file_and_entry_counts(bench: Bench) -> None:
    state = bench.disk.state
    assert state is not None
    older = replace(state, access="older", obtained_at=state.obtained_at - 5)
    later = replace(state, access="later", obtained_at=state.obtained_at + 5)
    assert await (await bench.restart(older)).token() == "access-1"
    assert await (await bench.restart(later)).token() == "later"
    bench.disk.state = None
    assert await (await bench.restart(older)).token() == "older"
    with pytest.raises(AuthError):
        await (await bench.restart()).token()


@pytest.mark.parametrize(
    "raw",
    [None, [], {}, {"access_token": "a"}, {"access_token": 1, "refresh_token": {}}],
)
def test_a_damaged_file_is_no_pair(raw: object) -> None:
    assert TokenState.of(raw) is None


_STEPS = st.lists(
    st.sampled_from(
        ["hours", "two days", "token", "renew", "lost", "busy", "restart", "full"]
    ),
    max_size=25,
)


@given(steps=_STEPS)
@settings(max_examples=150, deadline=None)
def test_whatever_happens_the_disk_has_the_pair_in_use_and_only_the_server_ends_it(
    steps: list[str],
) -> None:
    asyncio.run(_live_through(steps))


async def _live_through(steps: list[str]) -> None:
    bench = Bench()
    await bench.restart()
    lost = False
    for step in steps:
        bench.server.failure = None
        bench.disk.full = False
        match step:
            case "hours":
                await bench.clock.advance(5 * HOUR)
            case "two days":
                await bench.clock.advance(LIFE)
            case "restart":
                await bench.restart()
            case "lost" | "busy":
                bench.server.failure = TransportError("nothing", reason="timeout")
                bench.server.failure_after = step == "lost"
            case "full":
                bench.disk.full = True
        number = bench.server.number
        try:
            if step == "renew":
                token = await bench.credentials.renew(
                    bench.keeper.state.access if bench.keeper.state else ""
                )
            else:
                token = await bench.credentials.token()
        except AuthError:
            assert lost or step == "renew"
        except ApiError:
            assert (
                bench.server.failure is not None
                or bench.disk.full
                or (bench.keeper.left <= 0)
            )
        else:
            assert bench.disk.state is not None
            assert token == bench.disk.state.access
        if step == "lost" and bench.server.number != number:
            lost = True
        assert bench.keeper.dead <= lost
        assert bench.refused <= 1 + len(bench.changes)
        assert bench.server.most <= 1
    for one, other in zip(bench.server.asked, bench.server.asked[1:], strict=False):
        assert one <= other or len(one) < len(other), "an old token came again"
