"""Rules about Python that import-linter cannot see. Each takes a file's text and returns what is wrong, one sentence each."""

import ast
import re
from collections.abc import Iterator

__all__ = ["asks_the_world", "foreign_stores", "hand_built_sql", "imports_in_room", "missing_names", "missing_purpose"]

# What asks the clock or chance. Seeded chance (`random.Random(seed)`) is an argument like any other.
_WORLD = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now", "datetime.date.today",
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "os.urandom", "uuid.uuid1", "uuid.uuid4", "uuid4", "uuid1",
    "random.random", "random.randint", "random.randrange", "random.choice", "random.choices", "random.shuffle", "random.sample",
    "random.uniform", "random.gauss", "random.seed", "random.getrandbits", "random.SystemRandom",
    "secrets.token_bytes", "secrets.token_hex", "secrets.token_urlsafe", "secrets.choice", "secrets.randbelow", "secrets.randbits",
}  # fmt: skip

_SQL = re.compile(
    r"\s*(?:SELECT\s.+\sFROM\s|SELECT\s+[a-z_]+\(|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+\s+AS\s"
    r"|CREATE\s+(?:TABLE|VIEW|ROLE|INDEX|DATABASE|FUNCTION)\s|ALTER\s+(?:TABLE|ROLE|DATABASE)\s|DROP\s+(?:TABLE|VIEW|ROLE|DATABASE)\s"
    r"|TRUNCATE\s|COPY\s+\w+\s|GRANT\s+\w+|SET\s+(?:LOCAL|SESSION|ROLE)\s|LOCK\s+TABLE\s|MERGE\s+INTO\s)",
    re.DOTALL,
)


def missing_purpose(text: str) -> list[str]:
    """A file's first statement is a sentence that says what it is for."""
    purpose = ast.get_docstring(ast.parse(text))
    if not purpose:
        return ["the first statement is not a purpose sentence"]
    first = purpose.splitlines()[0]
    return [] if first.rstrip().endswith((".", "?", "…", ":", "。")) else [f"the purpose is not a sentence: {first!r}"]


def imports_in_room(text: str) -> list[str]:
    """A room's `__init__` holds its purpose and nothing else."""
    body = ast.parse(text).body
    return [f"line {node.lineno}: a room's __init__ holds its purpose only" for node in body[1:]]


def missing_names(text: str) -> list[str]:
    """A module that defines public names lists them in `__all__`."""
    body = ast.parse(text).body
    assigned = {target.id for node in body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)}
    public = [
        node.name
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    return ["public names without __all__: " + ", ".join(public)] if public and "__all__" not in assigned else []


def asks_the_world(text: str) -> list[str]:
    """Clock, chance and ids are arguments: nobody asks for them but the places named in the test."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute | ast.Name))
    return sorted(f"line {node.lineno}: {_dotted(node)} asks the world" for node in calls if _dotted(node) in _WORLD)


def hand_built_sql(text: str) -> list[str]:
    """SQL stands in `store.sql`, never in a text in Python."""
    tree = ast.parse(text)
    docstrings = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}  # type: ignore[attr-defined]
    return [
        f"line {node.lineno}: SQL outside store.sql: {said.strip()[:40]!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and id(node) not in docstrings and (said := _text(node)) and _SQL.match(said)
    ]


def foreign_stores(text: str, *, room: str) -> list[str]:
    """A room's store answers only to its own room."""
    return [
        f"line {line}: {name} is another room's store"
        for line, name in _imported(text)
        if (parts := name.split("."))[0] == "onecard" and "store" in parts[2:] and parts[1] != room
    ]


def _imported(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _text(node: ast.expr) -> str:
    """Return the text of a literal; what an f-string fills in becomes `x`."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"


def _has_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node) is not None
