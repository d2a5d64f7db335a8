"""A small checkout with made-up integrations, and its scripts run in it."""

import json
import os
from pathlib import Path
import shutil
import subprocess
from typing import Any

from ..translation_rules import ROOT

HUB = "all_energy"
VENDORS = ("acme_energy", "zeta_energy")
SCRIPTS = ("build", "install", "release")
PAGE = """\
# {}
[install](../README.md#install), [below](#end)
![house](images/home.png)
"""


class Checkout:
    """A repository in a folder of its own, in git."""

    def __init__(self, root: Path, version: str = "1.2.3") -> None:
        """Writes everything and commits it."""
        self.root = root
        (root / "scripts").mkdir(parents=True)
        for name in SCRIPTS:
            shutil.copy(ROOT / "scripts" / name, root / "scripts")
        shutil.copytree(
            ROOT / "scripts" / "buildlib",
            root / "scripts" / "buildlib",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        for name in ("hacs.json", "LICENSE", ".gitignore", ".gitattributes"):
            shutil.copy(ROOT / name, root)
        (root / ".github").mkdir()
        shutil.copy(ROOT / ".github" / "repository.json", root / ".github")
        (root / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n')
        for domain in (HUB, *VENDORS):
            self.write(f"{domain}/__init__.py", f'"""{domain}."""\n')
            self.write(f"{domain}/quality_scale.yaml", "rules: {}\n")
            page = root / "docs" / f"{domain}.md"
            page.parent.mkdir(exist_ok=True)
            page.write_text(PAGE.format(domain), encoding="utf-8")
            self.manifest(domain, version)
        for domain in VENDORS:
            self.write(f"{domain}/api/wire.py", f"NAME = '{domain}'\n")
        for name in ("folders.py", "installer.py"):
            code = ROOT / "custom_components" / HUB / name
            shutil.copy(code, root / "custom_components" / HUB)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()

    def path(self, name: str) -> Path:
        """Returns the path of a file of an integration."""
        return self.root / "custom_components" / name

    def write(self, name: str, content: str) -> None:
        """Writes a file of an integration."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def manifest(self, domain: str, version: str) -> None:
        """Writes a manifest."""
        names = {
            "domain": domain,
            "name": domain.title(),
            "documentation": f"https://example.org/r/blob/main/docs/{domain}.md",
            "version": version,
        }
        self.write(f"{domain}/manifest.json", json.dumps(names))

    def unknown(self, name: str) -> None:
        """Writes a file of an integration that git is not told of."""
        self.write(name, "unknown\n")

    def commit(self, tag: str | None = None) -> None:
        """Commits everything, and tags it."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "All")
        if tag:
            self.git("tag", tag)

    def git(self, *arguments: str) -> str:
        """Runs git, whoever its user is."""
        return subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments],
            cwd=self.root,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def run(
        self,
        script: str,
        *arguments: str | Path,
        path: Path | None = None,
        cwd: Path | None = None,
        **more: Any,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a script, with a folder before the others that have programs."""
        programs = os.environ["PATH"]
        return subprocess.run(
            [self.root / "scripts" / script, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd,
            env=os.environ | {"PATH": f"{path}:{programs}" if path else programs},
            **more,
        )
