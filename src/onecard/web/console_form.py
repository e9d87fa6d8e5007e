"""Read a form of the console as strictly as a JSON body: bounded, no field twice, no field that the form does not have."""

from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from onecard.web.wire import BodyMalformed, read_body

__all__ = ["CSRF_FIELD", "FORM_BYTES_MAX", "form_fields", "read_form"]

FORM_BYTES_MAX: Final = 16 * 1024
CSRF_FIELD: Final = "csrf"

_FIELDS_MAX: Final = 40
_VERBATIM: Final = frozenset({"password", "old", "new", "source"})  # Passwords and documents: a space in them is theirs.
_MEDIA: Final = "application/x-www-form-urlencoded"


async def read_form(request: Request, bytes_max: int = FORM_BYTES_MAX) -> dict[str, tuple[str, ...]]:
    """Return the fields of a form of at most *bytes_max*, each with its values. Raises `BodyTooLarge`, `BodyMalformed`."""
    kilobytes = bytes_max // 1024
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await read_body(request.receive, bytes_max, f"最多 {kilobytes} KB", f"it is at most {kilobytes} KB")
    if not body:
        return {}
    if media != _MEDIA:
        raise BodyMalformed(problem_zh=f"应为 {_MEDIA}", problem_en=f"it must be {_MEDIA}")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=_FIELDS_MAX)
    except (UnicodeDecodeError, ValueError):
        raise BodyMalformed(problem_zh="不是合格的表单", problem_en="it is no proper form") from None
    if any("\0" in text for pair in pairs for text in pair):
        raise BodyMalformed(problem_zh="含有空字符", problem_en="it holds a NUL")
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value)
    return fields


def form_fields(form: Mapping[str, tuple[str, ...]], known: Collection[str], *, many: Collection[str] = ()) -> dict[str, str]:
    """Return the fields *known*, each as one text, '' where it was not sent. Raises `BodyMalformed` for any other, and for one sent twice.

    Fields in *many* (checkboxes) may come any number of times and are left to the caller.
    """
    for name, values in form.items():
        if name not in known and name not in many and name != CSRF_FIELD:
            raise BodyMalformed(problem_zh=f"没有字段 {name[:40]}", problem_en=f"there is no field {name[:40]}", field=name[:40])
        if len(values) > 1 and name not in many:
            raise BodyMalformed(problem_zh=f"字段 {name} 重复", problem_en=f"field {name} comes twice", field=name)
    return {name: form.get(name, ("",))[0] if name in _VERBATIM else form.get(name, ("",))[0].strip() for name in known}
