"""scripts/release: nothing is published that is not right to the last byte."""

import json
from pathlib import Path
import shutil
import subprocess
import sys
from typing import Any
from zipfile import ZipFile

import pytest

from scripts.buildlib.bundle import BundleError
from scripts.buildlib.verify import check_zips

from ..translation_rules import ROOT
from .checkout import HUB, VENDORS, Checkout

TAG = "1.2.3"
ZIPS = {f"{domain}.zip" for domain in (HUB, *VENDORS)}


class GitHub:
    """The repository's other side, which `gh` speaks to."""

    def __init__(self, store: Path) -> None:
        """Shows the repository as it is to be."""
        self.store = store
        self.programs = store / "bin"
        self.programs.mkdir(parents=True)
        fake = Path(__file__).with_name("fake_gh.py")
        program = self.programs / "gh"
        program.write_text(
            f'#!/bin/sh\nGH_STORE="{store}" exec "{sys.executable}" "{fake}" "$@"\n'
        )
        program.chmod(0o755)
        declared = json.loads((ROOT / ".github" / "repository.json").read_text())
        self.show(
            description=declared["description"],
            repositoryTopics=[{"name": topic} for topic in declared["topics"]],
            hasIssuesEnabled=True,
            isArchived=False,
            nameWithOwner=declared["name_with_owner"],
        )
        self.others()

    def show(self, **facts: Any) -> None:
        """Shows the repository otherwise."""
        path = self.store / "repository.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(known | facts))

    def others(self, *others: tuple[str, bool]) -> None:
        """Has other releases, listed first: tags, and whether they are drafts."""
        (self.store / "others.json").write_text(json.dumps(others))

    def push(self, checkout: Checkout) -> None:
        """Has the checkout's tags."""
        tags = {
            tag: checkout.git("rev-parse", f"{tag}^{{commit}}").strip()
            for tag in checkout.git("tag").split()
        }
        (self.store / "tags.json").write_text(json.dumps(tags))

    def fault(self, **fault: str) -> None:
        """Does something wrong from now on."""
        (self.store / "faults.json").write_text(json.dumps(fault))

    @property
    def published(self) -> list[str]:
        """Returns the releases that everybody sees."""
        path = self.store / "releases.json"
        releases = json.loads(path.read_text()) if path.exists() else {}
        return [tag for tag, is_draft in releases.items() if not is_draft]

    @property
    def calls(self) -> list[str]:
        """Returns what was asked for."""
        path = self.store / "calls"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    checkout = Checkout(tmp_path / "project")
    checkout.git("tag", TAG)
    on_main(checkout)
    return checkout


def on_main(checkout: Checkout) -> None:
    """Has what is checked out on the other side's default branch."""
    checkout.git("update-ref", "refs/remotes/origin/main", "HEAD")


@pytest.fixture
def github(checkout: Checkout, tmp_path: Path) -> GitHub:
    github = GitHub(tmp_path / "github")
    github.push(checkout)
    return github


def release(
    checkout: Checkout, github: GitHub, tag: str = TAG
) -> subprocess.CompletedProcess[str]:
    return checkout.run("release", tag, path=github.programs)


def test_published(checkout: Checkout, github: GitHub, tmp_path: Path) -> None:
    result = release(checkout, github)

    assert result.returncode == 0, result.stderr
    assert github.published == [TAG]
    assert github.calls == [
        "repo view",
        "release list",
        "release create",
        "release upload",
        "release download",
        "api",
        "release edit",
    ]
    checkout.run("build", "--out", tmp_path / "out")
    assert {path.name for path in (github.store / TAG).iterdir()} == ZIPS
    for name in ZIPS:
        kept = (github.store / TAG / name).read_bytes()
        assert kept == (tmp_path / "out" / name).read_bytes()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"corrupt": f"{HUB}.zip"}, f"{HUB}.zip in the draft is not what was"),
        ({"corrupt": "acme_energy.zip"}, "acme_energy.zip in the draft is not what"),
        ({"drop": "zeta_energy.zip"}, "missing or too much in the draft"),
        ({"add": "other.zip"}, "missing or too much in the draft: ['other.zip']"),
        ({"fail": "release create"}, "gh release create failed: HTTP 502"),
        ({"fail": "release upload"}, "gh release upload failed: HTTP 502"),
        ({"fail": "release download"}, "gh release download failed: HTTP 502"),
        ({"fail": "api"}, "gh api repos/{owner}/{repo}/commits/tags/1.2.3 failed"),
        ({"fail": "release edit"}, "gh release edit failed: HTTP 502"),
        ({"move": "0" * 40}, "1.2.3 is another commit by now"),
    ],
    ids=str,
)
def test_stops_before_publishing(
    checkout: Checkout, github: GitHub, fault: dict[str, str], told: str
) -> None:
    github.fault(**fault)

    result = release(checkout, github)

    assert result.returncode == 1
    assert told in result.stderr
    assert github.published == []
    if fault != {"fail": "release edit"}:
        assert "release edit" not in github.calls
    if fault != {"fail": "release create"}:
        assert "gh release delete 1.2.3" in result.stderr
        assert "run this again" in result.stderr


def test_goes_on_with_its_draft(checkout: Checkout, github: GitHub) -> None:
    """After what went wrong is over."""
    github.fault(corrupt=f"{HUB}.zip")
    release(checkout, github)
    github.fault()

    result = release(checkout, github)

    assert result.returncode == 0, result.stderr
    assert github.calls.count("release create") == 1
    assert github.published == [TAG]


def test_never_changes_what_is_published(checkout: Checkout, github: GitHub) -> None:
    release(checkout, github)
    before = len(github.calls)
    result = release(checkout, github)
    assert result.returncode == 1
    assert f"{TAG} is published already" in result.stderr
    assert github.calls[before:] == ["repo view", "release list"]


@pytest.mark.parametrize("is_draft_first", [True, False])
def test_a_published_one_beside_a_draft(
    checkout: Checkout, github: GitHub, *, is_draft_first: bool
) -> None:
    github.others((TAG, is_draft_first), (TAG, not is_draft_first))
    result = release(checkout, github)
    assert f"{TAG} is published already" in result.stderr
    assert github.calls == ["repo view", "release list"]


def test_a_published_one_after_many_others(checkout: Checkout, github: GitHub) -> None:
    github.others(*((f"0.1.{patch}", False) for patch in range(40)), (TAG, False))
    result = release(checkout, github)
    assert f"{TAG} is published already" in result.stderr


@pytest.mark.parametrize("other", ["1.2.4", "1.10.0", "2.0.0"])
def test_never_older_than_what_is_published(
    checkout: Checkout, github: GitHub, other: str
) -> None:
    """Everybody would be offered it as an update."""
    github.others((other, False), ("1.2.2", False))
    result = release(checkout, github)
    assert result.returncode == 1
    assert f"{TAG} is older than {other}, which is published" in result.stderr
    assert github.calls == ["repo view", "release list"]


def test_newer_than_what_is_published(checkout: Checkout, github: GitHub) -> None:
    """Drafts, and what is no version, do not count."""
    github.others(("1.1.10", False), ("0.9.9", False), ("2.0.0", True), ("9.x", False))
    assert release(checkout, github).returncode == 0


@pytest.mark.parametrize("tag", ["v1.2.3", "1.2", "1.2.3b1", "1.2.3.4", "１.2.3"])
def test_the_tag_is_a_version(checkout: Checkout, github: GitHub, tag: str) -> None:
    for domain in (HUB, *VENDORS):
        checkout.manifest(domain, tag)
    (checkout.root / "pyproject.toml").write_text(f'[project]\nversion = "{tag}"\n')
    checkout.commit(tag)
    on_main(checkout)
    github.push(checkout)
    result = release(checkout, github, tag)
    assert result.returncode == 1
    assert f"{tag} is no version like 1.2.3" in result.stderr
    assert github.calls == []


def test_the_tag_is_on_the_default_branch(checkout: Checkout, github: GitHub) -> None:
    checkout.git("switch", "--quiet", "--create", "side")
    checkout.commit()
    checkout.git("tag", "--force", TAG)
    github.push(checkout)
    result = release(checkout, github)
    assert result.returncode == 1
    assert f"{TAG} is not on origin/main" in result.stderr
    checkout.git("update-ref", "-d", "refs/remotes/origin/main")
    assert "origin/main" in release(checkout, github).stderr
    assert github.calls == []


def test_an_older_commit_of_the_default_branch(
    checkout: Checkout, github: GitHub
) -> None:
    checkout.commit()
    on_main(checkout)
    checkout.git("switch", "--quiet", "--detach", TAG)
    assert release(checkout, github).returncode == 0


def test_the_tag_is_on_the_other_side(checkout: Checkout, github: GitHub) -> None:
    """Else the release would make it, wherever the branch is then."""
    (github.store / "tags.json").unlink()
    result = release(checkout, github)
    assert result.returncode == 1
    assert "tag 1.2.3 doesn't exist" in result.stderr
    assert not (github.store / "tags.json").exists()


def test_the_tag_is_another_commit_there(checkout: Checkout, github: GitHub) -> None:
    checkout.commit("other")
    checkout.git("tag", "--force", TAG)
    on_main(checkout)
    result = release(checkout, github)
    assert "1.2.3 is another commit by now" in result.stderr
    assert github.published == []


@pytest.mark.parametrize(
    "changes",
    [
        {"zip_release": False},
        {"zip_release": None},
        {"filename": "other.zip"},
        {"filename": None},
    ],
    ids=str,
)
def test_hacs_finds_its_zip(
    checkout: Checkout, github: GitHub, changes: dict[str, Any]
) -> None:
    path = checkout.root / "hacs.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    checkout.commit()
    checkout.git("tag", "--force", TAG)
    on_main(checkout)
    github.push(checkout)
    result = release(checkout, github)
    assert result.returncode == 1
    assert "hacs.json" in result.stderr
    assert "release create" not in github.calls


def test_the_tag_is_the_version(checkout: Checkout, github: GitHub) -> None:
    checkout.git("tag", "1.2.4")
    result = release(checkout, github, "1.2.4")
    assert "the tag is 1.2.4, but the manifests say 1.2.3" in result.stderr
    assert github.calls == []


def test_one_manifest_is_older(checkout: Checkout, github: GitHub) -> None:
    checkout.manifest("zeta_energy", "1.2.2")
    result = release(checkout, github)
    assert "different versions" in result.stderr
    assert github.calls == []


def test_the_project_has_the_version(checkout: Checkout, github: GitHub) -> None:
    (checkout.root / "pyproject.toml").write_text('[project]\nversion = "1.2.2"\n')
    result = release(checkout, github)
    assert "the pyproject.toml say 1.2.2" in result.stderr
    assert github.calls == []


@pytest.mark.parametrize("name", ["api/wire.py", "api/new.py"])
def test_only_what_is_in_git(checkout: Checkout, github: GitHub, name: str) -> None:
    checkout.write(f"acme_energy/{name}", "changed\n")
    result = release(checkout, github)
    assert "the checkout is not as in git" in result.stderr
    assert "custom_components/acme_energy/" in result.stderr
    assert github.calls == []


def test_nothing_that_git_ignores(checkout: Checkout, github: GitHub) -> None:
    """Git status does not tell of it."""
    checkout.write("acme_energy/old.pyc", "")
    assert release(checkout, github).returncode == 0
    assert b"old.pyc" not in (github.store / TAG / "acme_energy.zip").read_bytes()


def test_what_is_checked_out_is_tagged(checkout: Checkout, github: GitHub) -> None:
    checkout.commit()
    result = release(checkout, github)
    assert "what is checked out is not 1.2.3" in result.stderr
    checkout.git("tag", "--delete", TAG)
    assert release(checkout, github).returncode == 1
    assert github.calls == []


def test_an_annotated_tag(checkout: Checkout, github: GitHub) -> None:
    checkout.git("tag", "--annotate", "--force", "--message", "All of it", TAG)
    github.push(checkout)
    assert release(checkout, github).returncode == 0


@pytest.mark.parametrize(
    "fact",
    [
        {"description": ""},
        {"repositoryTopics": None},
        {"hasIssuesEnabled": False},
        {"isArchived": True},
        {"nameWithOwner": "somebody/home-energy-bundle"},
    ],
    ids=str,
)
def test_the_repository_is_as_hacs_needs_it(
    checkout: Checkout, github: GitHub, fact: dict[str, Any]
) -> None:
    github.show(**fact)
    result = release(checkout, github)
    assert result.returncode == 1
    assert "but repository.json says" in result.stderr
    assert github.calls == ["repo view"]


def test_without_gh(checkout: Checkout, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("git", "bash", "readlink"):
        (programs / name).symlink_to(str(shutil.which(name)))
    (programs / "python3").symlink_to(sys.executable)
    result = subprocess.run(
        [checkout.root / "scripts" / "release", TAG],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "gh is not installed" in result.stderr


class TestZips:
    """The check looks into the zips, however they were built."""

    @pytest.fixture
    def zips(self, checkout: Checkout, tmp_path: Path) -> Path:
        folder = tmp_path / "out"
        assert checkout.run("build", "--out", folder).returncode == 0
        check_zips(checkout.root, TAG, TAG, folder)
        return folder

    @staticmethod
    def rewrite(path: Path, name: str, content: str | None) -> None:
        """Puts another content into a zip, or leaves a file out."""
        with ZipFile(path) as archive:
            files = {one: archive.read(one) for one in archive.namelist()}
        if content is None:
            del files[name]
        else:
            files[name] = content.encode()
        with ZipFile(path, "w") as archive:
            for one, kept in files.items():
                archive.writestr(one, kept)

    @pytest.mark.parametrize("content", ["other", None])
    @pytest.mark.parametrize(
        ("domain", "name"),
        [
            (HUB, "installer.py"),
            (HUB, "integrations/acme_energy/api/wire.py"),
            ("acme_energy", "api/wire.py"),
        ],
    )
    def test_files(
        self,
        checkout: Checkout,
        zips: Path,
        domain: str,
        name: str,
        content: str | None,
    ) -> None:
        self.rewrite(zips / f"{domain}.zip", name, content)
        with pytest.raises(BundleError, match=f"not as in git: {domain}/{name}"):
            check_zips(checkout.root, TAG, TAG, zips)

    @pytest.mark.parametrize("content", ["{}", None])
    @pytest.mark.parametrize(
        ("domain", "name"),
        [
            (HUB, "integrations/acme_energy/.bundle.json"),
            ("acme_energy", ".bundle.json"),
        ],
    )
    def test_stamps(
        self,
        checkout: Checkout,
        zips: Path,
        domain: str,
        name: str,
        content: str | None,
    ) -> None:
        self.rewrite(zips / f"{domain}.zip", name, content)
        with pytest.raises(BundleError, match=r"acme_energy\.zip is not what the hub"):
            check_zips(checkout.root, TAG, TAG, zips)

    def test_something_more(self, checkout: Checkout, zips: Path) -> None:
        self.rewrite(zips / f"{HUB}.zip", "integrations/acme_energy/more.py", "")
        with pytest.raises(BundleError, match=r"acme_energy/more\.py"):
            check_zips(checkout.root, TAG, TAG, zips)

    def test_a_zip_is_missing(self, checkout: Checkout, zips: Path) -> None:
        (zips / "acme_energy.zip").unlink()
        with pytest.raises(BundleError, match="a zip of each of"):
            check_zips(checkout.root, TAG, TAG, zips)

    def test_no_zip(self, checkout: Checkout, zips: Path) -> None:
        (zips / "acme_energy.zip").write_bytes(b"<html>")
        with pytest.raises(BundleError, match=r"acme_energy\.zip is damaged"):
            check_zips(checkout.root, TAG, TAG, zips)

    def test_version(self, checkout: Checkout, zips: Path) -> None:
        with pytest.raises(BundleError, match=r"as 1\.2\.4"):
            check_zips(checkout.root, TAG, "1.2.4", zips)

    def test_the_revision_counts(self, checkout: Checkout, zips: Path) -> None:
        """Not what is checked out."""
        checkout.write("acme_energy/api/wire.py", "NAME = 'later'\n")
        checkout.commit("later")
        check_zips(checkout.root, TAG, TAG, zips)
        with pytest.raises(BundleError, match=r"not as in git: acme_energy/api/wire"):
            check_zips(checkout.root, "later", TAG, zips)

    def test_links_in_git(self, checkout: Checkout, zips: Path) -> None:
        checkout.path("acme_energy/link.py").symlink_to("__init__.py")
        checkout.commit("linked")
        with pytest.raises(BundleError, match=r"link\.py is a link"):
            check_zips(checkout.root, "linked", TAG, zips)
