"""No change of markup that a person cannot see changes a field."""

import json
import os
import random
from collections.abc import Callable
from datetime import datetime

import pytest
from lxml import etree

from crawler.platforms import read_page
from crawler.reading.outline import parse_html
from tests.test_crawler_vocal import CASES, PAGES, page_of, to_plain

SEED = int(os.environ.get("GLEANINGS_MUTATION_SEED", "20261118"))
N_MUTATIONS = 40
"""Mutants of each page a run; eleven pages make more than four hundred."""

_WORDS = [
    "box",
    "item",
    "list",
    "text",
    "main",
    "card",
    "comment",
    "reply",
    "author",
    "title",
    "body",
    "footer",
    "nav",
    "meta",
    "sidebar",
    "tag",
    "hidden",
]
_BLOCKS = frozenset(
    [
        "article",
        "aside",
        "blockquote",
        "div",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "header",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "section",
        "ul",
    ]
)
_WRAPPABLE = _BLOCKS | {"a", "b", "button", "i", "img", "span", "time"}
_PHRASES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "a", "span", "button", "figcaption"])


def rename_classes(root: etree._Element, rng: random.Random) -> None:
    for element in root.iter(etree.Element):
        for name in ("class", "id"):
            if element.get(name) is not None or rng.random() < 0.3:
                element.set(name, " ".join(rng.sample(_WORDS, rng.randint(1, 3))))


def drop_classes(root: etree._Element, rng: random.Random) -> None:
    for element in root.iter(etree.Element):
        for name in ("class", "id"):
            element.attrib.pop(name, None)


def reorder_attributes(root: etree._Element, rng: random.Random) -> None:
    for element in root.iter(etree.Element):
        items = list(element.attrib.items())
        rng.shuffle(items)
        element.attrib.clear()
        for name, value in items:
            element.set(name, value)


def wrap_elements(root: etree._Element, rng: random.Random) -> None:
    for element in list(root.iter(*_WRAPPABLE)):
        parent = element.getparent()
        if parent is None or rng.random() > 0.25 or not _may_wrap(element, parent):
            continue
        box = etree.Element("div")
        box.tail, element.tail = element.tail, None
        parent.replace(element, box)
        box.append(element)


def _may_wrap(element: etree._Element, parent: etree._Element) -> bool:
    """Leave alone what stands inside running text, where a box would break the line."""
    if any(above.tag in _PHRASES for above in (parent, *parent.iterancestors())):
        return False
    return parent.tag not in ("html", "head", "ul", "ol") or element.tag == "li"


def insert_blanks(root: etree._Element, rng: random.Random) -> None:
    blanks = ["\n", "  ", "\n\t", " \n "]
    for element in root.iter(*_BLOCKS):
        if element.tag in ("body", "html"):
            continue
        if rng.random() < 0.5:
            element.tail = (element.tail or "") + rng.choice(blanks)
        if rng.random() < 0.5:
            element.text = rng.choice(blanks) + (element.text or "")


def insert_comments(root: etree._Element, rng: random.Random) -> None:
    for element in list(root.iter(etree.Element)):
        if element.tag in ("script", "style", "title", "html", "head") or rng.random() > 0.3:
            continue
        comment = etree.Comment(rng.choice([" c ", "By Nobody Published 2 days ago", "Comments (9)", "$"]))
        comment.tail, element.text = element.text, None
        element.insert(0, comment)


MUTATIONS: tuple[Callable[[etree._Element, random.Random], None], ...] = (
    rename_classes,
    drop_classes,
    reorder_attributes,
    wrap_elements,
    insert_blanks,
    insert_comments,
)


def mutate(html: str, rng: random.Random) -> tuple[str, list[str]]:
    """Return the page after one to four mutations, and their names."""
    root = parse_html(html)
    assert root is not None
    chosen = rng.sample(MUTATIONS, rng.randint(1, 4))
    for mutation in chosen:
        mutation(root, rng)
    text = etree.tostring(root, encoding="unicode", method="html", doctype="<!DOCTYPE html>")
    return text, [mutation.__name__ for mutation in chosen]


@pytest.mark.parametrize("case", CASES)
def test_no_mutation_changes_a_field(case: str) -> None:
    html = (PAGES / case / "inputs" / "page.html").read_text(encoding="utf-8")
    meta = json.loads((PAGES / case / "meta.json").read_text(encoding="utf-8"))
    wanted = to_plain(page_of(case))
    rng = random.Random(f"{SEED} {case}")
    for number in range(N_MUTATIONS):
        mutant, names = mutate(html, rng)
        page = read_page(mutant, meta["url"], seen_at=datetime.fromisoformat(meta["seen_at"]))
        got = to_plain(page)
        for name in wanted:
            assert got[name] == wanted[name], f"mutant {number} of {case} by {names}, seed {SEED}"
