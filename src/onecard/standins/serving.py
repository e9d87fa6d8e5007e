"""Serve one small application on this machine alone, until it is stopped."""

import socket
from collections.abc import Callable
from typing import Any

import uvicorn

__all__ = ["serve"]


def serve(application: Any, port: int, ready: Callable[[str], None]) -> None:
    """Serve an ASGI *application* on 127.0.0.1; *ready* is told the address once it listens (*port* 0 picks a free one)."""
    with socket.create_server(("127.0.0.1", port)) as bound:
        ready(f"http://127.0.0.1:{bound.getsockname()[1]}")
        config = uvicorn.Config(application, log_level="warning", lifespan="off", access_log=False)
        uvicorn.Server(config).run(sockets=[bound])
