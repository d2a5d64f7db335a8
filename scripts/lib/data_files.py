"""Checks the data files of the repository: JSON, YAML, manifests, translations.

Prints one line per finding and exits with 1 if there is one. It covers what Home
Assistant's own validator (hassfest, which needs Docker) would find most often.
"""

from collections.abc import Iterator
import json
from pathlib import Path
import re
import sys
from typing import Any, override

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("custom_components", "blueprints", "tests", "scripts", ".github")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class TagTolerantLoader(yaml.SafeLoader):
    """Reads Home Assistant's YAML, whose tags such as !input mean nothing here."""

    @override
    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        if node.tag.startswith("!"):
            return None
        return super().construct_object(node, deep=deep)


def reject_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Builds an object from its pairs; ValueError if a key is there twice."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"key {key!r} is there twice")
        found[key] = value
    return found


def load_json(path: Path) -> Any:
    """Reads a JSON file; ValueError if it is malformed."""
    return json.loads(
        path.read_text(encoding="utf-8"), object_pairs_hook=reject_duplicates
    )


def leaves(tree: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yields the texts of a translation file with their dotted keys."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{prefix}.{key}" if prefix else key)
    else:
        yield prefix, str(tree)


def well_formed() -> Iterator[str]:
    """Yields JSON and YAML files that cannot be read."""
    files = [ROOT / "hacs.json"]
    for folder in FOLDERS:
        files += (ROOT / folder).rglob("*")
    for path in sorted(files):
        try:
            if path.suffix == ".json":
                load_json(path)
            elif path.suffix in {".yaml", ".yml"}:
                with path.open(encoding="utf-8") as stream:
                    yaml.load(stream, TagTolerantLoader)
        except (ValueError, yaml.YAMLError) as err:
            yield f"{path.relative_to(ROOT)}: {' '.join(str(err).split())}"


def manifests() -> Iterator[str]:
    """Yields what Home Assistant or HACS would not accept in a manifest."""
    for path in sorted((ROOT / "custom_components").glob("*/manifest.json")):
        name = path.relative_to(ROOT)
        manifest = load_json(path)
        keys = list(manifest)
        if keys != ["domain", "name", *sorted(set(keys) - {"domain", "name"})]:
            yield f"{name}: keys must be domain, name, then the rest by alphabet"
        if manifest.get("domain") != path.parent.name:
            yield f"{name}: the domain is not the folder's name"
        for key in (
            "codeowners",
            "documentation",
            "integration_type",
            "iot_class",
            "issue_tracker",
            "version",
        ):
            if key not in manifest:
                yield f"{name}: {key} is missing"


def translations() -> Iterator[str]:
    """Yields texts or placeholders that a language has and English has not, or lacks."""
    for english in sorted((ROOT / "custom_components").glob("*/translations/en.json")):
        texts = dict(leaves(load_json(english)))
        for path in sorted(english.parent.glob("*.json")):
            name = path.relative_to(ROOT)
            other = dict(leaves(load_json(path)))
            for key in sorted(texts.keys() - other.keys()):
                yield f"{name}: {key} is missing"
            for key in sorted(other.keys() - texts.keys()):
                yield f"{name}: {key} is not in en.json"
            for key in sorted(texts.keys() & other.keys()):
                wanted = set(PLACEHOLDER.findall(texts[key]))
                if set(PLACEHOLDER.findall(other[key])) != wanted:
                    yield f"{name}: {key} needs the placeholders {sorted(wanted)}"


def main() -> int:
    """Prints the findings; returns the exit code."""
    findings = list(well_formed())
    if not findings:
        findings += [*manifests(), *translations()]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
