"""Collects what people publish on creator platforms and keeps it; knows nothing of digests."""
