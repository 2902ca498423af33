"""Ports that can't be opened, in plain words."""

import errno

from crawler.errors import GleaningsError


class PortUnavailable(GleaningsError):
    """The address to listen on is in use, not ours, or not allowed; the subject is "host:port"."""


def explain_port(error: OSError, host: str, port: int, *, option: str = "--port") -> PortUnavailable:
    """Return what a refused address means for the user.

    Args:
        error: As the system raised it.
        host: As asked for.
        port: As asked for.
        option: Of the command line, that names the port.
    """
    reasons = {
        errno.EADDRINUSE: f"this port is in use; choose another with {option}, or stop what uses it",
        errno.EACCES: "this port may not be opened without special rights; choose one above 1023",
        errno.EADDRNOTAVAIL: "this address does not belong to this machine",
    }
    default = f"can't listen there ({error.strerror or error})"
    return PortUnavailable(reasons.get(error.errno or 0, default), f"{host}:{port}")
