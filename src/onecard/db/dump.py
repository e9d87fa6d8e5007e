"""The schema as PostgreSQL has it after all migrations: `python -m onecard.db.dump` writes `schema.sql` beside this file."""

import asyncio
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from onecard.db.binaries import CLEAN_ENVIRONMENT, find_binaries
from onecard.db.errors import ServerFailed
from onecard.db.opening import open_embedded
from onecard.db.place import ServerPlace

__all__ = ["SCHEMA_FILE", "dump_schema"]

SCHEMA_FILE = Path(__file__).with_name("schema.sql")

# What changes from one version of pg_dump to the next, or says nothing.
_NOISE = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*)\n", re.MULTILINE)


def dump_schema(binaries: Path, url: str) -> str:
    """Return the schema of the database at *url* as SQL, without what differs between versions of pg_dump."""
    command = [str(binaries / "pg_dump"), "--schema-only", "--no-owner", f"--dbname={url}"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=CLEAN_ENVIRONMENT, check=False)
    if done.returncode != 0:
        raise ServerFailed(folder=binaries, why=done.stderr.strip())
    statements = re.sub(r"\n{2,}", "\n\n", _NOISE.sub("", done.stdout)).strip()
    return f"-- Written by `python -m onecard.db.dump` from the migrations; never edited.\n\n{statements}\n"


async def _main() -> None:
    with tempfile.TemporaryDirectory(prefix="onecard-dump-") as folder:
        place = ServerPlace(home=Path(folder), binaries=find_binaries())
        async with open_embedded(place, datetime.now(UTC)) as database:
            SCHEMA_FILE.write_text(dump_schema(place.binaries, database.url()), encoding="utf-8")
    sys.stderr.write(f"{SCHEMA_FILE.name} is written.\n")


if __name__ == "__main__":
    asyncio.run(_main())
