"""How a feed becomes a document."""
