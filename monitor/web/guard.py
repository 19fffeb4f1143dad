"""Who may see the pages: this machine's user, in a browser that was opened with the token.

Against other sites in the same browser (DNS rebinding, forged requests) the Host and Origin of every request are
checked, as https://owasp.org/www-community/attacks/csrf and the W3C's Fetch standard advise.
"""

import secrets
from http.cookies import SimpleCookie

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy of every page: nothing from elsewhere, no inline script, no inline style."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Sent with every answer; what was said in a call is not left in the browser's cache."""

SAFE_METHODS = ("GET", "HEAD")

REFUSED = (
    "<!doctype html><html lang='en'><meta charset='utf-8'><title>monitor</title><link rel='icon' href='data:,'>"
    "<p>Open the address that <code>monitor serve</code> printed."
)
# A page rather than a redirect: a browser sends no SameSite=Strict cookie to a redirect that another site began.
WELCOME = (
    "<!doctype html><html lang='en'><meta charset='utf-8'><title>monitor</title><link rel='icon' href='data:,'>"
    "<meta http-equiv='refresh' content='0;url=/'>"
)


class Guard:
    """ASGI middleware that lets only this user's own requests through to `app`.

    `token` opens the page once in a browser, as `/?token=…`; from then on a cookie does. `port` is where the server
    listens on 127.0.0.1.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._cookie_name = f"monitor-{port}"  # cookies do not tell ports apart
        self._cookie = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await (self._answer(scope) or self._app)(scope, receive, send_with_headers)

    def _answer(self, scope: Scope) -> Response | None:
        """The guard's own answer, or None for a request that may pass."""
        headers = Headers(scope=scope)
        if scope["type"] != "http" or not self._is_our_own(scope["method"], headers):
            return HTMLResponse(REFUSED, 403)
        token = QueryParams(scope["query_string"]).get("token")
        if scope["path"] == "/" and token is not None and _same(token, self._token):
            answer = HTMLResponse(WELCOME)
            answer.set_cookie(self._cookie_name, self._cookie, httponly=True, samesite="strict", path="/")
            return answer
        cookie = SimpleCookie(headers.get("cookie", "")).get(self._cookie_name)
        if cookie is None or not _same(cookie.value, self._cookie):
            return HTMLResponse(REFUSED, 403)
        return None

    def _is_our_own(self, method: str, headers: Headers) -> bool:
        host, origin = headers.get("host"), headers.get("origin")
        if host not in self._hosts:
            return False
        return origin == f"http://{host}" or (origin is None and method in SAFE_METHODS)


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
