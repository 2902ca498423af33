"""Curates what the crawler keeps and republishes it as digests and feeds."""
