"""Checks the links of Markdown files, and those of manifests to them."""

from collections.abc import Iterator
from pathlib import Path
import re
from urllib.parse import unquote, urlsplit

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
)

_INLINE = re.compile(
    r"\]\(\s*(?:<([^<>]*)>|((?:[^\s()]|\([^\s()]*\))*))(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_REFERENCE = re.compile(r"^ {0,3}\[(?!\^)[^\]]+\]:\s+<?([^\s>]+)")
_MANIFEST = re.compile(r"^ *\"documentation\": \"([^\"]*)\"")
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
        for pattern in (_REFERENCE, _HTML, _MANIFEST):
            for found in pattern.finditer(line):
                yield number, found[1]


def _fault(root: Path, path: Path, link: str) -> str | None:
    if own := _own(link):
        return _missing(root, root / "README.md", own)
    try:
        parts = urlsplit(link)
    except ValueError:
        return "no address"
    if not parts.scheme and not parts.netloc:
        return _missing(root, path, link)
    if parts.scheme == "mailto":
        return None if "@" in parts.path else "no address"
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
        return "no address"
    return None


def _own(link: str) -> str | None:
    """Returns the relative link from the root for an address of this repository."""
    rest = link.removeprefix(HOME)
    if rest == link:
        return None
    for start in ("/blob/main/", "/tree/main/", "/raw/main/"):
        if rest.startswith(start):
            return rest.removeprefix(start)
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
