"""Write the parts of the reference that are made from the program's own data: run by `make reference`, compared in tests."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

__all__ = ["figures", "reference_pages", "refusals"]

HERE = Path(__file__).resolve().parent
ROOMS = HERE.parents[1] / "src" / "onecard"


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


def figures(text: str) -> str:
    """Return the table of figures for the *text* of figures.yaml, in its order."""
    rows = ["| key | figure | unit | what it counts | numerator ÷ denominator | counted from | where |", "|---|---|---|---|---|---|---|"]
    rows += [_figure(figure) for figure in yaml.safe_load(text)]
    return "\n".join(rows)


def _figure(figure: Mapping[str, Any]) -> str:
    zh, en = ({name: words[lang] for name, words in figure.items() if isinstance(words, dict)} for lang in ("zh", "en"))
    share = f"{en['numerator']} ÷ {en['denominator']}" if "numerator" in en else ""
    where = "bulletin" if figure.get("bulletin", True) else "console"
    label, unit = f"{zh['label']} / {en['label']}", f"{zh['unit']} / {en['unit']}"
    return f"| `{figure['key']}` | {label} | {unit} | {zh['says']} {en['says']} | {share} | {figure.get('records', '')} | {where} |"


def reference_pages() -> dict[Path, str]:
    """Return each page of the reference that holds a made part, as it should read."""
    made = {
        "refusals.md": ("reasons", refusals((ROOMS / "decision" / "reasons.yaml").read_text(encoding="utf-8"))),
        "figures.md": ("figures", figures((ROOMS / "reports" / "figures.yaml").read_text(encoding="utf-8"))),
    }
    return {HERE / page: _between((HERE / page).read_text(encoding="utf-8"), *part) for page, part in made.items()}


def _between(page: str, name: str, made: str) -> str:
    return re.sub(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", lambda found: f"{found[1]}{made}\n{found[2]}", page, flags=re.DOTALL)


if __name__ == "__main__":
    for path, text in reference_pages().items():
        path.write_text(text, encoding="utf-8")
