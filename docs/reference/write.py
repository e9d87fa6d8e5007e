"""Write the parts of the reference that are made from the program's own data: run by `make reference`, compared in tests."""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

__all__ = ["reference_pages", "refusals"]

HERE = Path(__file__).resolve().parent
REASONS = HERE.parents[1] / "src" / "onecard" / "decision" / "reasons.yaml"


def refusals(text: str) -> str:
    """Return the table of reasons for the *text* of reasons.yaml, in its order."""
    rows = ["| code | word (zh) | word (en) | shown | what to do next |", "|---|---|---|---|---|"]
    rows += [_row(reason) for reason in yaml.safe_load(text)]
    return "\n".join(rows)


def _row(reason: Mapping[str, object]) -> str:
    zh, en = (
        f"{reason[key]} / {reason[full]}" if full in reason else str(reason[key]) for key, full in (("zh", "full_zh"), ("en", "full_en"))
    )
    return f"| `{reason['code']}` | {zh} | {en} | {'yes' if reason['public'] else 'no'} | {reason.get('next_en', '')} |"


def reference_pages() -> dict[Path, str]:
    """Return each page of the reference that holds a made part, as it should read."""
    page = HERE / "refusals.md"
    return {page: _between(page.read_text(encoding="utf-8"), "reasons", refusals(REASONS.read_text(encoding="utf-8")))}


def _between(page: str, name: str, made: str) -> str:
    return re.sub(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", lambda found: f"{found[1]}{made}\n{found[2]}", page, flags=re.DOTALL)


if __name__ == "__main__":
    for path, text in reference_pages().items():
        path.write_text(text, encoding="utf-8")
