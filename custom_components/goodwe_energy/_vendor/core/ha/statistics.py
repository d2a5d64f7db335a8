"""History of the vendor as external statistics of Home Assistant.

A statistic of sums is a row per UTC hour with the hour's amount (``state``: an
energy, a cost) and a running total (``sum``). Writing the same hours again, in any
order, gives the same rows: the sums of all later hours are moved along. A statistic
of means has a row per UTC hour with mean, lowest and highest value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    async_add_external_statistics,
    statistics_during_period,
)
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import EnergyConverter

HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The recorder compiles an hour some seconds after it has ended.
_COMPILED_AFTER = timedelta(minutes=10)
_COMMIT_TRIES = 5
# Where neighbours of an hour are looked for first
_NEAR = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class SumStatistic:
    """An external statistic of amounts per hour, which may be negative.

    ``live_entity`` is the sensor that goes on, None if there is none; ``unit_class``
    that of Home Assistant's converters, None if it knows none for the unit;
    ``digits`` how many decimals of the unit are kept.
    """

    statistic_id: str
    name: str
    unit: str
    unit_class: str | None
    digits: int
    live_entity: str | None = None

    @property
    def tolerance(self) -> float:
        """Sums that differ by less are the same."""
        return 0.5 * 10.0**-self.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyStatistic(SumStatistic):
    """An external statistic in kWh."""

    unit: str = UnitOfEnergy.KILO_WATT_HOUR
    unit_class: str | None = EnergyConverter.UNIT_CLASS
    digits: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanStatistic:
    """An external statistic of a value that is measured, such as a price."""

    statistic_id: str
    name: str
    unit: str
    unit_class: str | None
    digits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """What a value was within an hour."""

    mean: float
    low: float
    high: float


def hour_of(moment: datetime) -> datetime:
    """Return the start of the UTC hour of an aware time."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


async def async_first_live_hour(hass: HomeAssistant, entity_id: str | None) -> datetime:
    """Return the hour from which on the live sensor has statistics of its own.

    A sensor that has none yet gets its first one for the hour in which it came into
    being, or, if that is long ago, for the present one.
    """
    now = dt_util.utcnow()
    if entity_id is None:
        return hour_of(now)
    if rows := await _rows(hass, entity_id, _EPOCH):
        return datetime.fromtimestamp(rows[0]["start"], UTC)
    entity = er.async_get(hass).async_get(entity_id)
    created_at = entity.created_at if entity is not None else now
    return hour_of(max(created_at, now - _COMPILED_AFTER))


async def async_write_hours(
    hass: HomeAssistant,
    domain: str,
    statistic: SumStatistic,
    hours: Mapping[datetime, float],
    before: datetime,
) -> int:
    """Write the amounts of whole UTC hours that lie before ``before``.

    Hours that stand already are overwritten, and all later sums follow. Returns
    how many of the given hours were written.
    """
    # Rounded before they are added up: who writes them again has the stored ones
    digits = statistic.digits
    wanted = {hour: round(n, digits) for hour, n in hours.items() if hour < before}
    if not wanted:
        return 0
    first, after = min(wanted), max(wanted) + HOUR
    total = await _sum_before(hass, statistic.statistic_id, first)
    amounts = {
        datetime.fromtimestamp(row["start"], UTC): float(row.get("state") or 0.0)
        for row in await _rows(hass, statistic.statistic_id, first, end=after)
    } | wanted
    rows: list[StatisticData] = []
    for hour in sorted(amounts):
        total += amounts[hour]
        rows.append(
            StatisticData(start=hour, state=amounts[hour], sum=round(total, digits))
        )
    async_add_external_statistics(
        hass,
        StatisticMetaData(
            mean_type=StatisticMeanType.NONE,
            has_sum=True,
            name=statistic.name,
            source=domain,
            statistic_id=statistic.statistic_id,
            unit_class=statistic.unit_class,
            unit_of_measurement=statistic.unit,
        ),
        rows,
    )
    await _stored(hass, statistic, max(amounts), total)
    await _shift_later(hass, statistic, after, total)
    return len(wanted)


async def async_write_means(
    hass: HomeAssistant,
    domain: str,
    statistic: MeanStatistic,
    hours: Mapping[datetime, Mean],
) -> int:
    """Write what a value was in each UTC hour; return how many hours they are.

    Hours that stand already are overwritten.
    """
    digits = statistic.digits
    async_add_external_statistics(
        hass,
        StatisticMetaData(
            mean_type=StatisticMeanType.ARITHMETIC,
            has_sum=False,
            name=statistic.name,
            source=domain,
            statistic_id=statistic.statistic_id,
            unit_class=statistic.unit_class,
            unit_of_measurement=statistic.unit,
        ),
        [
            StatisticData(
                start=hour,
                mean=round(value.mean, digits),
                min=round(value.low, digits),
                max=round(value.high, digits),
            )
            for hour, value in sorted(hours.items())
        ],
    )
    return len(hours)


async def _sum_before(hass: HomeAssistant, statistic_id: str, hour: datetime) -> float:
    """Return the running total with which an hour begins."""
    for start in (hour - _NEAR, _EPOCH):
        if rows := await _rows(hass, statistic_id, start, end=hour):
            return float(rows[-1].get("sum") or 0.0)
    return 0.0


async def _shift_later(
    hass: HomeAssistant, statistic: SumStatistic, after: datetime, total: float
) -> None:
    """Have the sums from ``after`` on go on from ``total``.

    The step between two rows tells by how much, so that it comes right too when the
    last run ended in between.
    """
    for end in (after + _NEAR, None):
        if rows := await _rows(hass, statistic.statistic_id, after, end=end):
            break
    else:
        return
    expected = total + float(rows[0].get("state") or 0.0)
    shift = expected - float(rows[0].get("sum") or 0.0)
    if abs(shift) < statistic.tolerance:
        return
    hour = datetime.fromtimestamp(rows[0]["start"], UTC)
    get_instance(hass).async_adjust_statistics(
        statistic.statistic_id, hour, shift, statistic.unit
    )
    await _stored(hass, statistic, hour, expected)


async def _stored(
    hass: HomeAssistant, statistic: SumStatistic, hour: datetime, total: float
) -> None:
    """Wait until the sum of an hour stands: who writes next reads it.

    The recorder's own ``async_block_till_done`` returns while the last task of its
    queue still runs, and a task that meets a locked database queues itself again.
    """
    instance = get_instance(hass)
    for _ in range(_COMMIT_TRIES):
        done = hass.loop.create_future()
        instance.queue_task(SynchronizeTask(done))
        await done
        rows = await _rows(hass, statistic.statistic_id, hour, end=hour + HOUR)
        if rows and abs(float(rows[0].get("sum") or 0.0) - total) < statistic.tolerance:
            return
    # Its id has serials or a site's id in it
    raise HomeAssistantError(f"The recorder did not store {statistic.name}")


async def _rows(
    hass: HomeAssistant,
    statistic_id: str,
    start: datetime,
    *,
    end: datetime | None = None,
) -> list[StatisticsRow]:
    """Return the hourly rows of one statistic, oldest first."""
    rows = await get_instance(hass).async_add_executor_job(
        lambda: statistics_during_period(
            hass, start, end, {statistic_id}, "hour", None, {"state", "sum"}
        )
    )
    return rows.get(statistic_id, [])
