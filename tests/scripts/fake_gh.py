"""A `gh` that keeps its releases in a folder; what it does wrong is set from outside.

GH_STORE is the folder. Every call is added to its `calls`, `tags.json` has what the tags
stand for, and `faults.json` says what goes wrong: {"corrupt": NAME}, {"drop": NAME},
{"add": NAME}, {"fail": "release upload"}, {"move": COMMIT} of the tag, by a download.
"""

import json
import os
from pathlib import Path
import shutil
import sys

STORE = Path(os.environ["GH_STORE"])
RELEASES = STORE / "releases.json"
FAULTS = STORE / "faults.json"
TAGS = STORE / "tags.json"
PAGE = 30  # releases in a list, if nothing is said


def read(path: Path) -> dict[str, object]:
    """Returns what a file holds."""
    found: dict[str, object] = json.loads(path.read_text()) if path.exists() else {}
    return found


def upload(tag: str, files: list[str], faults: dict[str, object]) -> None:
    """Keeps files, or not quite."""
    for file in map(Path, files):
        kept = STORE / tag / file.name
        if kept.exists() and "--clobber" not in sys.argv:
            sys.exit("asset already exists")
        if faults.get("drop") == file.name:
            continue
        shutil.copyfile(file, kept)
        if faults.get("corrupt") == file.name:
            content = bytearray(kept.read_bytes())
            content[len(content) // 2] ^= 1
            kept.write_bytes(content)
    if isinstance(name := faults.get("add"), str):
        (STORE / tag / name).write_text("")


def main() -> None:
    """Does what was asked for."""
    command, *rest = sys.argv[2:]
    faults, releases = read(FAULTS), read(RELEASES)
    asked = f"{sys.argv[1]} {command}" if sys.argv[1] != "api" else "api"
    with (STORE / "calls").open("a") as calls:
        calls.write(f"{asked}\n")
    if faults.get("fail") == asked:
        sys.exit("HTTP 502: Bad Gateway")
    tag = rest[0]
    match asked:
        case "repo view":
            sys.stdout.write((STORE / "repository.json").read_text())
        case "release list":
            limit = int(rest[rest.index("--limit") + 1]) if "--limit" in rest else PAGE
            others = json.loads((STORE / "others.json").read_text())
            listed = [
                {"tagName": name, "isDraft": is_draft}
                for name, is_draft in [*others, *releases.items()]
            ]
            json.dump(listed[:limit], sys.stdout)
        case "release create":
            if tag not in read(TAGS):
                if "--verify-tag" in rest:
                    sys.exit(f"tag {tag} doesn't exist in the repository")
                TAGS.write_text(json.dumps({**read(TAGS), tag: "of main"}))
            releases[tag] = "--draft" in rest
            (STORE / tag).mkdir()
        case "release upload":
            assert tag in releases
            upload(tag, [one for one in rest[1:] if one[0] != "-"], faults)
        case "release download":
            for file in (STORE / tag).iterdir():
                shutil.copy(file, rest[rest.index("--dir") + 1])
            if "move" in faults:
                TAGS.write_text(json.dumps({tag: faults["move"]}))
        case _ if sys.argv[1] == "api":
            name = command.removeprefix("repos/{owner}/{repo}/commits/tags/")
            assert rest == ["--jq", ".sha"]
            if name not in read(TAGS):
                sys.exit("No commit found for SHA (HTTP 422)")
            sys.stdout.write(f"{read(TAGS)[name]}\n")
            return
        case "release edit":
            assert "--draft=false" in rest
            releases[tag] = False
        case _:
            sys.exit(f"unknown command {asked}")
    RELEASES.write_text(json.dumps(releases))


if __name__ == "__main__":
    main()
