"""Which journeys share a platform: starting one takes longer than walking many a journey.

Within a group they run in the order of their names, in one process; none undoes what a later one needs.
"""

from pathlib import PurePath

from xdist.scheduler import LoadFileScheduling

GROUPS = (
    ("test_certificates", "test_material"),
    ("test_course_day", "test_questions", "test_team_reports", "test_team_today"),
    ("test_mailbox", "test_team_imports", "test_team_payments"),
    ("test_team_course", "test_team_people", "test_team_settings"),
)


def _group(file: str) -> tuple[str, ...]:
    path = PurePath(file)
    found = next((group for group in GROUPS if path.stem in group), (file,))
    return found if path.parent.name == "journeys" else (file,)


def group_of(file: str) -> str:
    """What the tests of a file share a process with."""
    return "+".join(_group(file))


def is_last(file: str) -> bool:
    """Whether no other file of its group comes after it."""
    return _group(file)[-1] in (file, PurePath(file).stem)


class Together(LoadFileScheduling):
    """A file of tests in one process, and the files of a group in the same."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(super()._split_scope(nodeid))
