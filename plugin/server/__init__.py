"""Feeds and pages over HTTP: an ASGI app to mount, and a server to run it."""

from plugin.server.running import serve

__all__ = ["serve"]
