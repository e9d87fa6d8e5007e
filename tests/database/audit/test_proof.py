"""One use is proved to its holder, by this program and by the lines of the reference; nothing else is proved by it."""

import json
import re
from pathlib import Path

import pytest

from onecard.audit.proof import NotProvable, NotYetInLog, check_proof, prove_use
from onecard.uses.plan import anonymous_salt
from tests.database.audit.acting import keys_in, take_all
from tests.database.town import NOON, open_town

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "log.md"


def lines_of_the_reference():
    code = re.search(r"```python\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)
    told: dict[str, object] = {}
    exec(code[1], told)
    return told["proved"]


async def proof_of(audited, use):
    async with audited.store.database.acquire("audit_ro") as connection:
        return await prove_use(connection, audited.keys.suite.digest, use, anonymous_salt(audited.store.keyring.hash_key))


@pytest.mark.parametrize("use", ["BUS-1.1", "BUS-2.3", "BUS-1.11", "CANTEEN-1.1", "BUS-1.9"])
async def test_a_use_is_proved_under_the_newest_head(audited, use):
    file = (await proof_of(audited, use)).to_json()
    proof, signed = check_proof(file, audited.keys.suite.digest)
    assert proof.use == use and signed == audited.today and audited.keys.signed(signed)
    assert lines_of_the_reference()(file)


async def test_a_proof_under_sm3_is_checked_by_the_same_lines(store, tmp_path):
    async with open_town(store) as town:
        for seq in range(1, 6):
            await town.uses.record([town.tap("elder", "BUS-1", seq), town.tap("visitor", "BUS-2", seq)], NOON)
    keys = keys_in(tmp_path, "SM")
    await take_all(store, keys)
    async with store.database.acquire("audit_ro") as connection:
        file = (await prove_use(connection, keys.suite.digest, "BUS-1.3", anonymous_salt(store.keyring.hash_key))).to_json()
    assert keys.signed(check_proof(file, keys.suite.digest)[1]) and lines_of_the_reference()(file)
    assert json.loads(file)["head"].startswith(f"onecard/{keys.log}/sm3\n")


async def test_a_proof_of_anything_else_proves_nothing(audited):
    file = (await proof_of(audited, "BUS-1.2")).to_json()
    told, digest, check = json.loads(file), audited.keys.suite.digest, lines_of_the_reference()
    other = json.loads((await proof_of(audited, "BUS-2.2")).to_json())
    bad = [
        {**told, "record": told["record"].replace("accepted", "refused", 1)},
        {**told, "record": other["record"], "use": "BUS-2.2"},
        {**told, "salt": other["salt"]},
        {**told, "in_batch": {**told["in_batch"], "path": []}},
        {**told, "in_log": {**told["in_log"], "position": told["in_log"]["position"] + 1}},
        {**told, "in_log": {**told["in_log"], "path": told["in_log"]["path"][::-1]}},
        {**told, "batch": told["batch"].replace("batch 1", "batch 2")},
        {**told, "head": audited.yesterday.note.decode()},
    ]
    for each in bad:
        text = json.dumps(each).encode()
        assert each != told and check_proof(text, digest) is None and not check(text)
    assert check_proof(json.dumps({**told, "use": "BUS-2.2"}).encode(), digest) is None
    for nonsense in (b"", b"[]", b"{}", b"\xff", file[:-20], json.dumps({**told, "salt": "x"}).encode()):
        assert check_proof(nonsense, digest) is None


async def test_a_proof_tells_of_nobody_else(audited):
    told = json.loads((await proof_of(audited, "BUS-1.2")).to_json())
    assert "BUS-2" not in json.dumps(told), "its neighbour in the batch"
    assert len(told["in_batch"]["path"]) == 1


@pytest.mark.parametrize("use", ["BUS-1.4711", "nowhere", "BUS-1.", "BUS-1.99999999999999999999", "BUS-1.٣"])
async def test_what_is_not_there_is_not_proved(audited, use):
    with pytest.raises(NotProvable):
        await proof_of(audited, use)


async def test_a_use_without_a_head_is_not_proved_yet(store, tmp_path):
    async with open_town(store) as town:
        await town.uses.record([town.tap("elder", "BUS-1", 1)], NOON)
    async with store.database.acquire("audit_ro") as connection:
        with pytest.raises(NotYetInLog):
            await prove_use(connection, keys_in(tmp_path).suite.digest, "BUS-1.1", b"1" * 16)
