"""Click commands of digests, publishing, serving and operations; each parses, calls one function, prints."""
