"""A Tagger whose tuned encoder goes by keywords; see `stand_ins`."""

from __future__ import annotations

import pytest
import stand_ins

from miner.tagging.tagger import Tagger


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return stand_ins.tagger()
