"""SoftHSM, the stand-in for a hardware security module: a token of a test's own, and how it is addressed."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

_PLACES = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"]
MODULE = next((path for path in _PLACES if Path(path).exists()), "")
PIN = "4321-very-secret"

needs_softhsm = pytest.mark.skipif(
    not MODULE or not shutil.which("softhsm2-util"), reason="SoftHSM is not installed (Debian: apt-get install softhsm2)"
)


@dataclass(frozen=True)
class SoftHsm:
    """A token, the file that holds its PIN, and the configuration by which processes find it."""

    pin_file: Path
    configuration: Path

    def uri(self, key: str, token: str = "onecard", **more: str) -> str:
        """Return where *key* is."""
        told = {"module-path": MODULE, "pin-source": f"file:{self.pin_file}", **more}
        return f"pkcs11:token={token};object={key}?" + "&".join(f"{name}={value}" for name, value in told.items())


def make_softhsm(folder: Path) -> SoftHsm:
    """Make a token in *folder*; processes find it once SOFTHSM2_CONF names its configuration, before they load the module."""
    hsm = SoftHsm(pin_file=folder / "pin", configuration=folder / "softhsm2.conf")
    (folder / "tokens").mkdir()
    hsm.configuration.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    init = ["softhsm2-util", "--init-token", "--free", "--label", "onecard", "--so-pin", "12345678", "--pin", PIN]
    subprocess.run(init, check=True, capture_output=True, env={**os.environ, "SOFTHSM2_CONF": str(hsm.configuration)})
    hsm.pin_file.write_text(PIN + "\n")
    return hsm
