"""The house keeps its order: a package knows those before it, never those after it.

Reads the sources alone, without Odoo. A name belongs to the first package that defines
it; whoever names it from an earlier package knows too much.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "models"
# Names of our fields that fields and variables of others have as well.
COMMON = set(
    """
    active amount calendar_id channel charge code commercial_partner_id company_id
    contract_id create_date currency_id date date_from date_to email explanation
    invoice_line_ids item_ids justified label lang last_day link minutes months name
    number packages partner_id phone price quantity state text told total work
    """.split()
)
PATH = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*")


def packages():
    """The packages in the order in which Odoo loads them."""
    return [name for name, _line in _imports(MODELS / "__init__.py")]


def upward_references():
    """What a package says of a later one, as ``file:line name (package)``."""
    order = packages()
    owners = {}
    for package in order:
        for path in sorted((MODELS / package).glob("*.py")):
            for name in definitions(_tree(path)):
                owners.setdefault(name, package)
    found = []
    for rank, package in enumerate(order):
        later = set(order[rank + 1 :])
        for path in sorted((MODELS / package).glob("*.py")):
            for name, line in sorted(references(_tree(path)), key=lambda at: at[1]):
                if owners.get(name) in later:
                    where = path.relative_to(ROOT)
                    found.append(f"{where}:{line} {name} ({owners[name]})")
    return found


def definitions(tree):
    """The models, methods and fields of ours that the models of a file define."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.ClassDef) and _is_model(node)):
            continue
        for member in node.body:
            if isinstance(member, ast.FunctionDef):
                if member.name.startswith(("_", "action_")):
                    yield member.name
            elif isinstance(member, ast.Assign):
                (target,) = member.targets
                if _is_field(member.value) and target.id not in COMMON:
                    yield target.id
                elif target.id == "_name":
                    yield member.value.value


def references(tree):
    """The attributes a file asks for, and the names in its strings, with their line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if PATH.fullmatch(node.value):
                yield node.value, node.lineno
                for part in node.value.split("."):
                    yield part, node.lineno


def _is_model(node):
    return any(
        isinstance(member, ast.Assign) and member.targets[0].id in ("_name", "_inherit")
        for member in node.body
    )


def _is_field(value):
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and isinstance(value.func.value, ast.Name)
        and value.func.value.id == "fields"
    )


def _imports(path):
    for node in _tree(path).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.name, node.lineno


def _tree(path):
    return ast.parse(path.read_text(), str(path))


def test_no_package_knows_a_later_one():
    assert upward_references() == []
