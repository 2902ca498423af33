"""Pure reading: addresses, dates, markup and structured data; no I/O, no clock."""
