"""Odoo's runner knows the modules that `tests/__init__.py` imports, and no other."""

import ast
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parents[1]


def imported():
    """The names that `tests/__init__.py` imports, with their folders."""
    tree = ast.parse((TESTS / "__init__.py").read_text())
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            folder = TESTS / (node.module or "")
            yield from ((folder / f"{alias.name}.py") for alias in node.names)


def test_every_module_is_loaded():
    here = {*TESTS.glob("**/test_*.py")} - {*TESTS.glob("unit/*.py")}
    assert {*imported()} == here


def test_no_module_hides_another():
    names = Counter(path.stem for path in imported())
    assert {name for name, count in names.items() if count > 1} == set()
