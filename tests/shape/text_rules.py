"""Rules about any text of the project: hosts, machine paths, person numbers, links. Each returns what is wrong, one sentence each."""

import re
from collections.abc import Callable, Iterator
from datetime import date

__all__ = ["broken_links", "heading_anchors", "machine_paths", "person_numbers", "registry_hosts"]

# Put together from halves, so that this file is clean itself.
_HOSTS = tuple(f"{name}.{ending}" for name, ending in (
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"), ("jsdelivr", "net"),
    ("unpkg", "com"), ("deb.debian", "org"), ("security.debian", "org"), ("crates", "io"), ("proxy.golang", "org"),
    ("tuna.tsinghua.edu", "cn"),
))  # fmt: skip
_PATH = re.compile(r"""["'`(=\s](/(?:work|root|home/[a-z]+|opt/wheels|Users)/)""")
_NUMBER = re.compile(r"(?<![0-9A-Za-z])([1-9][0-9]{5})([0-9]{8})[0-9]{3}[0-9X](?![0-9A-Za-z])")
_LINK = re.compile(r"(?<!\\)!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")

# The provinces of GB/T 2260. A code is taken for one in use where its city and county parts lie in the usual ranges:
# no city has 71 to 99 but 90 (counties led by the province itself), and no county has 90 to 99.
_PROVINCES = {
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64,
    65, 71, 81, 82, 83,
}  # fmt: skip


def registry_hosts(text: str) -> list[str]:
    """No file names the host of a package registry: where packages come from is the installing machine's business."""
    return [f"names the host {host}" for host in _HOSTS if host in text]


def machine_paths(text: str) -> list[str]:
    """No file names a folder of somebody's machine."""
    return sorted({f"names the machine path {found}" for found in _PATH.findall(text)})


def person_numbers(text: str) -> list[str]:
    """No file holds a person number that could be a living person's: made-up ones use area codes that belong to no place."""
    return [f"holds a person number of area {area}" for area, born in _NUMBER.findall(text) if _is_day(born) and _in_use(area)]


def heading_anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, made as forges make them."""
    headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", _FENCE.sub("", text), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def broken_links(text: str, page_of: Callable[[str], str | None]) -> Iterator[str]:
    """Yield the links that lead nowhere. *page_of* returns a target's text ('' for what is no page), or None where there is none."""
    for link in _LINK.findall(_CODE.sub("", _FENCE.sub("", text))):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        path, _, anchor = link.partition("#")
        page = page_of(path) if path else text
        if page is None:
            yield f"links to {path}, which is not there"
        elif anchor and anchor not in heading_anchors(page):
            yield f"links to {link}, which has no such heading"


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1880 <= int(digits[:4]) <= 2100


def _in_use(area: str) -> bool:
    province, city, county = int(area[:2]), int(area[2:4]), int(area[4:])
    return province in _PROVINCES and (1 <= city <= 70 or city == 90) and county < 90
