"""Checks the links of Markdown files, and those of other files to them."""

from collections.abc import Iterator
from pathlib import Path
import re
from urllib.parse import parse_qs, unquote, urlsplit

from .markdown import anchors, prose

HOME = "https://github.com/home-energy-bundle/home-energy-bundle"
FILES = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/**/*.md",
    "custom_components/*/README.md",
    "custom_components/*/manifest.json",
    ".github/ISSUE_TEMPLATE/*.yml",
    "blueprints/**/*.yaml",
)

_INLINE = re.compile(
    r"\]\(\s*(?:<([^<>]*)>|((?:[^\s()]|\([^\s()]*\))*))(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_REFERENCE = re.compile(r"^ {0,3}\[(?!\^)[^\]]+\]:\s+<?([^\s>]+)")
_MANIFEST = re.compile(r"^ *\"documentation\": \"([^\"]*)\"")
_YAML = re.compile(r"^ *(?:source_)?url: +([^\s\"']+)$")
# Where in the repository the pages that GitHub makes of it come from
_OWN = {
    "/blob/main/": "",
    "/tree/main/": "",
    "/raw/main/": "",
    "/issues/new?template=": ".github/ISSUE_TEMPLATE/",
}
_HTML = re.compile(r"<[^>]*\s(?:href|src)=[\"']([^\"']*)[\"']")


def link_faults(root: Path) -> list[str]:
    """Returns the links that lead nowhere, with file and line."""
    files = sorted({path for pattern in FILES for path in root.glob(pattern)})
    return [
        f"{path.relative_to(root)}:{line}: {link}: {fault}"
        for path in files
        for line, link in links(path.read_text("utf-8"))
        if (fault := _fault(root, path, link))
    ]


def links(page: str) -> Iterator[tuple[int, str]]:
    """Yields the targets of links and images with their lines."""
    for number, line in prose(page):
        for found in _INLINE.finditer(line):
            yield number, found[1] or found[2] or ""
        for pattern in (_REFERENCE, _HTML, _MANIFEST, _YAML):
            for found in pattern.finditer(line):
                yield number, found[1]


def _fault(root: Path, path: Path, link: str) -> str | None:
    if own := own_path(link):
        return _missing(root, root / "README.md", own)
    try:
        parts = urlsplit(link)
    except ValueError:
        return "no address"
    if not parts.scheme and not parts.netloc:
        return _missing(root, path, link)
    for blueprint in parse_qs(parts.query).get("blueprint_url", []):
        if fault := _fault(root, path, blueprint):
            return fault
    if parts.scheme == "mailto":
        return None if "@" in parts.path else "no address"
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
        return "no address"
    return None


def own_path(link: str) -> str | None:
    """Returns the relative link from the root for an address of this repository."""
    rest = link.removeprefix(HOME)
    if rest == link:
        return None
    for start, folder in _OWN.items():
        if rest.startswith(start):
            return folder + rest.removeprefix(start)
    return rest if rest.startswith("#") else None


def _missing(root: Path, path: Path, link: str) -> str | None:
    target, _, anchor = link.partition("#")
    target = unquote(target.partition("?")[0])
    if not target and not anchor:
        return "leads nowhere"
    if target.startswith("/"):
        found = root / target.lstrip("/")
    else:
        found = path.parent / target if target else path
    found = found.resolve()
    if not found.is_relative_to(root.resolve()):
        return "leads out of the repository"
    if not found.exists():
        return "is not there"
    if anchor and found.suffix == ".md":
        if unquote(anchor) not in anchors(found.read_text("utf-8")):
            return "no such heading"
    return None
