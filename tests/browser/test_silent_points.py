"""The page alone answers what the terminal program answers: one table, two languages."""

from onecard.values.days import epoch_milliseconds
from tests.browser.fake_terminals import alias as alias_of
from tests.unit.device.points import CARDS, NOON, STORIES, Story, bundle_of, hotlist_entries, instant

_TOLD = """async ([address, stories]) => {
  const { decideAlone, nobody, rulesOf, unseen } = await import(address);
  return stories.map(({ name, bundle, entries, at, steps }) => {
    const held = { bundle, hotlist: { version: 1, entries: Uint32Array.from(entries) }, at, rules: rulesOf(bundle) };
    const known = new Map();
    return [name, steps.map(({ use, card, alias, entry, ms }) => {
      const seen = known.get(alias) ?? unseen(alias), everybody = known.get("*") ?? nobody();
      const { decision, seen: kept } = decideAlone(use, { held, card, entry, seen, everybody, ms });
      for (const each of kept) known.set(each.card, each);
      return [decision.outcome, decision.reason, decision.paid];
    })];
  });
}"""


def _as_json(story: Story) -> dict[str, object]:
    bundle = bundle_of(story)
    cards = {alias: {"card": alias, "born": born, "home": home, "registered": there} for alias, born, home, there in bundle["cards"]}
    steps = []
    for step in story.steps:
        alias = _alias(step.who)
        use = {"credential": {"kind": "card", "value": CARDS[step.who][0]}, "service": step.service, "list_price": step.price}
        entry = int(alias[:8], 16)
        steps.append({"use": use, "card": cards.get(alias), "alias": alias, "entry": entry, "ms": epoch_milliseconds(instant(step))})
    return {"name": story.name, "bundle": bundle, "entries": hotlist_entries(), "at": epoch_milliseconds(NOON), "steps": steps}


def _alias(who: str) -> str:
    return alias_of(CARDS[who][0]).hex()


def test_the_page_answers_alone_what_the_program_answers(open_page):
    page = open_page("/terminal")
    told = page.evaluate(_TOLD, ["/static/alone.js", [_as_json(story) for story in STORIES]])
    assert told == [[story.name, [list(step.answer) for step in story.steps]] for story in STORIES]
