"""Turns rendered bytes into HTTP answers: validators, 304, packing, HEAD."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

from crawler.demo.options import DemoOptions

HTML = "text/html; charset=utf-8"

# Packing costs more than it saves below this many bytes.
_WORTH_PACKING = 500


def answer(
    request: Request,
    body: bytes,
    *,
    options: DemoOptions,
    media_type: str = HTML,
    status: int = 200,
    modified_at: datetime | None = None,
) -> Response:
    """Answer with a body, or with 304 when the client has it already.

    Args:
        request: Its method may be GET or HEAD.
        body: Unpacked.
        options: Which validators are sent, and whether bodies are packed.
        media_type: With the charset, where there is one.
        status: Anything but 200 is sent without validators.
        modified_at: For Last-Modified, where the options ask for it; aware UTC.

    Source:
        RFC 9110 sections 8.8 (validators), 13.1 and 13.2 (conditions and their
        precedence), 15.4.5 (what a 304 carries).
    """
    is_packed = options.gzip and len(body) > _WORTH_PACKING and _accepts_gzip(request)
    headers = {"cache-control": options.cache_control if status == 200 else "no-store"}
    if options.gzip:
        headers["vary"] = "Accept-Encoding"
    if status == 200:
        headers |= _validators(body, options, is_packed=is_packed, modified_at=modified_at)
        if _is_known(request, headers):
            return Response(status_code=304, headers=headers)
    if is_packed:
        body = gzip.compress(body, compresslevel=5, mtime=0)
        headers["content-encoding"] = "gzip"
    headers["content-type"] = media_type
    headers["content-length"] = str(len(body))
    return Response(b"" if request.method == "HEAD" else body, status_code=status, headers=headers)


def _validators(
    body: bytes, options: DemoOptions, *, is_packed: bool, modified_at: datetime | None
) -> dict[str, str]:
    """Return the validators of a body; packed bytes have another strong one."""
    validators = {}
    digest = hashlib.sha256(body).hexdigest()[:20]
    if options.etags == "strong":
        validators["etag"] = f'"{digest}-gzip"' if is_packed else f'"{digest}"'
    elif options.etags == "weak":
        validators["etag"] = f'W/"{digest}"'
    if options.last_modified and modified_at is not None:
        validators["last-modified"] = format_datetime(modified_at.astimezone(UTC), usegmt=True)
    return validators


def _is_known(request: Request, validators: dict[str, str]) -> bool:
    """Tell whether the client's conditions say that it has this body."""
    wanted = request.headers.get("if-none-match")
    if wanted is not None:
        known = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        etag = validators.get("etag")
        return etag is not None and ("*" in known or etag.removeprefix("W/") in known)
    since, modified = request.headers.get("if-modified-since"), validators.get("last-modified")
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def _accepts_gzip(request: Request) -> bool:
    """Tell whether the client takes gzip; a quality of 0 says that it does not."""
    for part in request.headers.get("accept-encoding", "").split(","):
        name, _, parameters = part.partition(";")
        if name.strip().lower() in ("gzip", "*"):
            quality = parameters.strip().removeprefix("q=")
            return quality not in ("0", "0.0", "0.00", "0.000")
    return False
