"""What must not happen to a story page, layout by layout: nothing of the page's frame in the body, nothing of the body
lost, no list or wall taken for a story. Each case is a small page with the platform's labels in other markup."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.errors import PageLayoutChanged
from crawler.platforms import read_page
from crawler.platforms.base import Page

SEEN_AT = datetime(2026, 11, 18, 12, tzinfo=UTC)
URL = "https://vocal.media/poets/the-tide-clock"
LAYOUTS: dict[str, tuple[str, dict[str, Any]]] = {}


def check(name: str, html: str, **wanted: Any) -> None:
    """Note one layout and what must be read from it."""
    assert name not in LAYOUTS
    LAYOUTS[name] = html, wanted


P1 = "The tide clock on the kitchen wall ran an hour slow, which suited everyone in the house but the sea."
P2 = "My aunt wound it on Sundays with a key that she kept, for reasons of her own, in the flour."
BODY = f"<p>{P1}</p><p>{P2}</p>"


def story(  # noqa: PLR0917 - one argument for each part of a page
    head="<h1>The Tide Clock</h1><h2>Notes from a slow house</h2>",
    byline='<div>By <a href="/authors/ida-moss">Ida Moss</a>Published 5 months ago 3 min read</div>',
    hero="",
    body=None,
    after='<div><a href="/poets/tag/ode">ode</a><a href="/poets/tag/family">family</a></div>',
    about="<section><h3>About the Creator</h3><h4>Ida Moss</h4><p>Keeps time badly.</p></section>",
    insights="<section><h3>Reader insights</h3><p>Be the first to share your insights about this piece.</p><p>How does it work?</p><p>Add your insights</p></section>",
    comments="<section><h3>Comments (1)</h3><p>Sign in to comment</p><ul><li>Alex H Mittelman 11 months ago<p>Wow! So slow! Great work</p></li></ul></section>",
    foot="<footer><p>Find us on social media</p><p>Miscellaneous links</p><ul><li>Explore</li><li>Contact</li></ul><p>© 2026 Creatd, Inc. All Rights Reserved.</p></footer>",
    wrap="<div>{}</div>",
    logo='<img src="/p.png" alt="Poets logo">',
):
    body = wrap.format(body if body is not None else BODY)
    return f'<html lang="en"><head><title>The Tide Clock | Poets</title></head><body><header><a href="/">Vocal</a></header><main><article>{logo}{head}{byline}{hero}{body}{after}</article>{about}{insights}{comments}</main>{foot}</body></html>'


T = P1 + "\n\n" + P2
C1 = [("Alex H Mittelman", "Wow! So slow! Great work", "11 months ago", None)]
base = {
    "kind": "article",
    "headline": "The Tide Clock",
    "dek": "Notes from a slow house",
    "byline": "By Ida Moss",
    "names": ["Ida Moss"],
    "body_text": T,
    "tags": ["ode", "family"],
    "comments": C1,
    "comment_count": 1,
    "published_text": "5 months ago",
    "reading_minutes": 3,
    "bio": "Keeps time badly.",
    "hero": None,
}


def b(**k):
    return {**base, **k}


check("base", story(), **base)
check("no wrap", story(wrap="{}"), **base)
# a embedded
for i, card in enumerate(
    [
        '<div><img src="/c.jpg"><h4><a href="/poets/other">Other</a></h4><div>By Orla Reyes</div></div>',
        '<a href="/poets/other"><div><img src="/c.jpg"><div>Other</div><div>By Orla Reyes</div></div></a>',
        '<div><a href="https://vocal.media/poets/other"><img src="/c.jpg" alt="x"></a><div><a href="https://vocal.media/poets/other">Other</a></div><div>By <a href="/authors/orla">Orla Reyes</a></div></div>',
    ]
):
    check(f"card{i}", story(body=f"<p>{P1}</p>{card}<p>{P2}</p>"), **b(body_text=P1 + "\n\nOther\n\n" + P2))
check("stray by", story(body=f"<p>{P1}</p><div>By Orla Reyes</div><p>{P2}</p>"), **base)
check(
    "by p kept",
    story(body=f"<p>{P1}</p><p>By the river</p><p>{P2}</p>"),
    **b(body_text=P1 + "\n\nBy the river\n\n" + P2),
)
# b teasers
KR = '<div><h3>Keep reading</h3><p>More stories from Ida Moss and writers in Poets and other communities.</p><a href="/poets/x"><h4>X</h4><p>A long teaser text about the X story that goes on and on for quite a while to look like a paragraph.</p></a></div>'
check(
    "keep in article",
    story(
        after=base
        and '<div><a href="/poets/tag/ode">ode</a><a href="/poets/tag/family">family</a></div>' + KR
    ),
    **base,
)
check("keep before tags", story(body=BODY + KR), **base)
check("keep flat", story(wrap="{}", body=BODY + KR[5:-6]), **base)
NL = '<div><h3>Newsletter</h3><p>Sign up for our newsletter and never miss a story from the community.</p><form><input type="email"><button>Subscribe</button></form></div>'
check("newsletter mid", story(body=f"<p>{P1}</p>{NL}<p>{P2}</p>"), **base)
check(
    "aside mid",
    story(
        body=f"<p>{P1}</p><aside><p>Read more stories like this one, every day, in your inbox, for free and forever.</p></aside><p>{P2}</p>"
    ),
    **base,
)
SUP = "<div><p>Enjoyed the story? Support the Creator.</p><p>Subscribe for free to receive all their stories in your feed.</p><button>Subscribe For Free</button><button>Pledge Your Support</button></div>"
check(
    "support",
    story(
        body=BODY,
        after=SUP + '<div><a href="/poets/tag/ode">ode</a><a href="/poets/tag/family">family</a></div>',
    ),
    **base,
)
check("support in", story(body=BODY + SUP), **base)
# c no sections
check("only comments", story(about="", insights=""), **b(bio=None))
check(
    "no labels after",
    story(about="", insights="", comments=""),
    **b(bio=None, comments=[], comment_count=None),
)
check("no footer", story(foot=""), **base)
# d bylines
for nm in [
    "Ida Published",
    "Published 3 days ago",
    "Judey Kalchik ",
    "Ann @ Vocal",
    "J. - Lee",
    "Zoë 🌊🐚",
    "By Jove",
    "Ana Updated 2 years ago",
]:
    check(
        "name " + nm,
        story(
            byline=f'<div>By <a href="/authors/ida-moss">{nm}</a>Published 5 months ago 3 min read</div>',
            about="",
        ),
        **b(names=[nm.strip()], byline="By " + nm.strip(), bio=None),
    )
    check(
        "plain name " + nm,
        story(byline=f"<div>By {nm}Published 5 months ago 3 min read</div>", about=""),
        **b(names=[nm.strip()], byline="By " + nm.strip(), bio=None),
    )
for hd in [
    "By the Time We Published 3 days ago",
    "Published",
    "Comments",
    "About the Creator",
    "Published 2 years ago 3 min read",
    "Reader insights",
]:
    check("headline " + hd, story(head=f"<h1>{hd}</h1><h2>Notes from a slow house</h2>"), **b(headline=hd))
check(
    "dek label",
    story(head="<h1>The Tide Clock</h1><h2>By no one, Published never</h2>"),
    **b(dek="By no one, Published never"),
)
check(
    "bullets",
    story(
        byline='<div>By <a href="/authors/ida-moss">Ida Moss</a> Published 5 months ago • Updated 4 months ago • 3 min read</div>'
    ),
    **b(modified_text="4 months ago"),
)
check(
    "abs date",
    story(byline='<div>By <a href="/authors/ida-moss">Ida Moss</a> Published Jun 3, 2026 3 min read</div>'),
    **b(published_text="Jun 3, 2026"),
)
check(
    "abs glued",
    story(
        byline='<div>By <a href="/authors/ida-moss">Ida Moss</a><span>Published June 3, 2026</span><span>3 min read</span></div>'
    ),
    **b(published_text="June 3, 2026"),
)
check(
    "time el",
    story(
        byline='<div>By <a href="/authors/ida-moss">Ida Moss</a><span>Published <time datetime="2026-06-20T08:00:00Z">5 months ago</time></span><span>3 min read</span></div>'
    ),
    **b(published_at=datetime(2026, 6, 20, 8, tzinfo=UTC)),
)
check(
    "abbr timeago",
    story(
        byline='<div>By <a href="/authors/ida-moss">Ida Moss</a><span>Published <abbr class="timeago" title="2026-06-20T08:00:00Z">5 months ago</abbr></span><span>3 min read</span></div>'
    ),
    **b(published_at=datetime(2026, 6, 20, 8, tzinfo=UTC)),
)
# e
check(
    "no date",
    story(byline='<div>By <a href="/authors/ida-moss">Ida Moss</a></div>'),
    **b(published_text=None, published_at=None, reading_minutes=None),
)
check(
    "no byline",
    story(byline=""),
    **b(byline=None, published_text=None, published_at=None, reading_minutes=None),
)
# f poems
check("br poem", story(body="<p>one<br>two<br/>three</p>"), **b(body_text="one\ntwo\nthree"))
check("pre poem", story(body="<pre>one\n  two\nthree</pre>"), **b(body_text="one\ntwo\nthree"))
check(
    "prewrap",
    story(body='<div style="white-space: pre-wrap">one\ntwo\n\nthree</div>'),
    **b(body_text="one\ntwo\n\nthree"),
)
check("brbr", story(body="one<br>two<br><br>three"), **b(body_text="one\ntwo\n\nthree"))
check("divs", story(body=f"<div>{P1}</div><div>{P2}</div>"), **base)
check("divs nowrap", story(wrap="{}", body=f"<div>{P1}</div><div>{P2}</div>"), **base)
check("spans", story(body=f"<p><span>{P1}</span></p><p><span><span>{P2}</span></span></p>"), **base)
# g
check(
    "hero no dek",
    story(head="<h1>The Tide Clock</h1>", hero='<figure><img src="/h.jpg" alt="A clock on a wall"></figure>'),
    **b(dek=None, hero=("https://vocal.media/h.jpg", "A clock on a wall", None, None)),
)
check(
    "hero before byline",
    story(
        head='<h1>The Tide Clock</h1><img src="/h.jpg" alt="A clock on a wall"><h2>Notes from a slow house</h2>'
    ),
    **b(hero=("https://vocal.media/h.jpg", "A clock on a wall", None, None)),
)
check(
    "hero caption text",
    story(hero='<div><img src="/h.jpg" alt="The Tide Clock"><p>Photo by X on Unsplash</p></div>'),
    **b(hero=("https://vocal.media/h.jpg", "The Tide Clock", "Photo by X on Unsplash", "X")),
)
check(
    "hero free caption",
    story(hero='<div><img src="/h.jpg" alt=""><div>my own kitchen, 1988</div></div>'),
    **b(hero=("https://vocal.media/h.jpg", None, "my own kitchen, 1988", None)),
)
check(
    "hero url caption",
    story(hero='<div><img src="/h.jpg" alt=""><div>https://pics.example/1</div></div>'),
    **b(hero=("https://vocal.media/h.jpg", None, "https://pics.example/1", None)),
)
check(
    "hero flat",
    story(wrap="{}", hero='<img src="/h.jpg" alt="The Tide Clock"><div>Photo by X from Pexels</div>'),
    **b(hero=("https://vocal.media/h.jpg", "The Tide Clock", "Photo by X from Pexels", "X")),
)
check(
    "hero lazy",
    story(
        hero='<figure><img class="lazy" src="data:image/gif;base64,R0" data-srcset="/h-1.jpg 400w, /h-2.jpg 1200w" alt="c"><noscript><img src="/h.jpg"></noscript></figure>'
    ),
    **b(hero=("https://vocal.media/h-2.jpg", "c", None, None)),
)
check(
    "body image first",
    story(body=f'<figure><img src="/b.jpg" alt="b"></figure><p>{P1}</p><p>{P2}</p>'),
    **base,
)
check("like", story(hero="<div><button>Like</button></div>"), **base)
check("like n", story(hero="<div>16</div>"), **b(like_count=16))
check("like button n", story(hero="<div><button>Like <span>16</span></button></div>"), **b(like_count=16))
# dek absent
check("no dek", story(head="<h1>The Tide Clock</h1>"), **b(dek=None))
check("no h1", story(head="<div>The Tide Clock</div><div>Notes from a slow house</div>"), **base)
check("no h1 no dek", story(head="<div>The Tide Clock</div>"), **b(dek=None))
check(
    "site h1",
    story(head="<h2>The Tide Clock</h2><p>Notes from a slow house</p>").replace(
        '<header><a href="/">Vocal</a>', '<header><h1><a href="/">Vocal</a></h1>'
    ),
    **base,
)
check("no logo", story(logo=""), **base)
check(
    "no logo no h1",
    story(logo="", head="<div>The Tide Clock</div><div>Notes from a slow house</div>"),
    **base,
)
check("no logo no h1 nodek", story(logo="", head="<div>The Tide Clock</div>"), **b(dek=None))


# comments markups
def com(inner, n=2, label=None):
    return f"<section>{label or f'<h3>Comments ({n})</h3>'}<p>Sign in to comment</p>{inner}</section>"


C2 = [
    ("Alex H", "Wow! So slow.", "11 months ago", None),
    ("Bea @ Vocal", "I read it 2 years ago", "3 days ago", None),
]
CR = [
    ("Alex H", "Wow! So slow.", "11 months ago", None),
    ("Bea @ Vocal", "I read it 2 years ago", "3 days ago", 0),
]


def ck(name, inner, want, **k):
    check(name, story(comments=com(inner, **k)), **b(comments=want, comment_count=len(want)))


ck(
    "li strong",
    "<ul><li><strong>Alex H</strong> <em>11 months ago</em><p>Wow! So slow.</p></li><li><strong>Bea @ Vocal</strong> <em>3 days ago</em><p>I read it 2 years ago</p></li></ul>",
    C2,
)
ck(
    "li text",
    "<ul><li>Alex H 11 months ago<p>Wow! So slow.</p></li><li>Bea @ Vocal 3 days ago<p>I read it 2 years ago</p></li></ul>",
    C2,
)
ck(
    "div text",
    "<div><div>Alex H 11 months ago</div><div>Wow! So slow.</div></div><div><div>Bea @ Vocal 3 days ago</div><div>I read it 2 years ago</div></div>",
    C2,
)
ck(
    "div apart",
    "<div><div>Alex H</div><div>11 months ago</div><div>Wow! So slow.</div></div><div><div>Bea @ Vocal</div><div>3 days ago</div><div>I read it 2 years ago</div></div>",
    C2,
)
ck(
    "article",
    '<article><header><a href="/authors/a">Alex H</a><time datetime="2025-12-20T00:00:00Z">11 months ago</time></header><p>Wow! So slow.</p></article><article><header><a href="/authors/b">Bea @ Vocal</a><time datetime="2026-11-15T12:00:00Z">3 days ago</time></header><p>I read it 2 years ago</p></article>',
    C2,
)
ck(
    "dl",
    "<dl><dt>Alex H <i>11 months ago</i></dt><dd>Wow! So slow.</dd><dt>Bea @ Vocal <i>3 days ago</i></dt><dd>I read it 2 years ago</dd></dl>",
    C2,
)
ck(
    "table",
    "<table><tr><td>Alex H</td><td>11 months ago</td><td>Wow! So slow.</td></tr><tr><td>Bea @ Vocal</td><td>3 days ago</td><td>I read it 2 years ago</td></tr></table>",
    C2,
)
ck(
    "avatars",
    '<div><div><img src="/a.png" alt="Alex H"><div><a href="/authors/a"><span>Alex H</span></a><span> · </span><span>11 months ago</span></div></div><p>Wow! So slow.</p><div><button>Like</button><span>2</span><button>Reply</button></div></div><div><div><img src="/b.png" alt="Bea"><div><a href="/authors/b"><span>Bea @ Vocal</span></a><span> · </span><span>3 days ago</span></div></div><p>I read it 2 years ago</p><div><button>Like</button><button>Reply</button></div></div>',
    C2,
)
ck(
    "nest li",
    "<ul><li>Alex H 11 months ago<p>Wow! So slow.</p><ul><li>Bea @ Vocal 3 days ago<p>I read it 2 years ago</p></li></ul></li></ul>",
    CR,
)
ck(
    "nest wp",
    '<ol><li><article><footer><b>Alex H</b> <a href="#c1"><time>11 months ago</time></a></footer><p>Wow! So slow.</p></article><ol class="children"><li><article><footer><b>Bea @ Vocal</b> <a href="#c2"><time>3 days ago</time></a></footer><p>I read it 2 years ago</p></article></li></ol></li></ol>',
    CR,
)
ck(
    "nest article",
    "<article><h4>Alex H</h4><span>11 months ago</span><p>Wow! So slow.</p><article><h4>Bea @ Vocal</h4><span>3 days ago</span><p>I read it 2 years ago</p></article></article>",
    CR,
)
ck(
    "nest div",
    "<div><div><b>Alex H</b> <i>11 months ago</i></div><p>Wow! So slow.</p><div><div><div><b>Bea @ Vocal</b> <i>3 days ago</i></div><p>I read it 2 years ago</p></div></div></div>",
    CR,
)
ck(
    "nest div main",
    '<div class="comment"><div><div><b>Alex H</b> <i>11 months ago</i></div><p>Wow! So slow.</p></div><div class="replies"><div class="comment"><div><div><b>Bea @ Vocal</b> <i>3 days ago</i></div><p>I read it 2 years ago</p></div></div></div></div>',
    CR,
)
ck(
    "flat level",
    '<div aria-level="1"><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p></div><div aria-level="2"><b>Bea @ Vocal</b> <i>3 days ago</i><p>I read it 2 years ago</p></div>',
    CR,
)
ck(
    "flat parent",
    '<div id="c1"><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p></div><div id="c2" data-parent-id="c1"><b>Bea @ Vocal</b> <i>3 days ago</i><p>I read it 2 years ago</p></div>',
    CR,
)
ck(
    "flat indent",
    '<div style="margin-left:0px"><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p></div><div style="margin-left: 24px"><b>Bea @ Vocal</b> <i>3 days ago</i><p>I read it 2 years ago</p></div>',
    CR,
)
ck(
    "in reply to",
    '<div><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p></div><div><b>Bea @ Vocal</b> <i>3 days ago</i><div>In reply to <a href="#c1">Alex H</a></div><p>I read it 2 years ago</p></div>',
    CR,
)
ck(
    "flat siblings",
    "<h5>Alex H <small>11 months ago</small></h5><p>Wow! So slow.</p><h5>Bea @ Vocal <small>3 days ago</small></h5><p>I read it 2 years ago</p>",
    C2,
)
ck(
    "ul in ul",
    "<ul><li>Alex H <b>11 months ago</b><p>Wow! So slow.</p></li><ul><li>Bea @ Vocal <b>3 days ago</b><p>I read it 2 years ago</p></li></ul></ul>",
    CR,
)
ck(
    "removed",
    "<ul><li><b>Alex H</b> <i>11 months ago</i><p>This comment has been removed.</p></li><li><b>Bea @ Vocal</b> <i>3 days ago</i><p>I read it 2 years ago</p></li></ul>",
    [("Alex H", "", "11 months ago", None), C2[1]],
)
ck(
    "glued",
    '<ul><li><a href="/authors/a">Alex H</a><span>11 months ago</span><p>Wow! So slow.</p></li><li><a href="/authors/b">Bea @ Vocal</a><span>3 days ago</span><p>I read it 2 years ago</p></li></ul>',
    C2,
)
ck(
    "badge author",
    '<ul><li><a href="/authors/a">Alex H</a><span>Author</span><span>11 months ago</span><p>Wow! So slow.</p></li><li><a href="/authors/b">Bea @ Vocal</a><span>3 days ago</span><p>I read it 2 years ago</p></li></ul>',
    C2,
)
ck(
    "edited",
    "<ul><li><b>Alex H</b> <i>11 months ago</i> <i>(edited)</i><p>Wow! So slow.</p></li><li><b>Bea @ Vocal</b> <i>3 days ago</i><p>I read it 2 years ago</p></li></ul>",
    C2,
)
ck(
    "label count span",
    "<ul><li><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p></li><li><b>Bea @ Vocal</b> <i>3 days ago</i><p>I read it 2 years ago</p></li></ul>",
    C2,
    label="<div><h3>Comments</h3><span>(2)</span></div>",
)
ck(
    "label n comments",
    "<ul><li><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p></li><li><b>Bea @ Vocal</b> <i>3 days ago</i><p>I read it 2 years ago</p></li></ul>",
    C2,
    label="<h3>2 Comments</h3>",
)
ck(
    "rich body",
    "<ul><li><b>Alex H</b> <i>11 months ago</i><div><p>Wow!</p><p>Comments (5)</p><blockquote>About the Creator</blockquote><p>16</p></div></li></ul>",
    [("Alex H", "Wow!\n\nComments (5)\n\nAbout the Creator\n\n16", "11 months ago", None)],
    n=1,
)
check(
    "after comments junk",
    story(
        comments=com(
            '<ul><li><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p></li></ul><div><h3>Keep reading</h3><a href="/poets/x">X</a><p>By Z Published 2 days ago in Poets</p></div>',
            n=1,
        )
    ),
    **b(comments=C2[:1]),
)
check(
    "after comments junk2",
    story(
        comments=com(
            "<ul><li><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p></li></ul><form><p>Join our newsletter for great stories</p><input></form>",
            n=1,
        )
    ),
    **b(comments=C2[:1]),
)
check(
    "one comment then p",
    story(
        comments=com(
            "<ul><li><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p></li></ul><p>Join our newsletter for great stories</p>",
            n=1,
        )
    ),
    **b(comments=C2[:1]),
)
check(
    "pages",
    story(
        comments=com(
            '<ul><li><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p></li></ul><nav><a href="?page=1" aria-current="page">1</a><a href="?page=2">2</a><a href="?page=3">3</a><a href="?page=2">Next</a></nav>',
            n=21,
        )
    ),
    **b(
        comments=C2[:1],
        comment_count=21,
        comments_complete=False,
        pages=[URL + "?page=1", URL + "?page=2", URL + "?page=3"][1:],
    ),
)
check(
    "load more",
    story(
        comments=com(
            "<ul><li><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p></li></ul><button>Load more comments</button>",
            n=1,
        )
    ),
    **b(comments=C2[:1], comments_complete=False),
)
check("complete", story(), comments_complete=True)
check(
    "no comments",
    story(
        comments="<section><h3>Comments</h3><p>There are no comments for this story</p><p>Be the first to respond and start the conversation.</p><p>Sign in to comment</p></section>"
    ),
    **b(comments=[], comment_count=0, comments_complete=True),
)
# insights
TOLD = [
    ("rating", "Nice Work", "Very well written. Keep up the good work!", None),
    ("top_insight", "Eye opening", "Niche topic & fresh perspectives", 3),
]
for i, x in enumerate(
    [
        "<p>Nice Work</p><p>Very well written. Keep up the good work!</p><p>Top insights</p><ol><li><b>Eye opening</b> (3)<p>Niche topic &amp; fresh perspectives</p></li></ol>",
        "<div>Nice Work</div><div>Very well written. Keep up the good work!</div><h4>Top insight</h4><div><div>Eye opening <span>3</span></div><div>Niche topic &amp; fresh perspectives</div></div>",
        "<div>Very well written. Keep up the good work!</div><h4>Top insights</h4><ol><li><div><div>Eye opening</div><div>Niche topic &amp; fresh perspectives</div></div><div>3</div></li></ol>",
    ]
):
    check(
        f"insights{i}",
        story(
            insights=f"<section><h3>Reader insights</h3>{x}<a>How does it work?</a><button>Add your insights</button></section>"
        ),
        **b(insights=TOLD),
    )
# kinds
check(
    "wall",
    '<html><head><title>Sign in | Vocal</title></head><body><header><a href="/authors/x">a</a></header><h1>Sign in</h1><form><input type="email"><input type="password"><button>Sign in</button></form><p>Forgot password?</p><footer>© 2026 Creatd, Inc.</footer></body></html>',
    kind="login_wall",
)
check(
    "wall story",
    '<html><head><title>The Tide Clock | Poets</title><meta property="og:title" content="The Tide Clock"></head><body><h1>The Tide Clock</h1><div>Log in to continue reading</div><p>Sign in to Vocal to read this story.</p><a href="/signin">Sign in</a><a>Create an account</a><p>Forgot password?</p><footer>© 2026 Creatd, Inc.</footer></body></html>',
    kind="login_wall",
)
check(
    "wall with byline",
    story(
        body="",
        after="",
        about="",
        insights="",
        comments='<div><h2>Sign in to continue</h2><form><input type="email"><input type="password"></form></div>',
    ),
    kind="login_wall",
)
check(
    "404",
    '<html><head><title>404 | Vocal</title></head><body><h1>404</h1><p>This page could not be found.</p><a href="/latest-stories">Latest</a><footer>© 2026 Creatd, Inc.</footer></body></html>',
    kind="error",
)
check(
    "404b",
    '<html><head><title>Page not found</title></head><body><header><a href="/top-stories">Top</a></header><h1>Oops! Page not found</h1><p>The story you were looking for is gone.</p><h3>Keep reading</h3><a href="/poets/a">A</a><a href="/poets/b">B</a><a href="/poets/c">C</a><a href="/poets/d">D</a><footer>© 2026 Creatd, Inc.</footer></body></html>',
    kind="error",
)
check(
    "soft404 list",
    "<html><head><title>Poets | Vocal</title></head><body><h1>Poets</h1>"
    + "".join(
        f'<div><h2><a href="/poets/s{i}">S{i}</a></h2><p>By Ann Published {i + 2} days ago in Poets</p></div>'
        for i in range(5)
    )
    + "<footer>© 2026 Creatd, Inc.</footer></body></html>",
    kind="list",
)
check(
    "cf",
    "<html><head><title>Just a moment...</title></head><body><h1>vocal.media</h1><p>Checking your browser before accessing.</p></body></html>",
    kind="error",
)
check("slug domain", story(), **b(url="https://tides.example/the-tide-clock"))
check("local", story(), **b(url="http://127.0.0.1:8123/poets/the-tide-clock"))
check("nourl", story(), **b(url=None))
check(
    "quoted about",
    story(body=f"<p>{P1}</p><h3>About the Creator</h3><p>{P2}</p>"),
    **b(body_text=P1 + "\n\nAbout the Creator\n\n" + P2),
)
check(
    "quoted comments h",
    story(body=f"<p>{P1}</p><h3>Comments (3)</h3><p>{P2}</p>"),
    **b(body_text=P1 + "\n\nComments (3)\n\n" + P2),
)
check(
    "quoted insights h",
    story(body=f"<p>{P1}</p><h3>Reader insights</h3><p>{P2}</p>"),
    **b(body_text=P1 + "\n\nReader insights\n\n" + P2),
)
check(
    "quoted sign in",
    story(body=f"<p>{P1}</p><p>Sign in to comment</p><p>{P2}</p>"),
    **b(body_text=P1 + "\n\nSign in to comment\n\n" + P2),
)
check(
    "split containers",
    story(wrap="{}", body=f"<div><p>{P1}</p></div><div><img src='/i.jpg'></div><div><p>{P2}</p></div>"),
    **base,
)
check(
    "split3",
    story(
        wrap="{}",
        body=f"<section><p>{P1}</p></section><section><h2>Two</h2><p>{P2}</p></section><section><p>{P1}</p></section>",
    ),
    **b(body_text=P1 + "\n\nTwo\n\n" + P2 + "\n\n" + P1),
)
check(
    "glued tags",
    story(after="<div>startuptech newsfuture</div>"),
    **b(tags=["startup", "tech news", "future"]),
)
check(
    "tags li",
    story(
        after='<ul><li><a href="/poets/tag/ode">ode</a></li><li><a href="/poets/tag/family">family</a></li></ul>'
    ),
    **base,
)
check("no tags", story(after=""), **b(tags=[]))
check("es", story().replace('lang="en"', 'lang="es-MX"'), language="es-mx")
check(
    "noindex",
    story().replace("<head>", '<head><meta name="robots" content="noindex, NoArchive">'),
    robots=["noindex", "noarchive"],
)

# what a framework does before a person sees the page
_STREAMED = story(
    body='<!--$?--><template id="B:0"></template><p>Loading the story…</p><!--/$-->',
    comments='<!--$?--><template id="B:1"></template><div>Loading comments…</div><!--/$-->',
)
_LATE = f'<div hidden id="S:0"><div>{BODY}</div></div><div hidden id="S:1">{com("<ul><li>Alex H Mittelman 11 months ago<p>Wow! So slow! Great work</p></li></ul>", n=1)}</div>'
check("late parts", _STREAMED.replace("</body>", _LATE + "</body>"), **base)
check(
    "late parts by script",
    _STREAMED.replace(
        "</body>",
        f"{_LATE.replace('S:0', 'S:7')}<script>$RC(\"B:1\",\"S:1\")</script><script>$RC('B:0', 'S:7')</script>".replace(
            '<div hidden id="S:1">', '<div hidden id="S:1"><!-- S:0 -->'
        )
        + "</body>",
    ),
    **base,
)
check(
    "late part of a late part",
    _STREAMED.replace(
        "</body>",
        _LATE.replace(f"<p>{P2}</p>", '<template id="P:2"></template>', 1)
        + f'<div hidden id="S:2"><p>{P2}</p></div><script>$RS("S:2","P:2")</script></body>',
    ),
    **base,
)
check(
    "late parts behind prices", story(body=BODY.replace("<p>", "<p><!--" + "$1 " * 6_000 + "-->", 1)), **base
)
check(
    "late part without a place",
    _STREAMED.replace(
        "</body>", _LATE + '<div hidden id="S:9"><p>Lost</p></div><script>$RC("B:8","S:9")</script></body>'
    ),
    **base,
)
check(
    "late part with parts inside what it replaces",
    _STREAMED.replace(
        "<p>Loading the story…</p>",
        '<!--$?--><template id="B:5"></template><p>Loading a line…</p><!--/$--><!--$--><p>Soon</p><!--/$-->',
    ).replace("</body>", _LATE + "</body>"),
    **base,
)
check(
    "late part whose end was cut off",
    _STREAMED.replace("<p>Loading the story…</p><!--/$-->", "").replace("</body>", _LATE + "</body>"),
    **base,
)
check(
    "amp",
    story(
        logo='<amp-img src="/p.png" alt="Poets logo" width="40" height="40"></amp-img>',
        hero='<figure><amp-img src="/t.jpg" alt="A clock" width="900" height="600"><noscript><img src="/t.jpg"></noscript></amp-img></figure>',
        body=f'<p>{P1}</p><amp-youtube data-videoid="abcDEF12345"></amp-youtube><amp-ad type="x"><div>Advertisement</div></amp-ad><p>{P2}</p>',
    ),
    **b(
        hero=("https://vocal.media/t.jpg", "A clock", None, None),
        body_html=f'<p>{P1}</p><p><a href="https://www.youtube.com/watch?v=abcDEF12345">youtube.com</a></p><p>{P2}</p>',
    ),
)
_OWN = '<my-note><a slot="who">{}</a><time-ago>{}</time-ago><div slot="text"><p>{}</p></div>{}</my-note>'
check(
    "elements of its own",
    story(
        byline='<my-byline slot="byline"><span>By <a href="/authors/ida-moss">Ida Moss</a></span><span>Published 5 months ago</span><span>3 min read</span></my-byline><my-likes>16</my-likes>',
        wrap="<my-body>{}</my-body>",
        comments="<my-notes><h2>Comments (2)</h2><my-button>Sign in to comment</my-button>"
        + _OWN.format(
            "Alex H",
            "11 months ago",
            "Wow! So slow.",
            _OWN.format("Bea @ Vocal", "3 days ago", "I read it 2 years ago", ""),
        )
        + "</my-notes>",
    ),
    **b(comments=CR, comment_count=2, like_count=16),
)
check(
    "an element of its own in a line",
    story(
        byline='<div>By <a href="/authors/ida-moss">Ida Moss</a> Published <time-ago>5 months ago</time-ago> <span>3 min read</span></div>',
        body=f"<p>{P1[:20]}<my-word>{P1[20:30]}</my-word>{P1[30:]}</p><p>{P2}</p>",
    ),
    **base,
)
ck(
    "dl in dl",
    "<dl><dt>Alex H <small>11 months ago</small></dt><dd><p>Wow! So slow.</p><dl><dt>Bea @ Vocal <small>3 days ago</small></dt><dd><p>I read it 2 years ago</p></dd></dl></dd></dl>",
    CR,
)

# bylines
check(
    "standfirst that begins with by",
    story(
        head="<h1>The Tide Clock</h1><div>By all accounts a slow house</div>",
        byline='<div><span>By <a href="/authors/ida-moss">Ida Moss</a></span><span>Published 5 months ago</span><span> 3 min read</span></div>',
    ),
    **b(dek="By all accounts a slow house"),
)
check(
    "standfirst and name that begin with by",
    story(
        head="<h1>The Tide Clock</h1><p>By all accounts a slow house</p>",
        byline='<p>By <a href="/authors/by-ida">By Ida Moss</a></p><p>Published 5 months ago</p><p>3 min read</p>',
        about="",
    ),
    **b(dek="By all accounts a slow house", byline="By By Ida Moss", names=["By Ida Moss"], bio=None),
)
check(
    "old byline of a name that holds Published",
    story(
        head="<h1>The Tide Clock</h1>",
        byline='<p>by <a href="/authors/ida">Ida Published</a> 2 years ago in <a href="/poets/tag/ode">ode</a> / <a href="/poets/tag/family">family</a> · updated a year ago</p><h2>Notes from a slow house</h2>',
        about="",
    ),
    **b(
        byline="by Ida Published",
        names=["Ida Published"],
        published_text="2 years ago",
        modified_text="a year ago",
        reading_minutes=None,
        bio=None,
    ),
)
# insights and the author's block
_EASY = ("top_insight", "Easy to read and follow", "Well-structured & engaging content", None)
_TOLD = ("top_insight", "Excellent storytelling", "Original narrative & well developed characters", None)
_GREAT = ("rating", "Outstanding", "Excellent work. Looking forward to reading more!", None)
for _name, _list in {
    "broken lines": "<ol><li>Easy to read and follow<br>Well-structured &amp; engaging content</li><li>Excellent storytelling<br>Original narrative &amp; well developed characters</li></ol>",
    "terms": "<dl><dd><b>Easy to read and follow</b><br>Well-structured &amp; engaging content</dd><dd><b>Excellent storytelling</b><br>Original narrative &amp; well developed characters</dd></dl>",
    "numbers in the labels": "<div><div>1. Easy to read and follow</div><div>Well-structured &amp; engaging content</div></div><div><div>2. Excellent storytelling</div><div>Original narrative &amp; well developed characters</div></div>",
    "numbers in lines": "<div><span>1</span><div>Easy to read and follow</div><div>Well-structured &amp; engaging content</div></div><div><span>2</span><div>Excellent storytelling</div><div>Original narrative &amp; well developed characters</div></div>",
    "a newsletter after": "<ol><li><p>Easy to read and follow</p><p>Well-structured &amp; engaging content</p></li><li><p>Excellent storytelling</p><p>Original narrative &amp; well developed characters</p></li></ol><div><h4>Mail from the harbor</h4><p>Every Friday.</p></div>",
}.items():
    check(
        f"insights: {_name}",
        story(
            insights=f"<section><h3>Reader insights</h3><p>Excellent work. Looking forward to reading more!</p><h4>Top insights</h4>{_list}</section>"
        ),
        **b(insights=[_GREAT, _EASY, _TOLD]),
    )
_EMPTY = "<p>Be the first to share your insights about this piece.</p><p>How does it work?</p><button>Add your insights</button>"
for _name, _next in {
    "newsletter": "<h4>Get the harbor newsletter</h4><p>Every Friday.</p>",
    "teasers": '<p>Keep reading</p><p>More stories from Ida Moss.</p><div><a href="/poets/x"><h4>X</h4></a></div>',
}.items():
    check(
        f"no insights but {_name}",
        story(insights=f"<div><p>Reader insights</p>{_EMPTY}</div><div>{_next}</div>"),
        **b(insights=[]),
    )
check(
    "support in the author's block",
    story(about=f"<div><p>About the Creator</p><p>Ida Moss</p><p>Keeps time badly.</p>{SUP}</div>"),
    **base,
)
check(
    "a bio that asks for readers",
    story(
        about="<div><p>About the Creator</p><p>Ida Moss</p><p>Keeps time badly.</p><p>Subscribe to our newsletter</p></div>"
    ),
    **b(bio="Keeps time badly.\n\nSubscribe to our newsletter"),
)
# buttons, counts and adverts around a body, and what only looks like them
_SHORT = "Ferry gone. Kettle on."
check("like in a paragraph", story(byline=story.__defaults__[1] + "<p>Like</p>"), **base)
check(
    "like above a body of one sentence",
    story(
        byline=story.__defaults__[1] + "<p>Like</p>", hero='<figure><img src="/t.jpg"></figure>', body=_SHORT
    ),
    **b(body_text=_SHORT, hero=("https://vocal.media/t.jpg", None, None, None)),
)
check(
    "row of buttons under the body",
    story(after=story.__defaults__[4] + "<div><span>16</span><span>Share</span></div>"),
    **b(like_count=16),
)
check(
    "row of buttons and no tags",
    story(after="<div><span>16</span><span>Share</span></div>"),
    **b(tags=[], like_count=16),
)
check(
    "share buttons",
    story(after='<div><a href="https://x.example/">Share on Facebook</a><a href="#">Copy link</a></div>'),
    **b(tags=[]),
)
check("word tags and no tags", story(after="<div><span>Tags</span></div>"), **b(tags=[]))
for _advert in (
    "<div>Advertisement</div>",
    "<div><small>ADVERTISEMENT</small></div>",
    "<p>Advertisement</p>",
):
    check(f"advert {_advert}", story(body=f"<p>{P1}</p>{_advert}<p>{P2}</p>"), **base)
check(
    "chapter called 4",
    story(body=f"<h2>4</h2><p>{P1}</p><p>{P2}</p>"),
    **b(body_text=f"4\n\n{T}", like_count=None),
)
check(
    "poem set in a box under the hero",
    story(hero='<img src="/t.jpg" alt="A clock">', wrap="{}", body=f"<pre>One\nTwo</pre><p>{P1}</p>"),
    **b(body_text=f"One\nTwo\n\n{P1}", hero=("https://vocal.media/t.jpg", "A clock", None, None)),
)
check(
    "copy with the headline above the logo",
    story(
        logo='<h1>The Tide Clock</h1><div>Ida Moss</div><p><img src="/p.png" alt="Poets logo"></p>',
        head="<h2>Notes from a slow house</h2>",
    ),
    **base,
)
check(
    "hero saved beside the page",
    story(hero='<img src="./tide_files/t.jpg" srcset="https://img.example/t.jpg 900w" alt="A clock">'),
    **b(hero=("https://img.example/t.jpg", "A clock", None, None)),
)
# comments
ck(
    "initials",
    '<div><span aria-hidden="true">A</span><span>Alex H</span> · <span>11 months ago</span><div>Wow! So slow.</div></div><div><span>BV</span><span>Bea @ Vocal</span> · <span>3 days ago</span><span>Author</span><div>I read it 2 years ago</div></div>',
    C2,
)
ck(
    "note after the date",
    '<div><p class="m"><a href="/authors/a">Alex H</a> 11 months ago · <em>Author</em></p><p>Wow! So slow.</p></div><div><p class="m"><a href="/authors/b">Bea @ Vocal</a> 3 days ago</p><p>I read it 2 years ago</p></div>',
    C2,
)
ck(
    "counted toggle",
    '<div><div><b>Alex H</b> <i>11 months ago</i></div><div>Wow! So slow.</div><button>View replies (1)</button><div class="replies"><div><b>Bea @ Vocal</b> <i>3 days ago</i></div><div>I read it 2 years ago</div></div></div>',
    CR,
)
ck(
    "words of the page in a comment",
    "<div><div>Alex H</div><div>11 months ago</div><div>Wow! So slow.</div><div>Sign in to comment, they said.</div></div>",
    [("Alex H", "Wow! So slow.\n\nSign in to comment, they said.", "11 months ago", None)],
    n=1,
)
check(
    "next page of comments",
    story(
        comments=com(
            '<ul><li>Alex H 11 months ago<p>Wow! So slow.</p></li></ul><p><a href="?comments=2">Next page of comments</a></p>',
            n=9,
        )
    ),
    **b(comments=C2[:1], comment_count=9, pages=[URL + "?comments=2"], comments_complete=False),
)

# bodies and threads without boxes of their own
check(
    "box of paragraphs parted by empty lines",
    story(
        hero='<p><a href="/t.jpg"><img src="/t.jpg" alt="A clock"></a></p>',
        wrap="{}",
        body=f"<div>{P1}<br><br>{P2}<br><br></div>",
    ),
    **b(hero=("https://vocal.media/t.jpg", "A clock", None, None)),
)
check(
    "box of text and other blocks",
    story(
        hero='<p><img src="/t.jpg" alt="A clock"></p>',
        wrap="{}",
        body=f"<div>{P1}<h2>Two</h2>{P2}<br><br></div>",
    ),
    **b(body_text=f"{P1}\n\nTwo\n\n{P2}", hero=("https://vocal.media/t.jpg", "A clock", None, None)),
)
check(
    "embedded story in one link",
    story(
        body=f'<p>{P1}</p><section><a href="/poets/other"><strong>Other</strong><br><span>By Orla Reyes</span></a></section><p>{P2}</p>'
    ),
    **b(
        body_html=f'<p>{P1}</p><p><a href="https://vocal.media/poets/other">Other</a></p><p>{P2}</p>',
        body_text=f"{P1}\n\nOther\n\n{P2}",
    ),
)
check(
    "teasers under a paragraph that is never closed",
    story(
        body=f'<p>{P1}<aside><h4>You might also like</h4><ul><li><a href="/poets/x">X</a> By Sam</ul></aside><p>{P2}'
    ),
    **base,
)
check(
    "copy of a headline with a bar",
    story(
        logo='<h1>Ch. 4 | The Clock</h1><p><img src="/p.png" alt="Poets logo"></p>',
        head="<h2>Notes from a slow house</h2>",
    ).replace("<title>The Tide Clock |", "<title>Ch. 4 | The Clock |"),
    **b(headline="Ch. 4 | The Clock"),
)
_THREAD = '<div class="k"><div class="c"><p class="m">{} {}</p><div><p>{}</p></div></div>{}</div>'
_THREADS = [
    ("Alex H", "Wow! So slow.", "11 months ago", None),
    ("Cy Orr", "Slow is good.", "4 months ago", None),
    ("Bea @ Vocal", "I read it 2 years ago", "3 days ago", 1),
]
ck(
    "threads beside their label",
    _THREAD.format("Alex H", "11 months ago", "Wow! So slow.", "")
    + _THREAD.format(
        "Cy Orr",
        "4 months ago",
        "Slow is good.",
        '<div class="more">'
        + _THREAD.format("Bea @ Vocal", "3 days ago", "I read it 2 years ago", "")
        + "</div>",
    ),
    _THREADS,
    n=3,
)

# sections in cells, as in the oldest pages
_OLD = {
    "byline": '<tr><td>by <a href="/authors/ida-moss">Ida Moss</a> 5 months ago in <a href="/poets/tag/ode">ode</a> / <a href="/poets/tag/family">family</a></td></tr><tr><td><i>{}</i></td></tr>',
    "logo": '<table><tr><td><img src="/p.png" alt="Poets logo"></td></tr>',
    "head": "<tr><td><h1>The Tide Clock</h1></td></tr>",
    "wrap": "<tr><td>{}</td></tr>",
    "after": "",
    "about": '<tr><td><font><b>About the author</b><br><a href="/authors/ida-moss">Ida Moss</a><br>Keeps time badly.<br>See all posts by <a href="/authors/ida-moss">Ida Moss</a> →</font></td></tr></table>',
    "insights": "",
    "comments": "",
}
_CELLS = b(
    byline="by Ida Moss", comments=[], comment_count=None, reading_minutes=None, dek="Notes from a slow house"
)
check("cells", story(**{**_OLD, "byline": _OLD["byline"].format("Notes from a slow house")}), **_CELLS)
check(
    "cells and a standfirst without blanks",
    story(
        **{
            **_OLD,
            "byline": _OLD["byline"].format("港の小さな話"),
            "hero": '<tr><td><img src="/t.jpg" alt="A clock"></td></tr>',
        }
    ),
    **{**_CELLS, "dek": "港の小さな話", "hero": ("https://vocal.media/t.jpg", "A clock", None, None)},
)
check(
    "cells and a body with headings like labels",
    story(
        **{
            **_OLD,
            "byline": _OLD["byline"].format("Notes from a slow house"),
            "body": f"<h2>Reader insights</h2><p>{P1}</p><h2>About the Creator</h2><p>{P2}</p>",
        }
    ),
    **{**_CELLS, "body_text": f"Reader insights\n\n{P1}\n\nAbout the Creator\n\n{P2}", "insights": []},
)
check(
    "verses like labels",
    story(body=f"<p>The page said<br>Comments<br>and fell silent.</p><p>{P1}</p>"),
    **b(body_text=f"The page said\nComments\nand fell silent.\n\n{P1}"),
)

# words beside names, labels and comments
ck(
    "note beside a name above the date",
    '<div><div><strong>Alex H</strong> <span class="tag">Author</span><div><small>11 months ago</small></div></div><p>Wow! So slow.</p></div><div><div><strong>Bea @ Vocal</strong><div><small>3 days ago</small></div></div><p>I read it 2 years ago</p></div>',
    C2,
)
check(
    "more comments in a paragraph",
    story(
        comments=com(
            '<p><b>Alex H</b> · 11 months ago</p><p>Wow! So slow.</p><p><a href="?page=2">Load more comments</a></p>',
            n=9,
        )
    ),
    **b(comments=C2[:1], comment_count=9, pages=[URL + "?page=2"]),
)
check(
    "insights set apart by their looks",
    story(
        insights="<section><h3>Reader insights</h3><p>Excellent work. Looking forward to reading more!</p><h4>Top insights</h4><ul><li><b>Easy to read and follow</b><i>Well-structured &amp; engaging content</i></li></ul></section>"
    ),
    **b(insights=[_GREAT, _EASY]),
)
check(
    "hero with its caption above the headline",
    story(
        head='<figure><img src="/h.jpg" alt="A clock on a wall"><figcaption>my own kitchen, 1988</figcaption></figure><h1>The Tide Clock</h1><h2>Notes from a slow house</h2>'
    ),
    **b(hero=("https://vocal.media/h.jpg", "A clock on a wall", "my own kitchen, 1988", None)),
)

_GONE = {
    "id": "p1",
    "name": "The Tide Clock",
    "slug": "the-tide-clock",
    "publishedAt": "2026-06-10T08:00:00.000Z",
    "comments": [
        {
            "id": "c1",
            "author": {"name": "Alex H"},
            "body": "Wow! So slow.",
            "createdAt": "2026-07-01T08:00:00Z",
        },
        {"id": "c2", "author": {"name": "Cy Orr"}, "body": "This comment has been deleted", "parentId": "c1"},
    ],
}
check(
    "removed comment in a state",
    story(comments=com("", n=2)).replace(
        "</body>",
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": {"pageProps": {"post": _GONE}}})}</script></body>',
    ),
    **b(comments=[("Alex H", "Wow! So slow.", None, None), ("Cy Orr", "", None, 0)], comment_count=2),
)

# notices of the page with a body
for _access, _notice in {
    "members": "<h3>This story is for members only</h3><p>Become a member to keep reading this story.</p><button>Subscribe</button>",
    "paid": '<p>The rest of this story is available to paid subscribers.</p><a href="/login">Sign in</a>',
}.items():
    check(
        f"withheld: {_access}",
        story(body=f"<p>{P1}</p>", hero="", wrap="<div>{}</div>" + f"<div>{_notice}</div>"),
        **b(body_text=P1, access=_access),
    )
check("withheld by a mark", story(hero="<div>Members only</div>"), **b(access="members"))
check(
    "members of another kind",
    story(body=f"{BODY}<p>This story is for members of my family.</p>"),
    **b(body_text=f"{T}\n\nThis story is for members of my family.", access="free"),
)
check(
    "warning",
    story(
        hero="<div><p>Content Warning</p><p>This story may contain sensitive material or discuss topics that some readers may find distressing. Reader discretion is advised.</p><button>Continue</button></div>"
    ),
    **b(badges=["Content Warning"]),
)
# bylines as headings, links of the author, rows of links under a comment
check(
    "byline in a heading",
    story(
        byline='<h3>By <a href="/authors/ida-moss">Ida Moss</a>Published 5 months ago 3 min read</h3>',
    ),
    **base,
)
check(
    "standfirst in a heading that begins with by",
    story(head="<h1>By the Tide Clock</h1><h2>By a slow house</h2>"),
    **b(headline="By the Tide Clock", dek="By a slow house"),
)
check(
    "links of the author",
    story(
        about='<section><h3>About the Creator</h3><h4>Ida Moss</h4><p>Keeps time badly.</p><ul><li><a href="https://ida.example/">Website</a></li></ul></section>'
    ),
    **base,
)
check(
    "old pages of an author",
    story(
        about="<div><p>About the author</p><p>Ida Moss</p><p>Keeps time badly.</p><p>See all posts by Ida Moss →</p></div>"
    ),
    **base,
)
ck(
    "links under a comment",
    '<ul><li><b>Alex H</b> <i>11 months ago</i><p>Wow! So slow.</p><p><a href="#">Reply</a> · <a href="#">Like</a></p></li><li><b>Bea @ Vocal</b> <i>3 days ago</i><p>I read it 2 years ago</p><p>❤ 4</p></li></ul>',
    C2,
)
check(
    "insights with counts",
    story(
        insights="<section><h3>Reader insights</h3><h4>Top insights</h4><ol><li><span>Easy to read and follow</span><span>12</span><p>Well-structured &amp; engaging content</p></li></ol></section>"
    ),
    **b(insights=[(*_EASY[:3], 12)]),
)

check(
    "byline above the headline",
    story(
        logo='<img src="/p.png" alt="Poets logo"><div>By <a href="/authors/ida-moss">Ida Moss</a>Published 5 months ago 3 min read</div>',
        byline="",
        hero='<figure><img src="/h.jpg"></figure>',
    ),
    **b(hero=("https://vocal.media/h.jpg", None, None, None)),
)

check(
    "paragraphs as boxes under the hero",
    story(
        hero='<div><img src="/h.jpg"></div>',
        wrap="{}",
        body=f"<div>{P1} {P2}</div><h4>Two</h4><div>{P2}</div>",
    ),
    **b(body_text=f"{P1} {P2}\n\nTwo\n\n{P2}", hero=("https://vocal.media/h.jpg", None, None, None)),
)
check(
    "support in boxes under the author's block",
    story(
        about="<div><div>About the Creator</div><div>Ida Moss</div><div>Keeps time badly.</div></div><div><div>Enjoyed the story? Support the Creator.</div><p>Subscribe for free to receive all their stories in your feed. You could also pledge your support or give them a one-off tip, letting them know you appreciate their work.</p><button>Subscribe For Free</button></div>"
    ),
    **base,
)
check(
    "teasers in paragraphs after the last comment",
    story(
        comments=com("<ul><li>Alex H Mittelman 11 months ago<p>Wow! So slow! Great work</p></li></ul>", n=1)
        + '<div><p>Keep reading</p><p>More stories from Ida Moss and writers in Poets.</p><a href="/poets/x"><p>X</p></a></div>',
    ),
    **base,
)

check(
    "verses as boxes under the hero",
    story(
        hero='<div><img src="/h.jpg"></div>',
        wrap="{}",
        body="<div>The tide came in</div><div>without its shoes</div><div>and sat beside me.</div>",
    ),
    **b(
        body_text="The tide came in\n\nwithout its shoes\n\nand sat beside me.",
        hero=("https://vocal.media/h.jpg", None, None, None),
    ),
)

check(
    "player that waits for a click",
    story(body=f'<p>{P1}</p><lite-youtube videoid="abcDEF12345"></lite-youtube><p>{P2}</p>'),
    **b(
        body_html=f'<p>{P1}</p><p><a href="https://www.youtube.com/watch?v=abcDEF12345">youtube.com</a></p><p>{P2}</p>'
    ),
)


check(
    "caption in the picture's own box",
    story(
        wrap="{}",
        hero='<div><img src="https://x.example/k.jpg" alt="The Tide Clock"><p>My own kitchen, 1998</p></div>',
    ),
    **b(hero=("https://x.example/k.jpg", "The Tide Clock", "My own kitchen, 1998", None)),
)
check(
    "date between dots, without its word",
    story(
        byline='<p>By <a href="/authors/ida-moss">Ida Moss</a> · <time datetime="2026-06-18">5 months ago</time> · 3 min read</p>'
    ),
    **base,
)
check(
    "nobody named in the byline",
    story(byline="<p>Published 5 months ago 3 min read</p>", wrap="{}"),
    **b(byline=None),
)
check(
    "a page that broke off above its labels",
    story(byline="<p>By Ida Moss</p><p>Published 5 months ago</p><p>3 min read</p>").partition(P2)[0]
    + "<p>My aunt wou",
    **b(body_text=P1 + "\n\nMy aunt wou", tags=[], comments=[], comment_count=None, bio=None),
)


check(
    "community after the date",
    story(
        byline="<p>By Ida Moss</p><p>Published 5 months ago in <a href='/poets'>Poets</a></p><p>3 min read</p>"
    ),
    **base,
)
check(
    "a name below its word",
    story(
        byline="<p>By<br><a href='/authors/i'>Ida Moss</a></p><p>Published 5 months ago</p><p>3 min read</p>"
    ),
    **base,
)
check(
    "a headline of two lines",
    story(head="<h1>The<br>Tide Clock</h1><h2>Notes from a slow house</h2>"),
    **base,
)
check(
    "insights with colons",
    story(
        insights="<h2>Reader insights</h2><p>Nice work: Very well written. Keep up the good work!</p><p>Top insights</p><ul><li>Eye opening: Niche topic &amp; fresh perspectives</li></ul>"
    ),
    **b(
        insights=[
            ("rating", "Nice work", "Very well written. Keep up the good work!", None),
            ("top_insight", "Eye opening", "Niche topic & fresh perspectives", None),
        ]
    ),
)
for name, row, tags in (
    ("glued in a paragraph", "<p>startuptech newsfuture</p>", ["startup", "tech news", "future"]),
    ("two glued in a paragraph", "<p>nature poetryfamily</p>", ["nature poetry", "family"]),
    ("as a list", "<ul><li>startup</li><li>tech news</li></ul>", ["startup", "tech news"]),
    ("with signs", "<p><span>#Lamps</span> <span>#Fan Fiction</span></p>", ["Lamps", "Fan Fiction"]),
):
    check(f"tags {name}", story(wrap="{}", after=row), **b(tags=tags))
for last in ("lovesong", "nature poetry", "love", "startup, future"):
    check(
        f"last words: {last}",
        story(wrap="{}", after=f"<p>{last}</p>"),
        **b(tags=[], body_text=f"{T}\n\n{last}"),
    )
check(
    "a list of common words under its sentence",
    story(wrap="{}", after="<p>She left me three things:</p><ul><li>love</li><li>family</li></ul>"),
    **b(tags=[], body_text=f"{T}\n\nShe left me three things:\n\nlove\nfamily"),
)


def value_of(page: Page, name: str) -> Any:
    article = page.article
    place = {comment.platform_id: index for index, comment in enumerate(page.comments)}
    if name == "kind":
        return page.kind
    if name == "comments":
        return [
            (each.author_name, each.body_text, each.published_text, place.get(each.parent_id or ""))
            for each in page.comments
        ]
    if name == "pages":
        return list(page.links.comment_pages)
    if name == "bio":
        return page.authors[0].bio_text if page.authors else None
    if article is None:
        return f"no article but {page.kind}"
    if name == "names":
        return [author.name for author in article.authors]
    if name == "tags":
        return [tag.name for tag in article.tags]
    if name == "hero":
        hero = article.hero
        return hero and (hero.url, hero.alt, hero.caption, hero.credit)
    if name == "insights":
        return [(each.kind, each.label, each.explanation, each.count) for each in article.insights]
    return getattr(article, name)


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str) -> None:
    html, wanted = LAYOUTS[name]
    url = wanted.get("url", URL)
    page = read_page(html, url, seen_at=SEEN_AT)
    got = {key: value_of(page, key) for key in wanted if key != "url"}
    assert got == {key: value for key, value in wanted.items() if key != "url"}


def test_a_story_without_a_body_calls_a_person() -> None:
    with pytest.raises(PageLayoutChanged) as caught:
        read_page(story(body=""), URL, seen_at=SEEN_AT)
    assert caught.value.url == URL


def test_a_picture_that_only_a_page_without_scripts_shows_is_in_the_body() -> None:
    figure = '<figure><noscript><img src="https://x.example/s.jpg" alt="Stairs"></noscript><figcaption>The stairs</figcaption></figure>'
    page = read_page(story(body=f"<p>{P1}</p>{figure}<p>{P2}</p>"), URL, seen_at=SEEN_AT)
    assert page.article is not None
    assert '<img src="https://x.example/s.jpg" alt="Stairs">' in page.article.body_html


def test_an_article_in_a_list_of_others_says_nothing_of_the_page() -> None:
    other = {"@type": "Article", "headline": "Another", "datePublished": "2020-01-01"}
    told = json.dumps({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": other}]})
    page = read_page(
        story().replace("<head>", f'<head><script type="application/ld+json">{told}</script>'),
        URL,
        seen_at=SEEN_AT,
    )
    assert page.article is not None
    assert page.article.published_at is not None
    assert page.article.published_at.year == 2026


def test_a_header_may_name_utf_16_without_a_mark() -> None:
    headers = {"content-type": "text/html; charset=utf-16le"}
    page = read_page(story().encode("utf-16-le"), URL, seen_at=SEEN_AT, headers=headers)
    assert page.article is not None
    assert page.article.body_text == T
