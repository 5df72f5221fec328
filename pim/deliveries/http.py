"""Deliveries by an HTTP request, signed as Standard Webhooks has it
(https://github.com/standard-webhooks/standard-webhooks): ``webhook-id``, ``webhook-timestamp`` and
``webhook-signature``, so that the receiver knows who sent it, and that it came whole.
"""

import hmac
import time
from base64 import b64encode
from hashlib import sha256

from pim.deliveries.shipment import Shipment, Way
from pim.deliveries.web_request import demand_taken, request
from pim.errors import Text, text


def send(way: Way, shipment: Shipment) -> str:
    moment = int(time.time())
    headers = {
        "Content-Type": shipment.media_type,
        "Content-Length": str(shipment.size),
        "Content-Disposition": f'attachment; filename="{shipment.name}"',
        "Idempotency-Key": shipment.key,
        "webhook-id": shipment.key,
        "webhook-timestamp": str(moment),
        "webhook-signature": _signature(way, shipment, moment),
    }
    with shipment.reading(way.egress.longest) as file:
        answer = request(way, way.target.method, way.target.url, headers, file)
    demand_taken(way, answer)
    return way.told(answer.said)


def test(way: Way) -> Text:
    """Asks for nothing but the head of an answer: what a receiver does with a file is not tried."""
    answer = request(way, "HEAD", way.target.url, {})
    return text(
        "The server can be reached; it answers %(status)s to a request without a file.",
        status=answer.status,
    )


def _signature(way: Way, shipment: Shipment, moment: int) -> str:
    """``v1,`` and the HMAC-SHA256 of id, moment and body, with dots between."""
    signing = hmac.new(way.secret.encode(), f"{shipment.key}.{moment}.".encode(), sha256)
    with shipment.reading(way.egress.longest) as file:
        for piece in file.pieces():
            signing.update(piece)
    return f"v1,{b64encode(signing.digest()).decode()}"
