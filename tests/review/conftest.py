import pytest

from monitor.sessions.store import Session
from tests.review.example_call import CUES, DECISIONS, INFO


@pytest.fixture
def session() -> Session:
    return Session(INFO, DECISIONS, CUES)
