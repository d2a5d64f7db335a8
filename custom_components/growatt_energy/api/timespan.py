"""The periods of the app's charts (reference section 3.F)."""

from datetime import date
from enum import IntEnum


class Timespan(IntEnum):
    """What one value of a chart is about; the seed client's names."""

    HOUR = 0  # moments of a day
    DAY = 1  # days of a month
    MONTH = 2  # months of a year

    def chart_date(self, day: date) -> str:
        """Return ``date`` of the energy charts, which take more than they need."""
        return f"{day:%Y-%m}" if self is Timespan.MONTH else day.isoformat()

    @property
    def plant_type(self) -> str:
        """``type`` of ``PlantDetailAPI.do``, which counts from 1."""
        return str(self + 1)

    def plant_date(self, day: date) -> str:
        """Return ``date`` of ``PlantDetailAPI.do``."""
        return {
            Timespan.HOUR: day.isoformat(),
            Timespan.DAY: f"{day:%Y-%m}",
            Timespan.MONTH: f"{day:%Y}",
        }[self]
