"""Vocal (vocal.media), and publications made like it: story, list and author pages, and copied texts."""

from crawler.platforms.vocal.pages import PLATFORM

__all__ = ["PLATFORM"]
