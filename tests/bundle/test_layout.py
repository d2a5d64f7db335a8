"""What has to be true of the seven folders together."""

from collections.abc import Sequence
import itertools
import tomllib
from typing import Any

import pytest
import yaml

from scripts.buildlib.bundle import HUB, Source

from ..translation_rules import ROOT
from .conftest import Listing

COMPONENTS = ROOT / "custom_components"
CHECKS = ("lint", "test", "validate")
DOMAINS = (HUB, *Source(ROOT).vendors)


def test_one_version_everywhere(source: Source) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert source.version() == project["version"]


def test_the_hub_is_what_hacs_takes(tree: Sequence[str]) -> None:
    """It sorts first in git's order of bytes."""
    folders = [
        path
        for path in tree
        if path.startswith("custom_components/")
        and path.count("/") == 2
        and path.endswith("/")
    ]
    assert folders == [f"custom_components/{domain}/" for domain in DOMAINS]
    assert not [path for path in tree if path.startswith("custom_components.")]


def test_git_sorts_folders_with_their_slash(git_tree: Listing) -> None:
    """Guards the test before: what git does is tried, not believed."""
    listed = git_tree(["a/x/1", "a/x.y/1", "a/B/1"])
    assert listed == ["a/", "a/B/", "a/B/1", "a/x.y/", "a/x.y/1", "a/x/", "a/x/1"]


def test_no_domain_begins_like_another() -> None:
    """HACS takes files by the beginning of their paths."""
    for one, other in itertools.permutations(DOMAINS, 2):
        assert not other.startswith(one)


def test_no_payload_in_git(tree: Sequence[str]) -> None:
    """The validator would take its code for the hub's."""
    folder = f"custom_components/{HUB}/integrations"
    assert not [path for path in tree if path.startswith(folder)]
    assert f"/{folder}/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert not [path for path in tree if path.endswith(".bundle.json")]


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_links_in_git(tree: Sequence[str], domain: str) -> None:
    folder = f"custom_components/{domain}/"
    names = [path for path in tree if path.startswith(folder)]
    assert len(names) > 10
    assert not [path for path in names if (ROOT / path).is_symlink()]


@pytest.mark.parametrize("domain", DOMAINS[1:])
def test_vendors_know_nothing_of_the_hub(domain: str) -> None:
    """A broken hub would stop them from loading."""
    files = [
        path
        for path in (COMPONENTS / domain).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert len(files) > 20
    named = [
        path.name
        for path in files
        if HUB.encode() in (content := path.read_bytes()) or b".bundle.json" in content
    ]
    assert named == []


def test_the_hub_knows_no_vendor() -> None:
    """A new one needs no change in it."""
    for path in (COMPONENTS / HUB).rglob("*"):
        if path.suffix in {".py", ".json"}:
            text = path.read_text("utf-8")
            assert [name for name in DOMAINS[1:] if name in text] == [], path.name


def test_the_workflows_call_the_scripts() -> None:
    """What is released is what scripts/release made, of a tag that is a version."""
    release = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    assert 'run: scripts/release "$GITHUB_REF_NAME"' in release
    assert 'tags: ["[0-9]+.[0-9]+.[0-9]+"]' in release
    validate = (ROOT / ".github" / "workflows" / "validate.yml").read_text("utf-8")
    assert "ignore:" not in validate


def test_nothing_is_released_before_the_checks_are_through() -> None:
    jobs = workflow("release")["jobs"]
    checks = {name: job for name, job in jobs.items() if name != "release"}
    assert set(jobs["release"]["needs"]) == set(checks)
    assert {job["uses"] for job in checks.values()} == {
        f"./.github/workflows/{name}.yml" for name in CHECKS
    }
    for name in CHECKS:
        # YAML 1.1 takes the key for a boolean
        assert "workflow_call" in workflow(name)[True], name
    checkout = jobs["release"]["steps"][0]
    assert checkout["with"]["fetch-depth"] == 0, "main has to be there"


def workflow(name: str) -> dict[Any, Any]:
    path = ROOT / ".github" / "workflows" / f"{name}.yml"
    found: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found
