"""Deliveries to S3 and what speaks like it: one signed PUT. There an object appears whole or not at
all, and the server refuses one whose hash is another than was signed.

The signature is AWS's version 4, for the one request that is needed: a client that brings its own
connections would go past :mod:`pim.deliveries.egress`.
"""

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote, urlsplit

from pim.deliveries.answers import not_signed_in
from pim.deliveries.shipment import Shipment, WatchedFile, Way
from pim.deliveries.web_request import WebAnswer, demand_taken, request
from pim.errors import Text, text

_NOTHING = sha256().hexdigest()
TRIAL = ".etalage-test"
"""The object that a test of the connection writes, and removes."""


def send(way: Way, shipment: Shipment) -> str:
    headers = {"Content-Type": shipment.media_type, "Content-Length": str(shipment.size)}
    with shipment.reading(way.egress.longest) as file:
        answer = _ask(way, "PUT", shipment.name, headers, shipment.sha256, file)
    _demand_taken(way, answer)
    return way.told(answer.said)


def test(way: Way) -> Text:
    _demand_taken(way, _ask(way, "PUT", TRIAL, {"Content-Length": "0"}, _NOTHING))
    _ask(way, "DELETE", TRIAL, {}, _NOTHING)
    return text("“%(bucket)s” can be written.", bucket=way.target.bucket)


def _ask(
    way: Way,
    method: str,
    name: str,
    headers: dict[str, str],
    digest: str,
    body: WatchedFile | bytes = b"",
) -> WebAnswer:
    target = way.target
    endpoint = (target.endpoint or f"https://s3.{target.region}.amazonaws.com").rstrip("/")
    key = "/".join(filter(None, [target.folder.strip("/"), name]))
    url = f"{endpoint}/{target.bucket}/{quote(key, safe='/-_.~')}"
    signed = signed_headers(way, method, url, digest, datetime.now(UTC))
    return request(way, method, url, headers | signed, body)


def _demand_taken(way: Way, answer: WebAnswer) -> None:
    if answer.status in (401, 403):
        raise not_signed_in(way, answer.said)
    demand_taken(way, answer)


def signed_headers(
    way: Way, method: str, url: str, digest: str, moment: datetime
) -> dict[str, str]:
    """What makes a request without a query the user's own. ``digest``: the SHA-256 of its body."""
    parts = urlsplit(url)
    stamp = f"{moment:%Y%m%dT%H%M%SZ}"
    headers = {"host": parts.netloc, "x-amz-content-sha256": digest, "x-amz-date": stamp}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = "\n".join([method, parts.path, "", lines, names, digest])
    scope = f"{moment:%Y%m%d}/{way.target.region}/s3/aws4_request"
    what = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{way.secret}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.new(key, what.encode(), sha256).hexdigest()
    who = f"{way.target.user}/{scope}"
    return headers | {
        "authorization": f"AWS4-HMAC-SHA256 Credential={who}, SignedHeaders={names},"
        f" Signature={signature}"
    }
