"""What the page signs: its own key, a chain that Python checks, and a second device that is named but never turned away."""

import json
from base64 import b64decode
from pathlib import Path

import pytest

from onecard.settings.suites import INTL
from onecard.terminals.chain import CHAIN_START, Link, canonical_content, link_of, verify_link
from onecard.terminals.sign_in import key_id_of
from tests.browser.test_alone import BUS, alone, answered, scan, sent, stored
from tests.browser.test_terminal import _OUTSIDE, SIZES, ready

__all__ = ["alone"]  # The fixture.

VECTORS = json.loads((Path(__file__).parents[2] / "docs" / "guides" / "terminal" / "chain-vectors.json").read_text("utf-8"))
PKCS8 = bytes.fromhex("302e020100300506032b657004220420")  # RFC 8410: what stands before the 32 bytes of a private key.
_LINKED = """async ([address, pkcs8, id, links]) => {
  const { canonicalContent, linked } = await import(address);
  const key = { id, private: await crypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), "Ed25519", false, ["sign"]) };
  return Promise.all(links.map(async ({ use, chain }) =>
    ({ content: canonicalContent(use), ...(await linked(use, chain.previous, key)) }))); }"""
_KEY = """async () => { const { Log } = await import('/static/log.js'), log = await Log.open('T330481-0000');
  const key = await log.meta('device key'); log.close();
  return [key.id, key.public, await crypto.subtle.exportKey('pkcs8', key.private).then(() => 'told', (mistake) => mistake.name)]; }"""
_NO_ED25519 = "crypto.subtle.generateKey = async () => { throw new DOMException('Unrecognized name.', 'NotSupportedError'); };"


def links_of(uses):
    """Return the links of uses as they arrived, in the order of their numbers."""
    found = []
    for use in sorted(uses, key=lambda each: each["seq"]):
        chain, content = use["chain"], canonical_content(use)
        previous = bytes.fromhex(chain["previous"])
        found.append(
            Link(previous=previous, link=link_of(previous, content), signature=b64decode(chain["signature"]), key_id=chain["key_id"])
        )
    return found


def test_the_browser_links_and_signs_as_the_vectors_say(open_page):
    page = open_page("/terminal")
    private = list(PKCS8 + bytes.fromhex(VECTORS["private_key"]))
    told = page.evaluate(_LINKED, ["/static/chain.js", private, VECTORS["key_id"], VECTORS["links"]])
    assert len(told) == len(VECTORS["links"]) >= 5
    assert told == [{name: link[name] for name in ("content", "link", "chain")} for link in VECTORS["links"]]


def test_uses_made_online_and_alone_are_one_chain_that_the_shown_key_signed(alone, app):
    page = alone()
    for card in ("B00000001", "B00000006"):
        scan(page, card)
    answered(page, 2)
    page.context.set_offline(True)
    for card in ("B00000001", "B00000003", "B00000099"):
        scan(page, card)
    answered(page, 5)
    page.reload()  # The head of the chain is on the disk.
    page.wait_for_selector("html[data-ready]")
    scan(page, "B00000001")
    answered(page, 6)
    page.context.set_offline(False)
    sent(app, 6)
    public = b64decode(app.keys[0])
    links, verifier = links_of(app.uses), INTL.verifier(public)
    assert [link.previous for link in links] == [CHAIN_START, *(link.link for link in links[:-1])]
    assert all(verify_link(link, verifier) for link in links)
    assert {link.key_id for link in links} == {key_id_of(public)}


def test_the_key_cannot_be_read_out_and_is_the_same_at_each_start(alone, app):
    page = alone()
    first = page.evaluate(_KEY)
    page.reload()
    page.wait_for_selector("html[data-alone=ready]")
    assert first[2] == "InvalidAccessError"
    assert page.evaluate(_KEY) == first
    assert set(app.keys) == {first[1]}
    page.click("#menu")
    page.wait_for_selector("#panel[open]")
    assert first[0] in page.inner_text("#ready")  # By this name an alarm calls it.


def test_two_pages_of_one_log_make_no_fork(alone, app):
    page = alone()
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("html[data-ready]")
    page.context.set_offline(True)
    for _ in range(15):
        scan(page, "B00000001")
        scan(other, "B00000006")
    answered(page, 30)
    links = links_of([{**record["use"], "chain": record["chain"]} for record in stored(page)])
    assert [link.previous for link in links] == [CHAIN_START, *(link.link for link in links[:-1])]
    assert len({link.key_id for link in links}) == 1


def test_without_ed25519_uses_go_unsigned_and_the_page_says_so(alone, app, open_page):
    page = open_page("/terminal")
    page.context.add_init_script(_NO_ED25519)
    app.stands_alone = True
    page.goto(app.address + BUS)
    page.wait_for_selector("html[data-alone=ready]")
    scan(page, "B00000001")
    page.wait_for_selector("main[data-state=ok]")
    assert app.keys == [None] and "chain" not in app.uses[0]
    page.click("#menu")
    page.wait_for_selector("#panel[open]")
    assert "这个浏览器不能签名，记录不带签名上传" in page.inner_text("#ready")


@pytest.mark.parametrize(("device", "is_cloned", "says"), [("other", True, "登记的是另一台设备"), ("bound", True, "另一台设备也在用")])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_second_device_is_named_on_the_screen_and_serves(open_page, app, device, is_cloned, says, lang):
    app.stands_alone, app.device, app.is_cloned = True, device, is_cloned
    page = ready(open_page, BUS, lang=lang)
    page.wait_for_selector("#cloned:visible")
    assert lang == "en" or page.inner_text("#cloned").startswith(says)
    scan(page, "B00000001")
    page.wait_for_selector("main[data-state=ok]")
    assert page.is_visible("#cloned") and len(app.uses) == 1
    outside = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        outside[width, height] = page.evaluate(_OUTSIDE)
    assert {size: found for size, found in outside.items() if found} == {}
    page.click("#menu")
    page.wait_for_selector("#panel[open]")
    assert page.locator("#ready li", has_text="这台设备就是这个终端" if lang == "zh" else "This device").locator(".tag.red").count() == 1


def test_the_note_goes_when_the_alarm_is_settled(open_page, app):
    app.stands_alone, app.is_cloned = True, True
    page = open_page("/terminal")
    page.clock.install()
    page.goto(app.address + BUS)
    page.wait_for_selector("#cloned:visible")
    app.is_cloned = False
    page.clock.run_for(70_000)  # The next heartbeat.
    page.wait_for_selector("#cloned", state="hidden")
