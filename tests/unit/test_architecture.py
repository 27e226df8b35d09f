"""The order of the house, read from the sources alone, without Odoo.

A package of ``models/`` knows those loaded before it, never those after it. A name
belongs to the first package that defines it; an earlier package that says it knows too
much, and gets a hook that the later one extends.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Names of our fields that fields and variables of others have as well.
COMMON = set(
    """
    active amount automatic calendar_id channel charge code commercial_partner_id
    company_id contract_id create_date currency_id date date_from date_to email
    explanation invoice_line_ids item_ids justified label lang last_day link minutes
    months name number packages partner_id phone price prices quantity state team_id
    text told total user_id work
    """.split()
)
# A field, or a path of fields, as domains and dependencies spell it.
PATH = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*")


def packages(models):
    """The packages in the order in which Odoo loads them."""
    return [name for _module, name in imports(models / "__init__.py")]


def upward_references(models):
    """What packages say of later ones, as ``file:line name (package)``."""
    order = packages(models)
    owners = {}
    for package in order:
        for path in sources(models / package):
            for name in definitions(tree(path)):
                owners.setdefault(name, package)
    found = set()
    for rank, package in enumerate(order):
        later = set(order[rank + 1 :])
        for path in sources(models / package):
            where = path.relative_to(models)
            found |= {
                f"{where}:{line} {name} ({owners[name]})"
                for name, line in references(tree(path))
                if owners.get(name) in later
            }
            found |= {
                f"{where}: imports {module}"
                for module, _name in imports(path)
                if module.startswith("..") and module.split(".")[2] in later
            }
    return sorted(found)


def definitions(parsed):
    """The models, and the fields and methods of ours that models define."""
    for node in ast.walk(parsed):
        if not (isinstance(node, ast.ClassDef) and _is_model(node)):
            continue
        extended = _extended(node)
        for member in node.body:
            if isinstance(member, ast.FunctionDef):
                ours = member.name.startswith(("_", "action_"))
                if ours and not _extends(member):
                    yield member.name
            elif isinstance(member, ast.Assign):
                (target,) = member.targets
                if _is_field(member.value) and target.id not in COMMON:
                    yield target.id
                elif target.id == "_name" and member.value.value not in extended:
                    yield member.value.value


def references(parsed):
    """Attributes that are asked for, and names in strings, each with its line."""
    for node in ast.walk(parsed):
        if isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if PATH.fullmatch(node.value):
                yield from ((n, node.lineno) for n in (node.value, *_parts(node.value)))


def imports(path):
    """Pairs of a module, with its dots, and a name or an empty string."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def sources(folder):
    return sorted(folder.rglob("*.py"))


def tree(path):
    return ast.parse(path.read_text(), str(path))


def _parts(dotted):
    return dotted.split(".") if "." in dotted else []


def _is_model(node):
    return any(
        isinstance(member, ast.Assign) and member.targets[0].id in {"_name", "_inherit"}
        for member in node.body
    )


def _extended(node):
    """The names of the models that a class extends or takes from."""
    for member in node.body:
        if isinstance(member, ast.Assign) and member.targets[0].id == "_inherit":
            return ast.literal_eval(member.value)
    return ()


def _extends(method):
    """Whether a method goes on to the one it overrides, which is another's."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == method.name
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "super"
        for node in ast.walk(method)
    )


def _is_field(value):
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and isinstance(value.func.value, ast.Name)
        and value.func.value.id == "fields"
    )


def test_a_package_knows_none_that_is_loaded_after_it():
    assert upward_references(ROOT / "models") == []


def test_every_package_says_what_it_owns():
    folders = {path.parent.name for path in (ROOT / "models").glob("*/__init__.py")}
    assert set(packages(ROOT / "models")) == folders
    silent = [
        n
        for n in folders
        if not ast.get_docstring(tree(ROOT / "models" / n / "__init__.py"))
    ]
    assert silent == []


def test_no_model_stands_outside_the_packages():
    assert [path.name for path in (ROOT / "models").glob("*.py")] == ["__init__.py"]


def test_tools_do_without_odoo():
    asking = {
        str(path.relative_to(ROOT))
        for path in sources(ROOT / "tools")
        for module, _name in imports(path)
        if module.split(".")[0] == "odoo"
    }
    assert asking == set()


def test_no_test_needs_what_builds_the_platform():
    workbench = {path.parent.name for path in (ROOT / "dev").glob("*/*")}
    asking = {
        str(path.relative_to(ROOT))
        for path in sources(ROOT / "tests")
        for module, _name in imports(path)
        if {"dev", *workbench} & set(module.split("."))
    }
    assert asking == set()


@pytest.mark.parametrize(
    ("earlier", "found"),
    [
        ("record._later()", ["earlier/model.py:1 _later (later)"]),
        ("record.later_field", ["earlier/model.py:1 later_field (later)"]),
        ('env["later.model"]', ["earlier/model.py:1 later.model (later)"]),
        ('depends("own_id.later_field")', ["earlier/model.py:1 later_field (later)"]),
        ("from ..later.model import X", ["earlier/model.py: imports ..later.model"]),
        ("record._earlier()", []),
        ("record.name", []),
        ('"a sentence of later_field"', []),
    ],
)
def test_the_reader_of_the_sources_finds_what_knows_too_much(tmp_path, earlier, found):
    (tmp_path / "__init__.py").write_text("from . import earlier, later\n")
    defined = (
        "class Model:\n"
        "    _name = '{0}.model'\n"
        "    name = fields.Char()\n"
        "    {0}_field = fields.Char()\n"
        "    def _{0}(self): ...\n"
    )
    for package, text in (("earlier", f"{earlier}\n"), ("later", "")):
        (tmp_path / package).mkdir()
        (tmp_path / package / "model.py").write_text(text + defined.format(package))
    assert upward_references(tmp_path) == found


def test_odoo_is_told_of_every_test():
    """Those in `unit` need no Odoo; of the others Odoo runs what is imported."""
    named = {
        (node.module, name.name)
        for node in ast.walk(tree(ROOT / "tests" / "__init__.py"))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    there = {
        (path.parent.name if path.parent != ROOT / "tests" else None, path.stem)
        for path in (ROOT / "tests").rglob("test_*.py")
        if path.parent.name != "unit"
    }
    assert there == named


def test_days_are_the_companys():
    """The day by the clock of who happens to look is Odoo's, for its own timesheets."""
    found = {
        str(path.relative_to(ROOT))
        for folder in ("controllers", "models", "reports", "wizards")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\b(context_today|[Dd]ate\.today)\b", path.read_text())
    }
    assert found == {"models/work/account_analytic_line.py"}
