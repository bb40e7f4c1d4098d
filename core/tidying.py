"""What the clock throws away once nobody needs it: half uploads, removed files, answers of courses long over."""

from core import storage
from core.db import read, write
from core.services import material_uploads, question_answers
from core.vocabulary import CLOCK


def material() -> bool:
    """Uploads that stand still and files removed long ago: first their bytes, then their rows."""
    with read() as db:
        uploads, removed = material_uploads.stale(db)
    if not uploads and not removed:
        return False
    for key in uploads:
        material_uploads.forget_pieces(key)
    for _identity, key in removed:
        storage.remove(key)
    with write() as db:
        material_uploads.forget(db, uploads, tuple(identity for identity, _key in removed))
    return True


def answers(course_id: int) -> bool:
    """What participants of a course that is long over answered about food and needs."""
    with write() as db:
        return question_answers.clear(db, CLOCK, course_id) > 0
