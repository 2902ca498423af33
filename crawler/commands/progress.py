"""How long work shows itself: a live line on a terminal, plain lines elsewhere."""

import json
import sys
import time
from types import TracebackType
from typing import Self

import click

from crawler.commands.context import Session
from crawler.runner.reports import CrawlProgress, CrawlReport

PLAIN_INTERVAL = 10.0
"""Seconds between two plain progress lines."""
