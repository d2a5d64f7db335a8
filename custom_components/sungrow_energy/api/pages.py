"""Lists that come in pages (reference section 3.0)."""

from collections.abc import Mapping
from typing import Any

from .._vendor.core.client.decode import integer, mapping, mappings
from .access import Access, Flavour

SIZE = 100
# A server that repeats itself must not be asked for ever.
_MOST_PAGES = 50


async def all_pages(
    access: Access, endpoint: str, fields: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the rows of all pages.

    The last one completes the counter; without one it is shorter than asked for. One
    that adds nothing ends it in any case.
    """
    name = "page" if access.flavour is Flavour.OAUTH else "curPage"
    rows: list[dict[str, Any]] = []
    for page in range(1, _MOST_PAGES + 1):
        asked = {**fields, name: page, "size": SIZE}
        data = mapping(await access.ask(endpoint, asked))
        new = [dict(row) for row in mappings(data.get("pageList"))]
        if not new or new[-1] in rows:
            break
        rows += new
        count = integer(data.get("row_count", data.get("rowCount")), low=1)
        if len(rows) >= count if count is not None else len(new) < SIZE:
            break
    return rows
