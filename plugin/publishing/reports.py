"""How publishing an issue ended, outlet by outlet."""

from dataclasses import dataclass

from plugin.outlets import PushReport


@dataclass(frozen=True, slots=True)
class OutletResult:
    """How the push to one outlet ended.

    Attributes:
        outlet: Kind and place: "folder /srv/www".
        report: What was written; None when it failed, or it is the hub.
        n_topics: How many feeds the hub was told of.
        error: One sentence; None when it went well.
    """

    outlet: str
    report: PushReport | None = None
    n_topics: int = 0
    error: str | None = None

    def describe(self, issue: str) -> str:
        """Return one line on a push that went well, for people."""
        if self.report is None:
            return f"Told {self.outlet} of {issue}: {self.n_topics} feeds."
        written, unchanged = len(self.report.written), self.report.unchanged
        return f"Published {issue} to {self.outlet}: {written} written, {unchanged} unchanged."


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What publishing an issue did, outlet by outlet."""

    digest: str
    number: int
    results: tuple[OutletResult, ...]

    @property
    def lines(self) -> list[str]:
        """One line for each outlet that took it, for people."""
        issue = f"{self.digest} {self.number}"
        return [result.describe(issue) for result in self.results if result.error is None]

    @property
    def failures(self) -> list[str]:
        """One sentence for each outlet that did not."""
        return [result.error for result in self.results if result.error is not None]

    @property
    def exit_code(self) -> int:
        """0 when every outlet took it, 1 when none did, 3 when some did."""
        if not self.failures:
            return 0
        return 3 if len(self.failures) < len(self.results) else 1
