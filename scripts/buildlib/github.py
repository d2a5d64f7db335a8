"""What a release needs of git and GitHub, by their own commands."""

import json
from pathlib import Path
import re
import subprocess

from .bundle import BundleError, read_json

LINK = "120000"  # the mode of a link in git


def run(root: Path, *command: str) -> str:
    """Runs a command in the checkout; BundleError with its own words if it fails."""
    try:
        done = subprocess.run(
            command, cwd=root, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as err:
        raise BundleError(f"{command[0]} is not installed") from err
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise BundleError(f"{' '.join(command[:3])} failed: {said}")
    return done.stdout


def blobs(root: Path, revision: str, folder: str) -> dict[str, str]:
    """Returns git's ids of all files below a folder, by path relative to it."""
    listed = run(root, "git", "ls-tree", "-r", "-z", revision, f"{folder}/")
    found = {}
    for line in filter(None, listed.split("\0")):
        entry, path = line.split("\t", 1)
        mode, _kind, name = entry.split()
        if mode == LINK:
            raise BundleError(f"{path} is a link")
        found[path.removeprefix(f"{folder}/")] = name
    return found


def check_repository(root: Path) -> None:
    """Raises BundleError if GitHub shows the repository otherwise than is written here.

    HACS refuses a repository without description, topics or issues, or an archived one.
    """
    path = root / ".github" / "repository.json"
    wanted = read_json(path)
    fields = "nameWithOwner,description,repositoryTopics,hasIssuesEnabled,isArchived"
    seen = json.loads(run(root, "gh", "repo", "view", "--json", fields))
    found = {
        "description": seen["description"],
        "topics": sorted(topic["name"] for topic in seen["repositoryTopics"] or ()),
        "has_issues": seen["hasIssuesEnabled"],
        "archived": seen["isArchived"],
        "name_with_owner": seen["nameWithOwner"],
    }
    for key, value in wanted.items():
        if found[key] != value:
            raise BundleError(
                f"the repository's {key} is {found[key]!r}, "
                f"but {path.name} says {value!r}"
            )


def version_of(tag: str) -> tuple[int, ...] | None:
    """Returns a tag's version, None if it is none."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", tag, re.ASCII):
        return None
    return tuple(map(int, tag.split(".")))


def open_draft(root: Path, tag: str) -> None:
    """Makes a draft of a release, or goes on with the one of an earlier try.

    BundleError if that release, or a later one, is published.
    """
    listed = run(
        root, "gh", "release", "list", "--limit", "1000", "--json", "tagName,isDraft"
    )
    releases = json.loads(listed)
    published = [one["tagName"] for one in releases if not one["isDraft"]]
    if tag in published:
        raise BundleError(f"{tag} is published already")
    for other in published:
        if (version_of(other) or ()) > (version_of(tag) or ()):
            raise BundleError(f"{tag} is older than {other}, which is published")
    if any(one["tagName"] == tag for one in releases):
        return
    told = ("--title", tag, "--generate-notes", "--verify-tag")
    run(root, "gh", "release", "create", tag, "--draft", *told)


def upload(root: Path, tag: str, files: list[Path]) -> None:
    """Puts files onto a draft, in the place of earlier ones."""
    run(root, "gh", "release", "upload", tag, "--clobber", *map(str, files))


def download(root: Path, tag: str, folder: Path) -> None:
    """Gets all files of a release."""
    run(root, "gh", "release", "download", tag, "--dir", str(folder))


def tagged(root: Path, tag: str) -> str:
    """Returns the commit that a tag stands for on the other side."""
    commit = f"repos/{{owner}}/{{repo}}/commits/tags/{tag}"  # filled in by gh itself
    return run(root, "gh", "api", commit, "--jq", ".sha").strip()


def publish(root: Path, tag: str) -> None:
    """Lets everybody see a release."""
    run(root, "gh", "release", "edit", tag, "--draft=false")
