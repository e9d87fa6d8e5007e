"""The terminal program needs nothing of a server's: no database driver, no web framework."""

import pkgutil
import subprocess
import sys

import onecard.device


def test_the_program_loads_without_a_servers_packages():
    modules = [f"onecard.device.{each.name}" for each in pkgutil.iter_modules(onecard.device.__path__)]
    assert len(modules) > 10
    heavy = ("asyncpg", "fastapi", "jinja2", "typer", "uvicorn")
    said = f"import sys, {', '.join(modules)}\nprint([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)})
    assert done.stdout.strip() == "[]"
