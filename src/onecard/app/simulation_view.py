"""A simulation as JSON: what `policy simulate --json` prints, byte for byte, and what a release keeps. Pure."""

import hashlib
import json
from typing import Any

from onecard.releases.simulated import RegionSum, Simulated, SimulatedRow

__all__ = ["simulation_bytes", "simulation_digest", "simulation_view"]


def simulation_view(found: Simulated) -> dict[str, Any]:
    """Return *found* in the shape of SURFACES §6, with more keys: digest of the draft, the package, and what could not be decided."""
    return {
        "programme": found.programme, "version": found.version, "against": found.against, "digest": found.digest,
        "with": list(found.together), "source": found.source, "from": found.first.isoformat(), "until": found.last.isoformat(),
        "examined": found.examined, "unknown": found.unknown, "missing": list(found.missing),
        **_sums(found),
        "regions": [{"region": row.region, **_sums(row)} for row in found.regions],
        "rows": [{"fund": row.fund, "region": row.region, "age_band": row.age_band, **_sums(row)} for row in found.rows],
        "most_affected": [
            {"name": each.name, "region": each.region, "old": each.old_fen, "new": each.new_fen} for each in found.most_affected
        ],
    }  # fmt: skip


def simulation_bytes(found: Simulated) -> bytes:
    """Return the document that `--json` prints and a release is bound to; the same simulation gives the same bytes."""
    return (json.dumps(simulation_view(found), ensure_ascii=False, indent=2) + "\n").encode()


def simulation_digest(found: Simulated) -> str:
    """Return the SHA-256 of that document, hex: what a release names as its simulation."""
    return hashlib.sha256(simulation_bytes(found)).hexdigest()


def _sums(row: Simulated | RegionSum | SimulatedRow) -> dict[str, int]:
    return {"gain": row.gain, "lose": row.lose, "same": row.same, "old": row.old_fen, "new": row.new_fen}
