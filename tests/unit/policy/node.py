"""A running Node that loads the terminal page's own modules and answers questions put to them, one JSON line each way."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["NODE", "Node", "modules", "started"]

NODE = shutil.which("node")
MODULES = Path(__file__).parents[3] / "src" / "onecard" / "web" / "static"
_ANSWERER = """
import { createInterface } from "node:readline";
import { judge, share } from "./rule.js";
import { RuleBook, decide, keyOf } from "./decide.js";
import { BLANKS, ageOn, occasionOf } from "./alone.js";
import { EMPTY, holds, updated } from "./hotlist.js";
const bytes = (base64) => Uint8Array.from(Buffer.from(base64, "base64")).buffer;
let rule = null, rules = null;
const doors = {
  rule: (asked) => { rule = asked; return null; },
  rules: ([documents, gated]) => { rules = new RuleBook(documents, gated); return null; },
  judge: (cases) => cases.map(([facts, fens]) => [judge(rule, facts), fens.map((fen) => share(rule, facts, fen))]),
  decide: (cases) => cases.map(({ subject, occasion, used }) =>
    decide(subject, occasion, rules, new Map(used.map((row) => [keyOf(row.slice(0, 4)), row[4]])))),
  blanks: () => BLANKS,
  ages: (pairs) => pairs.map(([born, date]) => ageOn(born, date)),
  occasions: ([held, cases]) => cases.map(([use, ms]) => occasionOf(use, held, ms)),
  hotlist: async (messages) => {  // What is held after each, or why it is not taken; in the end which of its own entries it holds.
    let list = EMPTY;
    const told = [];
    for (const message of messages) {
      try {
        list = await updated(list, bytes(message));
        told.push([list.version, [...list.entries]]);
      } catch (mistake) { told.push(mistake.message); }
    }
    return [told, [...list.entries].every((entry) => holds(list, entry)) && !holds(list, 1)];
  },
};
for await (const line of createInterface({ input: process.stdin })) {
  const [door, asked] = JSON.parse(line);
  console.log(JSON.stringify(await doors[door](asked)));
}
"""


class Node:
    """One process; `ask(door, question)` waits for its answer."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, door: str, question: Any) -> Any:
        """Put *question* to one of the doors above and return what it says."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([door, question]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the JavaScript stopped: see its message on stderr"
        return json.loads(line)


def modules(folder: Path) -> Path:
    """Copy the page's modules into *folder*, told to Node as modules, and return it."""
    for path in MODULES.glob("*.js"):
        shutil.copy(path, folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return folder


@contextmanager
def started(folder: Path) -> Iterator[Node]:
    """Run the modules in Node until the block ends."""
    assert NODE
    (modules(folder) / "answerer.js").write_text(_ANSWERER, encoding="utf-8")
    process = subprocess.Popen([NODE, "answerer.js"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Node(process)
    finally:
        assert process.stdin and process.stdout
        process.stdin.close()
        process.wait(20)
        process.stdout.close()
