"""The architecture, as sentences about import statements."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

APP = Path(__file__).parent.parent / "app"
LEFT_TO_RIGHT = ("errors", "model", "store", "register", "exchange", "web", "config", "bootstrap", "cli")
ONLY_IN = {
    "fastapi": ("web",),
    "starlette": ("web",),
    "uvicorn": ("cli",),
    "sse_starlette": ("web",),
    "httpcore": ("exchange",),
    "smtplib": ("exchange/telling/mail",),
    "pyoxigraph": ("model/graph", "store/graphs/embedded", "store/queries/answers", "store/queries/worker"),
    "pyshacl": ("model/shapes",),
    "sqlalchemy": ("store",),
    "alembic": ("store/migration", "store/steps"),
    "psycopg": ("store",),
    "lxml": ("exchange/rdfa", "exchange/magda", "exchange/stubs/magda"),
    "signxml": ("exchange/magda",),
    "cryptography": ("store/vault", "store/keys", "bootstrap"),
    "fpdf": ("exchange/pdf_sheet",),
    "joserfc": ("exchange/oidc", "bootstrap/entrance"),
}
HOME = {
    "os.environ": "config",
    "os.getenv": "config",
    "datetime.now": "bootstrap",
    "datetime.utcnow": "bootstrap",
    "date.today": "bootstrap",
    "uuid.uuid4": "bootstrap",
}
MODULES = sorted(APP.rglob("*.py"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text())))


def imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def room(path: Path) -> str:
    return path.relative_to(APP).with_suffix("").as_posix()


def test_there_are_modules() -> None:
    assert len(MODULES) > 10


@pytest.mark.parametrize("path", MODULES, ids=room)
def test_a_module_imports_only_what_stands_to_its_left(path: Path) -> None:
    own = room(path).split("/")[0]
    if own == "__init__":
        return
    reach = LEFT_TO_RIGHT[: LEFT_TO_RIGHT.index(own) + 1]
    for name in imports(path):
        if name.startswith("app."):
            assert name.split(".")[1] in reach, f"{room(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=room)
def test_a_library_stands_only_in_its_own_room(path: Path) -> None:
    for name in imports(path):
        allowed = ONLY_IN.get(name.split(".")[0])
        assert allowed is None or room(path).startswith(allowed), f"{room(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=room)
def test_only_config_reads_the_environment_and_only_bootstrap_the_clock(path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            assert room(path).startswith(HOME.get(name, "")), f"{room(path)} uses {name}"


def test_only_the_demonstration_and_the_stub_know_the_provider_that_lets_anybody_be_anybody() -> None:
    provider = ("app.exchange.oidc.demo_provider", "app.web.demo_pages", "app.exchange.stubs.acm")
    known = {room(path) for path in MODULES if any(name.startswith(provider) for name in imports(path))}
    assert known - {"web/demo_pages", "exchange/stubs/acm"} == {"cli/demo", "cli/stubs"}
    serving = list(imports(APP / "cli" / "serving.py"))
    assert not any(name.startswith(("app.cli.demo", "app.cli.stubs")) for name in serving)
