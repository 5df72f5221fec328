"""Deliveries over HTTP, and to S3."""

import hmac
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import boto3
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pim.deliveries.kinds import TARGET_KINDS, try_connection
from pim.deliveries.s3 import signed_headers
from pim.deliveries.shipment import Way
from pim.errors import Conflict, Unavailable
from tests.deliveries.conftest import shipment, way_to
from tests.deliveries.servers import https_context

KEY = "whsec-canary"
BODY = b"<feed>" + b"x" * 200_000 + b"</feed>"


def http_way(server: HTTPServer, path: str = "/in", **others: str) -> Way:
    return way_to({"kind": "http", "url": server.url_for(path), **others}, KEY)


def send(way: Way) -> str:
    return TARGET_KINDS[way.target.kind].send(way, shipment(BODY))


def test_a_request_carries_the_file_its_id_and_a_signature(httpserver: HTTPServer) -> None:
    received: list[tuple[Request, bytes]] = []

    def take(request: Request) -> Response:
        received.append((request, request.get_data()))
        return Response("ticket 7", 202)

    httpserver.expect_request("/in", method="POST").respond_with_handler(take)
    assert "202" in send(http_way(httpserver))
    assert "ticket 7" in send(http_way(httpserver))
    (first, body), (second, _) = received
    assert body == BODY
    key = first.headers["Idempotency-Key"]
    assert key == first.headers["webhook-id"] == second.headers["Idempotency-Key"]
    assert key == shipment(BODY).key
    assert first.headers["Content-Type"] == "application/xml"
    signed = f"{key}.{first.headers['webhook-timestamp']}.".encode() + BODY
    digest = hmac.digest(KEY.encode(), signed, "sha256")
    assert first.headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"
    assert KEY not in str(first.headers)


@pytest.mark.parametrize(
    ("status", "passes"),
    [(400, False), (403, False), (409, False), (413, False), (429, True), (500, True), (503, True)],
)
def test_answers_that_refuse(httpserver: HTTPServer, status: int, passes: bool) -> None:
    httpserver.expect_request("/in").respond_with_data(f"no: {KEY}", status)
    with pytest.raises(Conflict) as caught:
        send(http_way(httpserver))
    assert isinstance(caught.value, Unavailable) is passes
    assert str(status) in str(caught.value)
    assert KEY not in str(caught.value)


def test_nothing_is_sent_where_a_server_sends_us_on(httpserver: HTTPServer) -> None:
    elsewhere: list[Request] = []
    httpserver.expect_request("/other").respond_with_handler(
        lambda request: elsewhere.append(request) or Response()  # type: ignore[func-returns-value]
    )
    onward = {"Location": httpserver.url_for("/other")}
    httpserver.expect_request("/in").respond_with_data("", 307, headers=onward)
    with pytest.raises(Conflict, match="sends us on"):
        send(http_way(httpserver))
    assert elsewhere == []


def test_a_long_answer_is_cut(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/in").respond_with_data("y" * 1_000_000, 200)
    assert len(send(http_way(httpserver))) <= 300


def test_a_connection_is_tried_without_a_file(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/in", method="HEAD").respond_with_data("", 405)
    assert "405" in str(try_connection(http_way(httpserver)).said)


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[HTTPServer, str]]:
    context, public = https_context(tmp_path / "https.pem")
    with HTTPServer(host="127.0.0.1", ssl_context=context) as server:
        server.expect_request("/in").respond_with_data("thanks")
        yield server, public


def test_a_certificate_of_the_targets_own(secure: tuple[HTTPServer, str]) -> None:
    server, public = secure
    assert "thanks" in send(http_way(server, certificate=public))
    with pytest.raises(Conflict, match="is not trusted"):
        send(http_way(server))


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[str]:
    server_module = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = server_module.ThreadedMotoServer(port=0)
    server.start()
    _, port = server.get_host_and_port()
    import urllib3

    assert urllib3.request("PUT", f"http://127.0.0.1:{port}/partner-bucket").status == 200
    yield f"http://127.0.0.1:{port}"
    server.stop()


def s3_way(endpoint: str, bucket: str = "partner-bucket") -> Way:
    place = {"endpoint": endpoint, "region": "eu-central-1", "bucket": bucket, "user": "AKIA1"}
    return way_to({"kind": "s3", **place, "folder": "in/é"}, KEY)


def test_an_object_arrives(s3: str) -> None:
    way = s3_way(s3)
    assert try_connection(way).works
    send(way)
    theirs = boto3.client(
        "s3",
        endpoint_url=s3,
        region_name="eu-central-1",
        aws_access_key_id="AKIA1",
        aws_secret_access_key=KEY,
    )
    found = theirs.get_object(Bucket="partner-bucket", Key="in/é/feed.xml")
    assert found["Body"].read() == BODY
    assert found["ContentType"] == "application/xml"
    listed = theirs.list_objects_v2(Bucket="partner-bucket")["Contents"]
    assert [one["Key"] for one in listed] == ["in/é/feed.xml"]


def test_a_bucket_that_is_not_there_is_said(s3: str) -> None:
    with pytest.raises(Conflict, match="NoSuchBucket") as caught:
        send(s3_way(s3, "no-such-bucket"))
    assert not isinstance(caught.value, Unavailable)


def test_requests_are_signed_as_aws_signs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "https://s3.eu-central-1.amazonaws.com/partner-bucket/in/%C3%A9/feed.xml"
    digest, moment = sha256(BODY).hexdigest(), datetime(2026, 11, 28, 9, 5, 7, tzinfo=UTC)
    ours = signed_headers(
        s3_way("https://s3.eu-central-1.amazonaws.com"), "PUT", url, digest, moment
    )
    theirs = AWSRequest("PUT", url, headers={"x-amz-content-sha256": digest})
    theirs.context["timestamp"] = ours["x-amz-date"]
    theirs.headers["X-Amz-Date"] = ours["x-amz-date"]
    signer = S3SigV4Auth(Credentials("AKIA1", KEY), "s3", "eu-central-1")
    named = signer.headers_to_sign(theirs)
    lines = ["PUT", "/partner-bucket/in/%C3%A9/feed.xml", "", signer.canonical_headers(named)]
    canonical = "\n".join([*lines, "", signer.signed_headers(named), digest])
    wanted = signer.signature(signer.string_to_sign(theirs, canonical), theirs)
    assert ours["authorization"].endswith(f"Signature={wanted}")
