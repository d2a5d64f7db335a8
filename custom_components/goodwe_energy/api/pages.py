"""Lists that come in pages (reference sections 3.1, 3.5, 3.12 and 3.14)."""

from collections.abc import Mapping
from typing import Any

from .._vendor.core.client.decode import integer, mapping, mappings
from .access import Access
from .endpoints import Endpoint
from .frame import Call

# A server that repeats itself must not be asked for ever.
_MOST_PAGES = 20


def rows_of(data: object) -> list[dict[str, Any]]:
    """Return the rows of a page, or of a plain list."""
    rows = mapping(data).get("dataList") if isinstance(data, Mapping) else data
    return [dict(row) for row in mappings(rows)]


async def all_pages(
    access: Access,
    endpoint: Endpoint,
    body: Mapping[str, Any],
    *,
    names: tuple[str, str] = ("current", "size"),
    size: int = 100,
    most: int = 1000,
) -> list[dict[str, Any]]:
    """Return at most ``most`` rows of all pages, in the vendor's order.

    ``names`` are those of page number and size. ``total`` tells the end; without it a
    page that is shorter than asked for does, and in any case one that adds nothing.
    """
    number, length = names
    rows: list[dict[str, Any]] = []
    for page in range(1, _MOST_PAGES + 1):
        asked = {**body, number: page, length: size}
        data = await access.ask(Call(endpoint=endpoint, body=asked))
        new = rows_of(data)
        if not new or new[-1] in rows:
            break
        rows += new
        total = integer(mapping(data).get("total"), low=1)
        done = len(rows) >= total if total is not None else len(new) < size
        if done or len(rows) >= most:
            break
    return rows[:most]
