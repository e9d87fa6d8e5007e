"""The shared vectors in a real browser: what another maker's terminal would run, on the engine that ours runs on."""

import json
from pathlib import Path

VECTORS = Path(__file__).parents[2] / "cities" / "jiaxing" / "vectors"
_JUDGED = """async ([address, files]) => {
  const { judge, share } = await import(address);
  return files.flatMap(({ programme, rule, cases }) => cases
    .filter((case_) => JSON.stringify(judge(rule, case_.facts)) !== JSON.stringify(case_.verdict)
      || case_.shares.some(([fen, parts]) => JSON.stringify(share(rule, case_.facts, fen)) !== JSON.stringify(parts)))
    .map((case_) => [programme, case_])); }"""
_DECIDED = """async ([address, { rules, gated, cases }]) => {
  const { RuleBook, decide, keyOf } = await import(address), book = new RuleBook(rules, gated);
  const usedOf = (rows) => new Map(rows.map((row) => [keyOf(row.slice(0, 4)), row[4]]));
  const sorted = (value) => JSON.stringify(value, (_, each) => each && typeof each === "object" && !Array.isArray(each)
    ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each);
  return cases.map((case_) => [case_, decide(case_.subject, case_.occasion, book, usedOf(case_.used))])
    .filter(([case_, got]) => sorted(got) !== sorted(case_.decision)); }"""


def test_the_browser_judges_and_shares_as_the_vectors_say(open_page):
    page = open_page("/terminal")
    files = [json.loads(path.read_text("utf-8")) for path in sorted(VECTORS.glob("programmes/*.json"))]
    assert sum(len(file["cases"]) for file in files) > 400
    assert page.evaluate(_JUDGED, ["/static/rule.js", files]) == []


def test_the_browser_decides_as_the_vectors_say(open_page):
    page = open_page("/terminal")
    decisions = json.loads((VECTORS / "decisions.json").read_text("utf-8"))
    assert len(decisions["cases"]) > 100
    assert page.evaluate(_DECIDED, ["/static/decide.js", decisions]) == []


def test_a_module_names_what_it_imports_with_its_digest(open_page):
    page = open_page("/terminal")
    assert page.evaluate("async () => (await fetch('/static/decide.js')).text()").count('from "/static/rule.js?v=') == 1
