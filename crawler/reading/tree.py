"""What stands in what, in a page's tree."""

from collections.abc import Iterator

from lxml import etree


def ancestors(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the element and all above it."""
    found: etree._Element | None = element
    while found is not None:
        yield found
        found = found.getparent()


def holds(outer: etree._Element, inner: etree._Element) -> bool:
    """Tell whether one element stands in another, or is it."""
    return any(above is outer for above in ancestors(inner))
