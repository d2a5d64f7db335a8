"""What the cloud knows beside the readings, on demand: the action ``read_cloud``.

Reads go through the account's budget like all others; what was just answered is
answered again for 290 s without asking (reference section 5.4).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.control.outcome import Refusal
from .api.classic_client import ClassicClient, Timespan
from .api.token_client import TokenClient
from .device import Device
from .families import Family
from .plant import Plant

if TYPE_CHECKING:
    from .runtime import GrowattRuntime

CACHED = 290.0
# plant/energy gives no more days in one call
_DAYS = 7


class What(StrEnum):
    """Names of the app's questions, as its public clients call them."""

    PLANT_DETAIL = "plant_detail"
    INVERTER_DATA = "inverter_data"
    TLX_DATA = "tlx_data"
    MIX_DETAIL = "mix_detail"
    DASHBOARD_DATA = "dashboard_data"
    STORAGE_PARAMS = "storage_params"
    PLANT_SETTINGS = "plant_settings"


# Of which device a question is; the others are of a plant
_FAMILIES = {
    What.INVERTER_DATA: frozenset({Family.INVERTER, Family.MAX}),
    What.TLX_DATA: frozenset({Family.MIN}),
    What.MIX_DETAIL: frozenset({Family.SPH}),
    What.STORAGE_PARAMS: frozenset({Family.STORAGE}),
}
_APP_ONLY = frozenset({What.MIX_DETAIL, What.DASHBOARD_DATA})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of what; ``day`` is plant-local."""

    what: What
    plant: Plant
    device: Device | None
    day: date
    timespan: Timespan

    @property
    def serial(self) -> str:
        """The serial of the device that is asked for."""
        assert self.device is not None
        return self.device.serial


class CloudReader:
    """Answers questions of one account, each at most once within 290 s."""

    def __init__(self, runtime: GrowattRuntime) -> None:
        """Begin with nothing answered."""
        self._runtime, self._clock = runtime, SystemClock()
        self._answers: dict[tuple[str, ...], tuple[float, Any]] = {}

    def question(
        self, what: What, target: Device | Plant, day: date, timespan: Timespan
    ) -> Question:
        """Return what is asked of the device or plant. Raises ``Refusal``."""
        families = _FAMILIES.get(what)
        if families is None:
            plant = target if isinstance(target, Plant) else target.plant
            device = None
        elif isinstance(target, Plant):
            plant, device = target, self._only_device(target, families)
        else:
            plant, device = target.plant, target
        if device is not None and families and device.family not in families:
            raise Refusal("wrong_family", what=what)
        if self._runtime.source.mode == "token" and what in _APP_ONLY:
            raise Refusal("app_only", what=what)
        return Question(
            what=what, plant=plant, device=device, day=day, timespan=timespan
        )

    async def read(self, question: Question) -> Any:
        """Return the cloud's answer as it is. Raises ``ApiError``."""
        now = self._clock.monotonic()
        self._answers = {
            key: answer
            for key, answer in self._answers.items()
            if now - answer[0] < CACHED
        }
        key = (
            question.what,
            question.serial if question.device else question.plant.id,
            question.day.isoformat(),
            question.timespan.name,
        )
        if (known := self._answers.get(key)) is not None:
            return known[1]
        client = self._runtime.connection.client
        if isinstance(client, TokenClient):
            answer = await _with_token(self._runtime, client, question)
        else:
            answer = await _with_login(client, question)
        self._answers[key] = now, answer
        return answer

    def _only_device(self, plant: Plant, families: frozenset[Family]) -> Device:
        found = [
            device
            for device in self._runtime.devices.values()
            if device.plant is plant and device.family in families
        ]
        if len(found) != 1:
            raise Refusal("choose_device", number=len(found))
        return found[0]


async def _with_login(client: ClassicClient, ask: Question) -> Any:
    plant, day, span = ask.plant.id, ask.day, ask.timespan
    ways: dict[What, Callable[[], Awaitable[Any]]] = {
        What.PLANT_DETAIL: lambda: client.plant_detail(plant, span, day),
        What.INVERTER_DATA: lambda: client.inverter_data(ask.serial, day),
        What.TLX_DATA: lambda: client.tlx_data(ask.serial, day),
        What.MIX_DETAIL: lambda: client.mix_detail(ask.serial, plant, span, day),
        What.DASHBOARD_DATA: lambda: client.dashboard_data(plant, span, day),
        What.STORAGE_PARAMS: lambda: client.storage_params(ask.serial),
        What.PLANT_SETTINGS: lambda: client.get_plant_settings(plant),
    }
    return await ways[ask.what]()


async def _with_token(
    runtime: GrowattRuntime, client: TokenClient, ask: Question
) -> Any:
    """Ask the official API for its counterpart (reference sections 3.A, 3.D, 3.E).

    What is a curve of the day in the app are the records of the day here, and the
    parameters of a storage its details with the newest record, which is polled anyway.
    """
    if ask.what is What.PLANT_DETAIL:
        return await _plant_detail(client, ask)
    if ask.what is What.PLANT_SETTINGS:
        return await client.plant_details(ask.plant.id)
    assert ask.device is not None
    if ask.what is What.STORAGE_PARAMS:
        newest = ask.device.live.raw
        return {
            "details": await client.details(ask.device.family, ask.serial),
            "last": newest.get(ask.serial) if isinstance(newest, dict) else None,
        }
    return {
        "records": await runtime.source.history(
            ask.device.family, ask.serial, ask.day, ask.plant.zone
        )
    }


async def _plant_detail(client: TokenClient, ask: Question) -> Any:
    """Return the day's curve, the week up to the day, or the months of its year."""
    if ask.timespan is Timespan.HOUR:
        return await client.plant_power(ask.plant.id, ask.day)
    if ask.timespan is Timespan.DAY:
        week = ask.day - timedelta(days=_DAYS - 1)
        return await client.plant_energy(ask.plant.id, week, ask.day, "day")
    january = ask.day.replace(month=1, day=1)
    return await client.plant_energy(ask.plant.id, january, ask.day, "month")
