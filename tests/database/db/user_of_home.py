"""A process that uses a home, for tests that kill it: `user_of_home.py HOME [BINARIES]`; a line in, one JSON line out."""

import asyncio
import json
import os
import sys
import time

import structlog

from onecard.app.opening import Store, open_store
from onecard.settings.settings import Settings, read_settings
from onecard.values.error import OnecardError

RETRY_SECONDS_MAX = 12.0


def settings_of(arguments: list[str]) -> Settings:
    names = ("ONECARD_HOME", "ONECARD_POSTGRES_BIN")
    return read_settings(dict(zip(names, arguments, strict=False)))


async def ask(store: Store, sql: str) -> dict[str, object]:
    """Ask until answered; say how long that took."""
    began = time.monotonic()
    while True:
        try:
            async with store.database.acquire("migrate") as connection:
                return {"value": await connection.fetchval(sql), "seconds": time.monotonic() - began}
        except OnecardError as error:
            if time.monotonic() - began > RETRY_SECONDS_MAX:
                return {"error": str(error)}
        await asyncio.sleep(0.1)


async def main() -> int:
    try:
        async with open_store(settings_of(sys.argv[1:])) as store:
            print(json.dumps({"uid": os.geteuid(), "url": store.url()}), flush=True)
            while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
                print(json.dumps(await ask(store, line), default=str), flush=True)
    except OnecardError as error:
        print(json.dumps({"code": error.code, "en": error.said_en, "zh": error.said_zh}), flush=True)
        return error.exit_code
    return 0


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    sys.exit(asyncio.run(main()))
