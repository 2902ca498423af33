"""The one place that knows SQL: everything Gleanings keeps, behind verbs and frozen views."""
