"""What stands for a number that must not be kept in clear."""

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from onecard.values.keyed_hash import keyed_hash

_keys = st.binary(min_size=16, max_size=32)
_domains = st.sampled_from(["card", "chip", "id", "content"])


@given(_keys, _domains, st.text(max_size=40))
def test_it_is_the_hmac_of_domain_and_text(key: bytes, domain: str, text: str) -> None:
    assert keyed_hash(key, domain, text) == hmac.new(key, f"{domain}\x00{text}".encode(), hashlib.sha256).digest()


@given(_keys, st.tuples(_domains, st.text(max_size=20)), st.tuples(_domains, st.text(max_size=20)))
def test_domain_and_text_together_tell_hashes_apart(key: bytes, one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (keyed_hash(key, *one) == keyed_hash(key, *other)) == (one == other)


@given(_keys, _keys, st.text(max_size=20))
def test_another_key_gives_another_hash(key: bytes, other: bytes, text: str) -> None:
    hashes = {keyed_hash(key.ljust(64, b"\x00"), "card", text), keyed_hash(other.ljust(64, b"\x00"), "card", text)}
    assert (len(hashes) == 1) == (key.rstrip(b"\x00") == other.rstrip(b"\x00"))
