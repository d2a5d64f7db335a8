"""The installer runs where Home Assistant does not: for an installation by hand."""

import ast
from pathlib import Path
import sys

import pytest

from custom_components.all_energy import installer

PATH = Path(installer.__file__)


def test_it_is_python_3_11() -> None:
    ast.parse(PATH.read_text(encoding="utf-8"), feature_version=(3, 11))


def test_a_newer_syntax_would_be_seen() -> None:
    newer = "try:\n    pass\nexcept A, B:\n    pass\n"
    with pytest.raises(SyntaxError):
        ast.parse(newer, feature_version=(3, 11))


def test_it_needs_the_standard_library_only() -> None:
    tree = ast.parse(PATH.read_text(encoding="utf-8"))
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
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
