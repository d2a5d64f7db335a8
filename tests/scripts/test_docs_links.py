"""scripts/docs: links that lead somewhere."""

from pathlib import Path
from urllib.parse import quote

import pytest

from scripts.docslib.links import HOME, link_faults
from scripts.docslib.markdown import anchors

from .docs_project import Project


def test_anchors() -> None:
    page = """\
# Home Energy Bundle
## What's `new` in 1.0?
## Cloud or local? ##
### A [link](there.md), *really*
## Control
## Control
## Snake_case – Größe
```bash
# no heading
```
<!--
# hidden
-->
<a id="own"></a>
#hash
"""
    assert anchors(page) == {
        "home-energy-bundle",
        "whats-new-in-10",
        "cloud-or-local",
        "a-link-really",
        "control",
        "control-1",
        "snake_case--größe",
        "own",
    }


IMPORT = "https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url="
GOOD = f"""\
# Here
## An anchor
[a](docs/page.md) [b](docs/page.md#a-heading "title") [c](#an-anchor) [d](docs)
![e](docs/images/a%20b.png) [![f](<docs/images/a b.png>)](LICENSE)
[g](https://example.org/x_(y)) <a href="docs/page.md">h</a> [i](mailto:me@example.org)
[j]({HOME}/blob/main/docs/page.md#a-heading) [k]({HOME}#an-anchor) [l]({HOME}/issues)
`[m](nowhere.md)` [n](/docs/page.md) [o](LICENSE#L3)

[p]: docs/page.md

~~~
[q](nowhere.md)
~~~
"""


@pytest.fixture
def linked(tmp_path: Path) -> Project:
    project = Project(tmp_path / "project")
    project.write("docs/page.md", "# A heading\n[up](../README.md#an-anchor)\n")
    project.write("docs/images/a b.png", "")
    project.write("LICENSE", "")
    project.write("README.md", GOOD)
    return project


def test_good_links(linked: Project) -> None:
    assert link_faults(linked.root) == []


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("docs/nowhere.md", "is not there"),
        ("docs/Page.md", "is not there"),
        ("docs/page.md#nothing", "no such heading"),
        ("docs/page.md#A-heading", "no such heading"),
        ("#nothing", "no such heading"),
        ("../elsewhere", "leads out of the repository"),
        ("", "leads nowhere"),
        ("https://", "no address"),
        ("https://nowhere", "no address"),
        ("https://[half", "no address"),
        ("htps://example.org", "no address"),
        ("mailto:nobody", "no address"),
        (f"{HOME}/blob/main/docs/gone.md", "is not there"),
        (f"{HOME}#gone", "no such heading"),
        (f"{HOME}/issues/new?template=gone.yml", "is not there"),
        (f"{IMPORT}{quote(HOME, safe='')}%2Fblob%2Fmain%2Fgone.yaml", "is not there"),
    ],
)
@pytest.mark.parametrize("form", ["a [text]({}) b", "![image]({})", '<img src="{}">'])
def test_broken_links(linked: Project, link: str, fault: str, form: str) -> None:
    linked.write("SECURITY.md", f"# Title\n\n{form.format(link)}\n")
    assert link_faults(linked.root) == [f"SECURITY.md:3: {link}: {fault}"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/deep/er.md", "[x]: gone.md"),
        ("CHANGELOG.md", "[x](gone.md)"),
        ("CONTRIBUTING.md", "[x](gone.md)"),
        ("custom_components/hub/README.md", "[x](gone.md)"),
        (
            "custom_components/hub/manifest.json",
            f'  "documentation": "{HOME}/blob/main/gone.md"',
        ),
        (".github/ISSUE_TEMPLATE/bug.yml", f"    url: {HOME}/blob/main/gone.md"),
        (".github/ISSUE_TEMPLATE/bug.yml", f"  See [x]({HOME}/blob/main/gone.md)."),
        ("blueprints/a/b.yaml", f"  source_url: {HOME}/blob/main/gone.md"),
    ],
)
def test_files_that_are_looked_at(linked: Project, name: str, text: str) -> None:
    linked.write(name, text)
    (fault,) = link_faults(linked.root)
    assert fault.startswith(f"{name}:1: ")
    assert fault.endswith("gone.md: is not there")
