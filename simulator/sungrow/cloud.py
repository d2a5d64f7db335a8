"""Habits of the cloud towards plants and devices; all of it can be switched by tests.

Where the reference calls something uncertain, both ways are here.
"""

from dataclasses import dataclass
from typing import Literal

from ..switches import Kind


@dataclass(slots=True, kw_only=True)
class Cloud:
    """What is the same for all plants of one simulator."""

    # When
    push_seconds: float = 300.0
    """How often a device uploads; each at a phase of its own."""
    zone_form: Literal["GMT+2", "GMT+02:00"] = "GMT+2"

    # Spellings of 3.0
    null_spelling: Literal["null", "--", "", "word", "NaN", "missing", "mixed"] = "null"
    """How real-time rows say that there is no value."""
    rows: Literal["nested", "flat"] = "nested"
    """Real-time rows of devices: under `device_point` or not."""
    counter_name: Literal["row_count", "rowCount"] = "row_count"
    """Of pages in V2; V1 always says `rowCount`."""
    ids: Literal["number", "text"] = "number"
    """Type of `ps_id` and `uuid` in lists."""
    glyphs: bool = True
    """Units are spelled with one glyph: ℃, W/㎡."""
    show_units: bool = False
    """The dictionary has the app's units (kWh, %), the values have not (10.19)."""
    percents: Literal["fraction", "percent"] = "fraction"
    """How ratios arrive; 83334 and 24629 are percent either way."""

    # Values of plants
    plant_powers: bool = False
    """Whether 83238, 83326, 83328 and 83549 have values on a hybrid (10.6)."""
    ems_points: bool = True
    """Whether charge and discharge of plants come from 83322 to 83325 too."""
    storage_sign: Literal["charge", "discharge"] = "charge"
    """What is positive in 83238, 83326 and 24625."""
    grid_sign: Literal["import", "export"] = "import"
    """What is positive in 83549, 83328 and 24626."""
    computed: Literal["good", "dips", "negative"] = "good"
    """Totals that the server computes (83124, 13130, 13137): 10.9."""
    late_midnight: float = 0.0
    """Seconds for which daily counters still show yesterday."""
    charger_unit: Literal["kW", "W"] = "kW"

    # Lists
    unknown_points: bool = False
    """Real-time rows of devices carry a point that nobody asked for."""

    # Tasks
    whole_result: Literal["device", "passed"] = "device"
    """`check_result` beside the list of devices: the device's own, or always 1."""

    # History
    upload_time: bool = False
    """Minute rows have `pST001`."""
    history_midnight: bool = True
    """Minute rows end with that of the last midnight, else five minutes before it."""
    history_lacks: int = 0
    """Every so many-th minute row is missing; 0 is none."""
    history_future: Literal["left out", "refused"] = "left out"
    """What a span gets that goes on after the last day that is over (uncertain)."""


CLOUD: dict[str, Kind] = {
    "push_seconds": float,
    "zone_form": ("GMT+2", "GMT+02:00"),
    "null_spelling": ("null", "--", "", "word", "NaN", "missing", "mixed"),
    "rows": ("nested", "flat"),
    "counter_name": ("row_count", "rowCount"),
    "ids": ("number", "text"),
    "glyphs": bool,
    "show_units": bool,
    "percents": ("fraction", "percent"),
    "plant_powers": bool,
    "ems_points": bool,
    "storage_sign": ("charge", "discharge"),
    "grid_sign": ("import", "export"),
    "computed": ("good", "dips", "negative"),
    "late_midnight": float,
    "charger_unit": ("kW", "W"),
    "unknown_points": bool,
    "whole_result": ("device", "passed"),
    "upload_time": bool,
    "history_midnight": bool,
    "history_lacks": int,
    "history_future": ("left out", "refused"),
}
