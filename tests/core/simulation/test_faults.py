import gzip

import orjson
import pytest

from core.simulation.faults import Fault, compressed


def test_compressed_is_gzip() -> None:
    assert gzip.decompress(compressed(b"[1,2,3]" * 500)) == b"[1,2,3]" * 500


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (Fault(status=500), 500, b"Service Unavailable"),
        (Fault(body=b"{"), 200, b"{"),
        (Fault(status=429, body=b"slow down"), 429, b"slow down"),
    ],
)
def test_a_fault_answers_in_place_of_the_feed(fault: Fault, status: int, body: bytes) -> None:
    assert fault.replaces_answer
    assert fault.answer() == (status, body)


def test_a_fault_with_an_error_code_has_the_feeds_body() -> None:
    status, body = Fault(status=401, error_code="DEACTIVATED_KEY", message="API key is deactivated").answer()
    assert status == 401
    assert orjson.loads(body)["message"] == "API key is deactivated"
    assert orjson.loads(body)["error_code"] == "DEACTIVATED_KEY"


@pytest.mark.parametrize(
    ("fault", "is_charged"),
    [
        pytest.param(Fault(body=b"{"), True, id="an odd body"),
        pytest.param(Fault(reset=True), True, id="half a body"),
        pytest.param(Fault(delay=1), True, id="an answer that is late"),
        pytest.param(Fault(status=500), False, id="a fault of the feed"),
        pytest.param(Fault(error_code="INVALID_REGION"), False, id="a refusal"),
    ],
)
def test_what_is_answered_with_200_is_charged(fault: Fault, is_charged: bool) -> None:
    assert fault.is_charged == is_charged


def test_a_delay_alone_leaves_the_answer() -> None:
    assert not Fault(delay=0.1).replaces_answer
