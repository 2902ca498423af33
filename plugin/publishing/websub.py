"""WebSub: tell a hub that feeds have something new, so that subscribers need not ask."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import httpx

from plugin.errors import OutletRejected, OutletUnavailable

WAITS = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=15))
"""Between two tries."""

TIMEOUT = timedelta(seconds=10)


def _wait(span: timedelta) -> None:
    time.sleep(span.total_seconds())


def ping_hub(
    hub_url: str,
    topic_urls: Sequence[str],
    *,
    client: httpx.Client | None = None,
    wait: Callable[[timedelta], None] = _wait,
) -> None:
    """Tell a hub which feeds have something new; tried again while the hub is out of reach.

    Args:
        hub_url: Of the hub.
        topic_urls: Public addresses of the feeds, as their self links say.
        client: Makes the requests; None: one of its own.
        wait: Sleeps between two tries.

    Raises:
        OutletRejected: The hub refused (4xx): trying again will not help.
        OutletUnavailable: It could not be reached, or failed, at every try.

    Source:
        WebSub, section 7: "publisher and hub agree on a mechanism"; this is the one of PubSubHubbub 0.4 that
        public hubs share: ``hub.mode=publish`` with ``hub.url`` for each topic.
    """
    if client is None:
        with httpx.Client(timeout=TIMEOUT.total_seconds(), follow_redirects=True) as own:
            ping_hub(hub_url, topic_urls, client=own, wait=wait)
        return
    problem = ""
    for span in (*WAITS, None):
        try:
            response = client.post(hub_url, data={"hub.mode": "publish", "hub.url": list(topic_urls)})
        except httpx.HTTPError as error:
            problem = str(error) or type(error).__name__
        else:
            if response.is_success:
                return
            problem = f"it answered {response.status_code}"
            if response.is_client_error and response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                raise OutletRejected(f"the hub refused ({problem})", hub_url)
        if span is not None:
            wait(span)
    raise OutletUnavailable(f"the hub can't be reached ({problem})", hub_url)
