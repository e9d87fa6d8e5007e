"""The pages that are read: the bulletin's pictures and definitions, and an explanation on one sheet of paper."""

import re

import pytest

from onecard.web.bulletin_file import bulletin_file
from tests.unit.reports.sample import newsletter

_A4_PIXELS = (794, 1123)


def test_figures_open_their_definitions_without_script(open_page):
    page = open_page("/", scripts=False)
    section = page.locator("section", has_text="一卡安心")
    section.locator("summary").click()
    assert "至少有 1 餐真实刷卡用餐" in section.inner_text()


def test_every_picture_says_what_it_shows_and_has_its_numbers_in_words(open_page):
    page = open_page("/")
    labels = page.locator("svg[role=img]").evaluate_all("(all) => all.map((each) => each.getAttribute('aria-label'))")
    assert len(labels) == 3
    assert any("公交 63,365" in label for label in labels) and any("海宁市 24" in label for label in labels)


def test_no_text_of_a_picture_is_cut_off(open_page):
    page = open_page("/", 390, 844)
    cut = page.evaluate(
        """[...document.querySelectorAll('svg.chart')].flatMap((svg) => { const frame = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter((text) => { const box = text.getBoundingClientRect();
        return box.left < frame.left - 1 || box.right > frame.right + 1; }).map((text) => text.textContent); })"""
    )
    assert cut == []


def test_the_file_needs_nothing_but_itself(chromium, tmp_path):
    path = tmp_path / "bulletin.html"
    path.write_text(bulletin_file(newsletter()), "utf-8")
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    text = page.locator("body").inner_text()
    blue = page.locator(".figure").first.evaluate("(each) => getComputedStyle(each).borderLeftColor")
    page.close()
    assert asked == [path.as_uri()]
    assert "63365" in re.sub(r"\s", "", text) and "63,365 times on buses" in text
    assert blue == "rgb(11, 79, 138)"


@pytest.mark.parametrize("use", ["granted", "withheld", "refused"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_explanation_prints_on_one_sheet(open_page, use, lang):
    page = open_page(f"/uses/{use}", lang=lang)
    sheet = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


def test_a_day_of_many_records_still_prints_on_one_sheet(open_page):
    page = open_page("/uses/busy-day")
    sheet = page.pdf(format="A4", prefer_css_page_size=True)
    assert page.locator("section table tbody tr").count() == 18
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


def test_on_paper_nothing_is_left_to_press_and_no_heading_stands_empty(open_page):
    page = open_page("/uses/withheld", *_A4_PIXELS)
    page.emulate_media(media="print")
    assert page.locator("button:visible, .button:visible, nav a:visible").count() == 0
    assert all(len(text.strip().split("\n")) > 1 for text in page.locator("section").all_inner_texts())


def test_the_print_button_prints(open_page):
    page = open_page("/uses/withheld")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="打印给本人").click()
    assert page.evaluate("window.printed") is True


def test_one_record_leads_to_the_other_of_the_day(open_page):
    page = open_page("/uses/withheld")
    assert page.locator("tr[aria-current=true]").inner_text().startswith("12:20")
    assert page.get_by_role("link", name="看 11:08 那一笔").get_attribute("href") == "/uses/T330481-0003-1000001?lang=zh"


def test_a_mark_is_a_word_too(open_page):
    page = open_page("/uses/withheld")
    words = page.locator(".mark").all_text_contents()
    assert {word.strip() for word in words} == {"符合", "不符合", "没有用到"}
