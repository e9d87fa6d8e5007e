"""A home moves into a hardware module by the command line, rotates there, and is read by whoever reaches the module."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onecard.app.opening import Store
from onecard.settings.log_keys import load_log_keys
from onecard.settings.signing_keys import load_signing_keys
from tests.database.keys.homes import NOW, own_home, settle
from tests.stories.doors import CommandLine
from tests.unit.settings.softhsm import make_softhsm, needs_softhsm


@pytest.fixture(scope="module")
def commands() -> Iterator[CommandLine]:
    commands = CommandLine()
    yield commands
    commands.close()


@needs_softhsm
async def test_a_home_lives_in_a_module(store: Store, commands: CommandLine, tmp_path: Path) -> None:
    home = await own_home(store.database, tmp_path / "home")
    await settle(home.store, range(1000, 1005))
    (tmp_path / "softhsm").mkdir()
    hsm = make_softhsm(tmp_path / "softhsm")
    keys, told = home.store.home.keys, {"ONECARD_DATABASE_URL": store.url()}
    log = load_log_keys(keys, home.store.keyring, "SM", NOW)
    load_signing_keys(keys, home.store.keyring, "SM", NOW)

    def ask(*arguments: str, code: int = 0, **more: str) -> Any:
        ended = commands.run(*arguments, "--json", home=home.store.home.folder, SOFTHSM2_CONF=str(hsm.configuration), **told, **more)
        assert ended.code == code, ended.err
        return json.loads(ended.out) if ended.out else ended.err

    uri = hsm.uri("kek")
    assert ask("keys", "wrap", "--make", uri) == {"kek": uri}
    assert {path.name for path in keys.iterdir()} == {"keyring.json", "issuers.json", "log.json"}
    ask("keys", "rotate", "--suite", "SM")
    assert {table["rows"] for table in ask("keys", "reseal")["tables"]} - {0} == {5, 3, 2, 1}
    listed = ask("keys", "list")
    assert listed["kek"] == {"provider": "pkcs11", "uri": uri}
    assert {(key["provider"], key["state"]) for key in listed["keys"]} == {("pkcs11", "decrypt-only"), ("pkcs11", "active")}
    assert {(key["provider"], key["state"]) for key in listed["signing"]} == {("pkcs11", "active")}
    assert ask("audit", "keys")["keys"][0]["public"] == log.told()[0]["public"], "opened through the module, the key is the same"
    checks = {check["name"]: check for check in ask("verify")["checks"]}
    assert checks["sealed-values-open"] == {"name": "sealed-values-open", "ok": True, "examined": 19, "problems": []}
    hsm.pin_file.rename(hsm.pin_file.with_name("elsewhere"))
    assert "cannot be used" in ask("keys", "list", code=3)
    ask("keys", "list", ONECARD_KEK=hsm.uri("kek", **{"pin-source": f"file:{hsm.pin_file.with_name('elsewhere')}"}))
