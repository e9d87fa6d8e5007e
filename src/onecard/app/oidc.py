"""Signing in by the city's identity provider (OpenID Connect): an optional extra, loaded only where it is set up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from onecard.settings.settings import OidcSettings
from onecard.staff.errors import SignInWrong
from onecard.values.error import OnecardError

__all__ = ["Asked", "Oidc", "ProviderSilent"]

_SECONDS_MAX: Final = 5.0
_BYTES_MAX: Final = 256 * 1024
_LEEWAY_SECONDS: Final = 60
_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]  # Never one that the client's secret could sign.
_SCOPE: Final = "openid"


class ProviderSilent(OnecardError):
    """The identity provider does not answer, or not as it should."""

    code = "staff.provider_silent"
    http_status = 503
    exit_code = 3
    zh = "身份认证服务没有应答，请在 {retry_after} 秒后再试，或用账号密码登录。"
    en = "The identity provider does not answer. Try again in {retry_after} seconds, or sign in by password."


class Asked(msgspec.Struct, frozen=True):
    """What a browser is sent away with, and must bring back: it ties the answer to this very attempt."""

    state: str
    nonce: str
    verifier: str  # RFC 7636: the provider gives the token only to whoever knows it.
    until: float  # Real seconds since 1970.


@dataclass(frozen=True, slots=True, kw_only=True)
class Oidc:
    """One provider, by the authorisation code flow with PKCE. Who somebody is there, the register ties to an account here."""

    settings: OidcSettings
    unix_seconds: Callable[[], float]

    def begin(self, config: Mapping[str, Any], back: str, asked: Asked) -> str:
        """Return the address at which the provider asks who somebody is; it sends him to *back*."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        uri: str = prepare_grant_uri(
            config["authorization_endpoint"], client_id=self.settings.client, response_type="code", redirect_uri=back, scope=_SCOPE,
            state=asked.state, nonce=asked.nonce, code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
        )  # fmt: skip
        return uri

    async def configuration(self) -> Mapping[str, Any]:
        """Return where the provider answers what. Raises `ProviderSilent`, also where it claims to be another."""
        config = await self._json("GET", f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if config.get("issuer") != self.settings.issuer:
            raise ProviderSilent(retry_after=60)
        return config

    async def subject(self, back: str, asked: Asked, state: str, code: str) -> str:
        """Return who somebody is at the provider, by the *code* that he brought. Raises `SignInWrong`, `ProviderSilent`."""
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        if state != asked.state or not code or self.unix_seconds() > asked.until:
            raise SignInWrong
        config = await self.configuration()
        body = prepare_token_request(
            "authorization_code", code=code, redirect_uri=back, client_id=self.settings.client, client_secret=self.settings.secret,
            code_verifier=asked.verifier,
        )  # fmt: skip
        told = await self._json("POST", config["token_endpoint"], body)
        keys = await self._json("GET", config["jwks_uri"])
        return self._subject_of(str(told.get("id_token", "")), keys, asked)

    def _subject_of(self, token: str, keys: Mapping[str, Any], asked: Asked) -> str:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        now = int(self.unix_seconds())
        claims = jwt.JWTClaimsRegistry(
            now=now, leeway=_LEEWAY_SECONDS, iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.client}, exp={"essential": True}, sub={"essential": True},
            nonce={"essential": True, "value": asked.nonce},
        )  # fmt: skip
        try:
            decoded = jwt.decode(token, KeySet.import_key_set({"keys": list(keys.get("keys", []))}), algorithms=_ALGORITHMS)
            claims.validate(decoded.claims)
        except (JoseError, ValueError) as wrong:
            raise SignInWrong from wrong
        return str(decoded.claims["sub"])

    async def _json(self, method: str, address: str, body: str | None = None) -> Mapping[str, Any]:
        import aiohttp  # Here: whoever has no provider need not wait for it at each command.

        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS_MAX)) as session,
                session.request(method, address, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                if method == "POST" and 400 <= answer.status < 500:
                    raise SignInWrong  # The code was none of ours, or was used.
                content = await answer.content.read(_BYTES_MAX)
                if answer.status != 200:
                    raise ProviderSilent(retry_after=5)
                told = msgspec.json.decode(content)
        except (aiohttp.ClientError, TimeoutError, msgspec.MsgspecError) as silent:
            raise ProviderSilent(retry_after=5) from silent
        if not isinstance(told, dict):
            raise ProviderSilent(retry_after=60)
        return told
