"""Click commands that need only the crawler; each parses, calls one function, prints."""
