"""HACS's validation of a repository of the category integration, rule by rule.

Each rule returns what breaks it. They are those that decide whether a repository can be
added: they run in people's Home Assistant too, not only in CI.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
import json
from pathlib import Path
import re
from typing import Any

from awesomeversion import AwesomeVersion, AwesomeVersionException
from probatio import Invalid, Optional, Required, Schema, Url
from probatio.humanize import humanize_error

_README = re.compile(r"(readme|info)(\.(md|markdown|rst|txt))?", re.IGNORECASE)


def _version(found: Any) -> str:
    try:
        version = AwesomeVersion(found, ensure_strategy=None)
        _ = version.strategy
    except AwesomeVersionException as err:
        raise Invalid(str(err)) from err
    if not version.valid:
        raise Invalid(f"{found} is no version")
    return str(found)


HACS_JSON = Schema(
    {
        Required("name"): str,
        Optional("content_in_root"): bool,
        Optional("country"): object,
        Optional("filename"): str,
        Optional("hacs"): str,
        Optional("hide_default_branch"): bool,
        Optional("homeassistant"): str,
        Optional("persistent_directory"): str,
        Optional("render_readme"): bool,
        Optional("zip_release"): bool,
    }
)
MANIFEST = Schema(
    {
        Required("codeowners"): list,
        Required("documentation"): Url(),
        Required("domain"): str,
        Required("issue_tracker"): Url(),
        Required("name"): str,
        Required("version"): _version,
        str: object,
    }
)


@dataclass(frozen=True)
class Repository:
    """A repository as HACS sees it."""

    root: Path
    tree: Sequence[str]  # paths as git lists them; those of folders end in a slash
    facts: dict[str, Any]

    @property
    def integration(self) -> str:
        """Returns the folder that HACS takes: the first, as git sorts them."""
        return next(
            path
            for path in self.tree
            if path.startswith("custom_components")
            and path.endswith("/")
            and path != "custom_components/"
        )

    @property
    def installed(self) -> list[str]:
        """Returns what HACS takes without a zip: by the beginning of the path."""
        begin = self.integration.rstrip("/")
        return [
            path
            for path in self.tree
            if path.startswith(begin) and not path.endswith("/")
        ]

    def json(self, path: str) -> dict[str, Any]:
        """Returns an object from a file."""
        found: dict[str, Any] = json.loads((self.root / path).read_text("utf-8"))
        return found


def _schema(schema: Schema, found: dict[str, Any]) -> str | None:
    try:
        schema(found)
    except Invalid as err:
        return humanize_error(found, err)
    return None


def archived(repository: Repository) -> str | None:
    """Nothing is installed from an archive."""
    return "is archived" if repository.facts["archived"] else None


def brands(repository: Repository) -> str | None:
    """An icon in the integration's own folder."""
    wanted = f"{repository.integration}brand/icon.png"
    return None if wanted in repository.tree else f"no {wanted}"


def description(repository: Repository) -> str | None:
    """A line about it."""
    return None if repository.facts["description"] else "no description"


def hacsjson(repository: Repository) -> str | None:
    """What HACS is told; a zip release says which file."""
    if "hacs.json" not in repository.tree:
        return "no hacs.json"
    found = repository.json("hacs.json")
    if found.get("zip_release") and not found.get("filename"):
        return "zip_release without filename"
    return _schema(HACS_JSON, found)


def images(repository: Repository) -> str | None:
    """A picture, which HACS asks of cards and themes only."""
    text = (repository.root / "README.md").read_text("utf-8")
    return None if "![" in text or "<img" in text else "no picture in README.md"


def information(repository: Repository) -> str | None:
    """A page that HACS shows."""
    found = any(_README.fullmatch(path) for path in repository.tree)
    return None if found else "no README"


def integration_manifest(repository: Repository) -> str | None:
    """A manifest in the folder that is taken."""
    path = f"{repository.integration}manifest.json"
    if path not in repository.tree:
        return f"no {path}"
    return _schema(MANIFEST, repository.json(path))


def issues(repository: Repository) -> str | None:
    """A place for questions."""
    return None if repository.facts["has_issues"] else "issues are off"


def topics(repository: Repository) -> str | None:
    """A word to find it by."""
    return None if repository.facts["topics"] else "no topics"


RULES: list[Callable[[Repository], str | None]] = [
    archived,
    brands,
    description,
    hacsjson,
    images,
    information,
    integration_manifest,
    issues,
    topics,
]
