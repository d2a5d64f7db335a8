"""HACS accepts the repository, and a repository of each vendor alone."""

from collections.abc import Sequence
from dataclasses import replace
import json
from pathlib import Path
import shutil
import tomllib
from typing import Any

import pytest

from scripts.buildlib.bundle import HUB, Source
from scripts.buildlib.tree import write_tree

from ..manifest_rules import HOME
from ..translation_rules import ROOT
from .conftest import Listing
from .hacs_rules import RULES, Repository, images

FACTS = json.loads((ROOT / ".github" / "repository.json").read_text("utf-8"))
VENDORS = Source(ROOT).vendors


def faults(repository: Repository) -> list[str]:
    found = ((rule.__name__, rule(repository)) for rule in RULES)
    return [f"{name}: {fault}" for name, fault in found if fault]


@pytest.fixture
def bundle(tree: Sequence[str]) -> Repository:
    return Repository(ROOT, tree, FACTS)


def test_nine_rules() -> None:
    assert len(RULES) == 9
    assert set(FACTS) == {
        "name_with_owner",
        "description",
        "topics",
        "has_issues",
        "archived",
    }
    assert f"https://github.com/{FACTS['name_with_owner']}" == HOME


def test_one_description() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert FACTS["description"] == project["description"]
    assert FACTS["topics"] == sorted(FACTS["topics"])


def test_the_bundle(bundle: Repository) -> None:
    assert bundle.integration == f"custom_components/{HUB}/"
    assert faults(bundle) == []


def test_what_hacs_downloads(bundle: Repository) -> None:
    """The zip that the build makes; no branch, which has no payload."""
    assert bundle.json("hacs.json") == {
        "name": bundle.json(f"{bundle.integration}manifest.json")["name"],
        "zip_release": True,
        "filename": f"{HUB}.zip",
        "hide_default_branch": True,
        "homeassistant": "2026.10.0",
        "render_readme": True,
    }


@pytest.mark.parametrize("domain", VENDORS)
def test_a_vendor_alone(
    tmp_path: Path, git_tree: Listing, source: Source, domain: str
) -> None:
    root = write_tree(source, domain, tmp_path)
    files = {
        path.relative_to(root).as_posix(): path
        for path in root.rglob("*")
        if not path.is_dir()
    }
    repository = Repository(root, git_tree(files), FACTS)

    broken = [rule(repository) for rule in RULES if rule is not images]
    assert broken == [None] * 8
    assert [name for name in files if name.endswith("manifest.json")] == [
        f"custom_components/{domain}/manifest.json"
    ]
    assert not [name for name in files if name.endswith(".bundle.json")]
    assert not [name for name, path in files.items() if path.is_symlink()]
    assert set(repository.installed) == set(files) - {
        "hacs.json",
        "LICENSE",
        "README.md",
    }


# What each rule finds


@pytest.mark.parametrize(
    ("fact", "rule"),
    [
        ({"archived": True}, "archived"),
        ({"description": ""}, "description"),
        ({"has_issues": False}, "issues"),
        ({"topics": []}, "topics"),
    ],
)
def test_a_wrong_fact(bundle: Repository, fact: dict[str, Any], rule: str) -> None:
    (found,) = faults(replace(bundle, facts=FACTS | fact))
    assert found.startswith(f"{rule}: ")


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        (f"custom_components/{HUB}/brand/icon.png", "brands"),
        ("hacs.json", "hacsjson"),
        ("README.md", "information"),
        (f"custom_components/{HUB}/manifest.json", "integration_manifest"),
    ],
)
def test_a_missing_file(bundle: Repository, path: str, rule: str) -> None:
    tree = [one for one in bundle.tree if one != path]
    (found,) = faults(replace(bundle, tree=tree))
    assert found.startswith(f"{rule}: ")


@pytest.mark.parametrize(
    ("name", "changes", "rule"),
    [
        ("hacs.json", {"filename": ""}, "hacsjson"),
        ("hacs.json", {"domains": ["all_energy"]}, "hacsjson"),
        ("hacs.json", {"name": None}, "hacsjson"),
        ("manifest.json", {"version": "next"}, "integration_manifest"),
        ("manifest.json", {"codeowners": None}, "integration_manifest"),
        ("manifest.json", {"documentation": "docs"}, "integration_manifest"),
    ],
)
def test_wrong_content(
    bundle: Repository, tmp_path: Path, name: str, changes: dict[str, Any], rule: str
) -> None:
    folder = tmp_path / "custom_components" / HUB
    folder.mkdir(parents=True)
    for path in ("README.md", "hacs.json", f"custom_components/{HUB}/manifest.json"):
        shutil.copy(ROOT / path, tmp_path / path)
    path = (folder if name == "manifest.json" else tmp_path) / name
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    (found,) = faults(replace(bundle, root=tmp_path))
    assert found.startswith(f"{rule}: ")


def test_no_picture(bundle: Repository, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Without\n")
    assert images(replace(bundle, root=tmp_path)) is not None
