"""Errors of curating and republishing, under the crawler's one root."""

from crawler.errors import ConfigError, GleaningsError


class DigestError(ConfigError):
    """A digest's definition is wrong."""


class DigestNotFound(DigestError, LookupError):
    """No digest has that slug."""


class UnknownFormat(DigestError, LookupError):
    """No format has that name."""


class UnknownOutlet(DigestError, LookupError):
    """No outlet has that kind."""


class IssueError(GleaningsError):
    """An issue cannot be made or found; the subject is "<digest> <number>"."""


class NothingToPublish(IssueError):
    """No candidate is left: not a failure, the command says so and exits 0."""

    exit_code = 0


class IssueExists(IssueError):
    """Another maker was faster: the issue of that number stands."""


class IssueNotFound(IssueError, LookupError):
    """The digest has no issue of that number."""


class OutletError(GleaningsError):
    """A document could not be pushed; the subject is the outlet."""


class OutletRejected(OutletError):
    """Our document or credentials are at fault: trying again will not help."""


class OutletUnavailable(OutletError):
    """The outlet is not there now: try again later."""
