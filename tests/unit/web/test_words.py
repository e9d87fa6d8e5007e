"""Both catalogues say the same things, and every template finds its words."""

import re
import string

import pytest

from onecard.web.rendering import yuan_html
from onecard.web.words import LANGUAGES, catalogue, named, pick_language
from tests.unit.reports.sample import ROOT

TEMPLATES = ROOT / "src/onecard/web/templates"
CJK = re.compile(r"[\u3400-\u9fff\uff00-\uffef]")


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def test_every_message_stands_in_both_languages_with_the_same_placeholders():
    zh, en = (catalogue(lang).messages for lang in LANGUAGES)
    assert zh.keys() == en.keys()
    assert {key: placeholders(zh[key]) for key in zh} == {key: placeholders(en[key]) for key in en}


def test_no_english_message_is_left_in_chinese():
    left = {key for key, message in catalogue("en").messages.items() if CJK.search(message)}
    assert left == {"other_language"}  # 中文: the way to the other language is written in that language.


def test_every_key_that_a_template_names_exists():
    used = {key for path in TEMPLATES.rglob("*.html") for key in re.findall(r'\bt\(["\']([a-z_.]+)["\'][,)]', path.read_text("utf-8"))}
    assert len(used) > 40
    assert used <= catalogue("zh").messages.keys()


@pytest.mark.parametrize(
    ("asked", "accepted", "lang"),
    [
        pytest.param("en", "zh-CN", "en", id="what the address asks comes first"),
        pytest.param("fr", "en-US,en;q=0.9", "en", id="an unknown wish is passed over"),
        pytest.param(None, "fr;q=1, en;q=0.3, zh-CN;q=0.8", "zh", id="the heaviest known wish"),
        pytest.param(None, None, "zh", id="Chinese is the default"),
        pytest.param(None, "de", "zh", id="nothing known"),
        pytest.param(None, ";;;q=x,,,", "zh", id="nonsense"),
        pytest.param(None, "en," * 100_000, "en", id="endless"),
    ],
)
def test_the_language_of_a_page(asked, accepted, lang):
    assert pick_language(asked, accepted) == lang


def test_a_name_that_the_city_does_not_know_is_shown_as_its_code():
    assert named("zzz", {"ride": {"zh": "乘车", "en": "ride"}}, "zh") == "zzz"


def test_an_amount_in_a_message_stays_whole_and_other_words_stay_text():
    words = catalogue("zh")
    shown = words("explain.granted", word="<b>", paid=yuan_html(1100, "zh"), saved=yuan_html(400, "zh"))
    assert shown == '&lt;b&gt;：付 <span class="nb num">11.00 元</span>，省 <span class="nb num">4.00 元</span>'


@pytest.mark.parametrize(
    ("fen", "exact", "text"), [(102757500, False, "1,027,575 元"), (102757550, False, "1,027,575.50 元"), (100, True, "1.00 元")]
)
def test_amounts_in_prose_leave_out_empty_cents(fen, exact, text):
    assert f">{text}<" in yuan_html(fen, "zh", exact=exact)
