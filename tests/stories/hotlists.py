"""A terminal's hotlist, read as the protocol's page says it and by nothing of ours: whoever builds one can do the same."""

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

from tests.stories.doors import City

__all__ = ["bundle_of", "is_listed", "whole_hotlist"]

_HEAD = struct.Struct(">5scQQI")


def bundle_of(city: City, key: str = "bus") -> dict[str, Any]:
    """Fetch the bundle of a terminal of the cast."""
    response = city.post(f"/v1/terminals/{city.terminal(key)['id']}/bundle", b"", terminal=key, method="GET")
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told


def whole_hotlist(city: City, key: str = "bus") -> tuple[int, set[int]]:
    """Fetch the whole list: its version and its entries. A demo's is too short to be packed."""
    content = city.post("/v1/hotlist", b"", terminal=key, method="GET").content
    name, kind, since, version, count = _HEAD.unpack_from(content)
    assert (name, kind, since, len(content)) == (b"OCHL1", b"F", 0, _HEAD.size + 4 * count)
    return version, set(struct.unpack_from(f">{count}I", content, _HEAD.size))


def is_listed(city: City, credential: dict[str, str], key: str = "bus") -> bool:
    """Tell whether a terminal that fetches the list within a second would refuse *credential* while it stands alone."""
    secret = base64.b64decode(bundle_of(city, key)["hash_key"])
    alias = hmac.new(secret, f"{credential['kind']}\0{credential['value']}".encode(), hashlib.sha256).digest()
    time.sleep(1)
    return struct.unpack(">I", alias[:4])[0] in whole_hotlist(city, key)[1]
