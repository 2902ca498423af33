"""A starter workspace, copied from the seeds that travel with Gleanings."""

from pathlib import Path

from crawler.config import CONFIG_FILE
from crawler.errors import ConfigError
from crawler.seeds import bundled_seeds

STARTER_FILES = {
    CONFIG_FILE: "starter/gleanings.toml",
    "seeds/vocal.toml": "vocal.toml",
    "seeds/digests/weekly.toml": "digests/weekly.toml",
}
"""File of a new workspace -> file among the bundled seeds."""


def init_workspace(folder: Path) -> list[Path]:
    """Write a starter workspace.

    Args:
        folder: Made when missing; other files in it are left alone.

    Returns:
        The files written, in order.

    Raises:
        ConfigError: One of the files is there already, or the folder can't be written; nothing is changed.
    """
    targets = {folder / name: bundled_seeds() / source for name, source in STARTER_FILES.items()}
    for path in targets:
        if path.exists():
            raise ConfigError("is there already; nothing was written", path=path)
    try:
        for path, source in targets.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot be written ({error.strerror})", path=folder) from None
    return list(targets)
