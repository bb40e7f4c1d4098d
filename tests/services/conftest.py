"""What tests of the services share."""

from collections.abc import Iterable

import pytest

from core.documents.presses import Presses


@pytest.fixture
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes are issued and none is rendered, which is slow: nobody reads them here, and no mail about them leaves."""

    def issued_alone(_presses: Presses, work: Iterable[tuple[int, str]]) -> list[tuple[int, Exception]]:
        assert all(work)
        return []

    monkeypatch.setattr(Presses, "rendered", issued_alone)
