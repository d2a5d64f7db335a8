"""Lists of several pages, of which the limits let one through at a time (5.2)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from .._vendor.core.client.decode import integer, mapping, mappings
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    LockedError,
    ThrottledError,
)
from .base import Raw
from .identity import Remembered

PAGE = 100
_MOST_PAGES = 10


class Pages:
    """Reads as many pages as it may; the others come with the next list."""

    def __init__(self, kept: Remembered, name: str, keys: Sequence[str]) -> None:
        """Take the name of the rows in an answer, and which of their keys are kept."""
        self._kept, self._name, self._keys = kept, name, keys

    async def read(
        self,
        note: str,
        ask: Callable[[int], Awaitable[Mapping[str, Any]]],
        first: Mapping[str, Any] | None = None,
    ) -> list[Raw]:
        """Return the rows of all pages, as they were when each was last read.

        Args:
            note: What the list is of.
            ask: Reads a page, from 1.
            first: The first page if somebody has just read it.
        """
        known = mapping(self._kept.get(note))
        pages = {
            number: [dict(row) for row in mappings(rows)]
            for key, rows in mapping(known.get("pages")).items()
            if (number := integer(key)) is not None
        }
        page = 1 if first is not None else integer(known.get("next"), low=1) or 1
        if first is not None:
            data = first
        else:
            page, data = await self._begin(page, ask)
        while True:
            rows = [
                {key: row[key] for key in self._keys if key in row}
                for row in mappings(data.get(self._name))
            ]
            pages[page] = rows
            if len(rows) < PAGE or page >= _MOST_PAGES:
                pages = {number: pages[number] for number in pages if number <= page}
                page = 1
                break
            page += 1
            try:
                data = await ask(page)
            except AuthError, LockedError:
                raise
            except ApiError:
                break
        several = {"next": page, "pages": {str(n): pages[n] for n in sorted(pages)}}
        self._kept.set(note, several if len(pages) > 1 or page > 1 else None)
        return [row for number in sorted(pages) for row in pages[number]]

    async def _begin(
        self, page: int, ask: Callable[[int], Awaitable[Mapping[str, Any]]]
    ) -> tuple[int, Mapping[str, Any]]:
        """Return the page whose turn it is; the first one if that cannot be had."""
        if page > 1:
            try:
                return page, await ask(page)
            except AuthError, LockedError, ThrottledError:
                raise
            except ApiError:
                pass
        return 1, await ask(1)
