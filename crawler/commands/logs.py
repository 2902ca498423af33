"""Log lines on standard error: short text for people, or one JSON object a line for programs."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

LogFormat = Literal["text", "json"]

KEYS = ("run", "publication", "url", "issue", "format", "outlet")
"""The keys that log lines carry where they apply; the same words everywhere."""


class JsonFormatter(logging.Formatter):
    """One JSON object a line, with the keys of `KEYS` always there, null where they do not apply."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{key: getattr(record, key, None) for key in KEYS},
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        return json.dumps(line, ensure_ascii=False, default=str)


def to_json_line(text: str) -> str:
    """Return what a command says about its progress as a log line of a program."""
    record = logging.makeLogRecord({"name": "gleanings", "levelname": "INFO", "msg": text})
    return JsonFormatter().format(record)


class TextFormatter(logging.Formatter):
    """One line for people; the cause of an error in one sentence, the traceback only when debugging."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        parts = [f"{record.levelname.capitalize()}: {record.getMessage()}"]
        parts += [f"{key}={getattr(record, key)}" for key in KEYS if getattr(record, key, None) is not None]
        line = " ".join(parts)
        if record.exc_info and record.exc_info[1] is not None:
            line += f" ({type(record.exc_info[1]).__name__}: {record.exc_info[1]})"
            if logging.getLogger().level <= logging.DEBUG:
                line += "\n" + self.formatException(record.exc_info)
        return line


def start_logging(log_format: LogFormat, *, verbose: int, is_quiet: bool) -> None:
    """Send log lines to standard error.

    Args:
        log_format: "text" or "json".
        verbose: 0 shows warnings, 1 also what is done, 2 everything.
        is_quiet: Errors only, whatever ``verbose`` says.
    """
    levels = (logging.WARNING, logging.INFO, logging.DEBUG)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.ERROR if is_quiet else levels[min(verbose, 2)])
    for name in ("alembic", "scrapy", "twisted", "asyncio", "httpx", "httpcore", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING if verbose < 2 else logging.DEBUG)
    # What the body extractor complains of is said by our own errors, about the page and in our words.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL if verbose < 2 else logging.DEBUG)
