"""The installer runs where Home Assistant does not: for an installation by hand."""

import ast
from pathlib import Path
import sys

import pytest

from custom_components.all_energy import folders, installer

PATHS = [Path(str(module.__file__)) for module in (folders, installer)]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_it_is_python_3_11(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 11))


def test_a_newer_syntax_would_be_seen() -> None:
    newer = "try:\n    pass\nexcept A, B:\n    pass\n"
    with pytest.raises(SyntaxError):
        ast.parse(newer, feature_version=(3, 11))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_it_needs_the_standard_library_only(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    names.discard("folders")  # of our own
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
