"""Markdown as GitHub reads it: tables, blocks between markers, anchors."""

from collections.abc import Iterator, Sequence
import re

NOTHING = "—"

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_LINK_TEXT = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_NO_ANCHOR = re.compile(r"[^\w\- ]")
_ID = re.compile(r"<[^>]*\s(?:id|name)=[\"']([^\"']+)[\"']")


def plain(text: str) -> str:
    """Returns a text in which nothing is taken for Markdown or for an end of a cell."""
    text = re.sub(r"([\\*<>\[\]`])", r"\\\1", text)
    return re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a table."""
    lines = [_row(head), f"|{'---|' * len(head)}", *map(_row, rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    # A bar ends a cell even within code
    inside = (" ".join(cell.split()).replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(inside)} |"


def replace_block(page: str, name: str, block: str) -> str:
    """Puts a block between its markers; ValueError if they are not there once each."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    if page.count(begin) != 1 or page.count(end) != 1:
        raise ValueError(f"{begin} and {end} must be there once")
    before, _, rest = page.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{end} stands before {begin}")
    return f"{before}{begin}\n\n{block}\n\n{end}{after}"


def prose(page: str) -> Iterator[tuple[int, str]]:
    """Yields the numbered lines that are no code; code within a line becomes blank."""
    page = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), page)
    fence = ""
    for number, line in enumerate(page.splitlines(), 1):
        if fence:
            closed = line.strip()
            if set(closed) == {fence[0]} and len(closed) >= len(fence):
                fence = ""
        elif found := _FENCE.match(line):
            fence = found[1]
        else:
            yield number, _CODE.sub(lambda code: " " * len(code[0]), line)


def anchors(page: str) -> set[str]:
    """Returns the anchors of the page's headings, and those that it sets itself."""
    lines = page.splitlines()
    found: set[str] = set()
    for number, line in prose(page):
        found.update(_ID.findall(line))
        # Code counts in a heading: what prose() blanks comes from the line itself
        if heading := _HEADING.match(line) and _HEADING.match(lines[number - 1]):
            anchor = name = _anchor(heading[1])
            again = 0
            while anchor in found:
                again += 1
                anchor = f"{name}-{again}"
            found.add(anchor)
    return found


def _anchor(heading: str) -> str:
    text = _LINK_TEXT.sub(r"\1", heading).strip().lower()
    return _NO_ANCHOR.sub("", text).replace(" ", "-")
