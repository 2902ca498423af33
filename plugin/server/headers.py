"""Headers beside validators and codings: caching, and what a browser may do with an answer."""

from plugin.formats.pages import stylesheet_hash
from plugin.server.replies import Policy, Reply

FEED_SECONDS = 60
"""How long a feed may be reused unasked. Feed readers ask every half hour; caches between take the rest."""

_PAGE_CSP = "; ".join(
    (
        "default-src 'none'",
        f"style-src '{stylesheet_hash()}'",
        "script-src 'self'",
        "img-src 'self' https: http: data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
_CACHING: dict[Policy, str] = {
    # A browser asks each time and mostly hears 304, so that a takedown shows at once; shared caches may keep.
    "page": f"public, max-age=0, s-maxage={FEED_SECONDS}, must-revalidate",
    "feed": f"public, max-age={FEED_SECONDS}",
    "asset": "public, max-age=86400",
    "message": "no-store",
}


def reply_headers(reply: Reply) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer that do not depend on the request."""
    is_page = reply.media_type.startswith("text/html")
    headers = [
        ("cache-control", _CACHING[reply.policy]),
        ("vary", "Accept-Encoding"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", _PAGE_CSP if is_page else "default-src 'none'; frame-ancestors 'none'"),
    ]
    if is_page:
        headers.append(("cross-origin-opener-policy", "same-origin"))
    elif reply.policy == "feed":
        # So that readers that run in a browser can fetch feeds; there is nothing private in them.
        headers.append(("access-control-allow-origin", "*"))
    if reply.links:
        headers.append(("link", ", ".join(f'<{href}>; rel="{rel}"' for rel, href in reply.links)))
    if reply.location is not None:
        headers.append(("location", reply.location))
    return [(name.encode("ascii"), value.encode("ascii", "ignore")) for name, value in headers]
