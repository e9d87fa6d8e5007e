"""Who may open a page of the console: declared where the route is written, as for every other door, and proved by the form."""

import hmac
from typing import Final

from starlette.requests import Request

from onecard.settings.origin import Origin
from onecard.staff.errors import CsrfMissing, NotAllowed, NotSignedIn
from onecard.staff.permissions import PERMISSIONS
from onecard.web.console_form import CSRF_FIELD, FORM_BYTES_MAX, read_form
from onecard.web.console_frame import Console, Visit, find_settings
from onecard.web.origin import is_cross_site
from onecard.web.staff_access import CSRF_HEADER, Access, session_token

__all__ = ["Visiting"]

_READS: Final = frozenset({"GET", "HEAD"})
_ANYBODY: Final = "signed-in"


class Visiting(Access):
    """Whoever is signed in, and holds *permission* where one is named. Gives the `Visit`.

    A page about one object (*anywhere* false) asks the role only once the object is known to be in scope: what is not
    answers 404 as if absent, whatever the role.
    """

    def __init__(self, console: Console, permission: str = _ANYBODY, *, anywhere: bool = True, form_bytes: int = FORM_BYTES_MAX) -> None:
        assert permission == _ANYBODY or permission in PERMISSIONS, f"there is no permission {permission}"
        super().__init__(permission)
        self._console = console
        self._anywhere = anywhere and permission != _ANYBODY
        self._form_bytes = form_bytes

    async def __call__(self, request: Request) -> Visit:  # type: ignore[override]
        """Return the visit. Raises `NotSignedIn`, `CsrfMissing`, `NotAllowed`; `BodyMalformed`, `BodyTooLarge` of a form."""
        token = session_token(request)
        if not token:
            raise NotSignedIn
        staff = self._console.desk.staff
        session = await staff.session(token)
        csrf = staff.csrf(token)
        form = {} if request.method in _READS else await read_form(request, self._form_bytes)
        visit = Visit(
            session=session, settings=find_settings(request), csrf=csrf, path=request.url.path, query=request.url.query, form=form
        )
        request.state.visit = visit  # For the page that tells of a mistake.
        if request.method not in _READS:
            _prove(request, visit, self._console.desk.origin)
        if self._anywhere and not session.acting.may(self.permission):
            raise NotAllowed
        return visit


def _prove(request: Request, visit: Visit, origin: Origin | None) -> None:
    """Raise `CsrfMissing` where a write does not carry the session's own token, in its header or in its form."""
    sent = request.headers.get(CSRF_HEADER) or visit.form.get(CSRF_FIELD, ("",))[0]
    if not hmac.compare_digest(sent.encode("utf-8", "replace"), visit.csrf.encode()) or is_cross_site(origin, request):
        raise CsrfMissing
