"""Past 5-minute records as energy per hour (reference section 7)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from .families import Family
from .resolve import ServerTime, Wire
from .tables.families import TABLES
from .tables.fields import read

type Hours = dict[datetime, float]
# When each counter was read last, and what it was
type Counters = dict[str, tuple[datetime, float]]

# Statistic -> the counter of a record that it grows with
COUNTERS = {
    "solar": "solar_energy_total",
    "output": "output_energy_total",
    "import": "import_energy_total",
    "export": "export_energy_total",
    "battery_charge": "battery_charge_energy_total",
    "battery_discharge": "battery_discharge_energy_total",
    "load": "load_energy_total",
    "generation": "generation_energy_total",
}
# More than any house makes in the time between two records is a slip of the counter.
_MOST_KW = 1000.0
_DIGITS = 3


def hourly(
    family: Family,
    records: Iterable[Wire],
    counters: Counters,
    *,
    now: datetime,
    server: ServerTime | None = None,
) -> dict[str, Hours]:
    """Return kWh by UTC hour for each counter that the records have.

    Counters that are zero, below the last one or jump are left out (Q3, Q11). What a
    counter gained between two records is of the later one's hour. ``counters`` is where
    they stood before and is brought up to date; if it is empty the first record is the
    start.
    """
    server = server or ServerTime()
    rows = list(records)
    server.learn(rows)
    dated = [(at, row) for row in rows if (at := server.instant(row, now)) is not None]
    table = TABLES[family]
    # A day has 288 records of some 150 values.
    counted = [one for one in table.fields if one.key.endswith("_energy_total")]
    found: dict[str, Hours] = {}
    for at, row in sorted(dated, key=lambda one: one[0]):
        values = read(counted, row)
        for derive in table.derived:
            derive(values)
        for name, key in COUNTERS.items():
            value = values.get(key)
            if isinstance(value, int | float) and value > 0:
                _count(found.setdefault(name, {}), counters, name, at, float(value))
    return found


def _count(
    series: Hours, counters: Counters, name: str, at: datetime, counter: float
) -> None:
    if (before := counters.get(name)) is None:
        counters[name] = at, counter
        return
    last_at, last = before
    gained = counter - last
    hours = max((at - last_at) / timedelta(hours=1), 1 / 12)
    if at <= last_at or gained < 0 or gained > _MOST_KW * hours:
        return
    counters[name] = at, counter
    hour = at.replace(minute=0, second=0, microsecond=0)
    series[hour] = round(series.get(hour, 0.0) + gained, _DIGITS)
