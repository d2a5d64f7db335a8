"""Who tells a site's prices."""

from datetime import timedelta
from typing import Any, Protocol

type Records = list[dict[str, Any]]


class Source(Protocol):
    """What is asked: a `SiteClient`."""

    @property
    def clock_skew(self) -> timedelta | None:
        """The server's clock minus ours."""

    async def get_current_prices(
        self, *, previous: int | None = None, next: int | None = None
    ) -> Records:
        """Read the intervals of now."""
