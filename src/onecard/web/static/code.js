// The dynamic code on a resident's phone: its text, read as strictly as cards/code.py reads it, and whether its issuer signed it.

import { vendored } from "./vendored.js";

const TEXT = new RegExp(
  "^(?<signed>(?<form>[1-4])\\.(?<kid>[0-9a-z]{1,8})\\.(?<pseudonym>[\\w-]{16})\\.(?<born>[0-9]{8})\\.(?<home>[1-9][0-9]{5})"
  + "\\.(?<registered>[1-9][0-9]{5}|-)\\.(?<iat>[1-9a-z][0-9a-z]{0,6})\\.[\\w-]{8})\\.(?<signature>[\\w-]{43}|[\\w-]{86})$",
);
const FORMS = { 1: "SM", 2: null, 3: "INTL", 4: null };  // Which suite signs a form; null: a MAC, which the server alone can check.
const LIVES_MS = 60_000, SKEW_MS = 15_000;
const VERIFIERS = { SM: sm2Verified, INTL: ed25519Verified };

/** What a code says, nothing of it proved; null where the text is no code: cut short, altered in form, somebody else's. */
export function codeIn(text) {
  const found = TEXT.exec(text)?.groups;
  if (!found || !isDay(found.born)) return null;
  const signature = bytesOf(found.signature), signs = FORMS[found.form] !== null;
  if (base64Of(signature) !== found.signature || (signature.length === 64) !== signs) return null;  // One code has one text.
  const { signed, form, kid, pseudonym, born, home, registered, iat } = found;
  return { signed, form, kid, pseudonym, born, home, registered: registered === "-" ? "" : registered, at: parseInt(iat, 36) * 1000, signature };
}

/** Whether a known issuer made the code, with a key of that form and in its time; null where this browser cannot tell. */
export async function isAuthentic({ form, kid, at, signed, signature }, issuers) {
  const issuer = issuers.find((each) => each.kid === kid);
  if (!issuer) return null;
  const began = Date.parse(issuer.from), ends = issuer.until === null ? Infinity : Date.parse(issuer.until);
  if (issuer.suite !== FORMS[form] || at < began || at >= ends) return false;
  return VERIFIERS[issuer.suite](bytesOf(issuer.public), signed, signature).catch(() => null);
}

/** What the clock (`now`, ms) says of a code: the reason against it, or null. */
export function timeProblem({ at }, now) {
  if (now - at < -SKEW_MS) return "CODE_CLOCK";
  return now - at > LIVES_MS + SKEW_MS ? "CODE_EXPIRED" : null;
}

async function ed25519Verified(shown, signed, signature) {
  const key = await crypto.subtle.importKey("raw", shown, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, signature, new TextEncoder().encode(signed));
}

/** SM2 over SM3 with the signer id of GM/T 0009, which is the library's own when none is told. */
async function sm2Verified(shown, signed, signature) {
  const sm2 = await vendored(new URL("./vendor/sm2.js", import.meta.url).href, "sm2");
  return sm2.doVerifySignature(signed, hexOf(signature), hexOf(shown), { userId: "1234567812345678" });
}

function isDay(digits) {
  const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`, ms = Date.parse(text);
  return Number.isFinite(ms) && digits >= "00010101" && new Date(ms).toISOString().startsWith(text);
}

const hexOf = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const bytesOf = (base64) => Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const base64Of = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
