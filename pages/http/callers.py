"""Who sends a request: an account by the sign-in cookie, a teacher by that of the mailed link, or both at once."""

from dataclasses import dataclass

from starlette.requests import Request

from core.db import read
from core.queries import teacher_links
from core.vocabulary import Actor, Language, Role
from pages.http.session import signed_in

TEACHER_COOKIE = "cno_teacher"


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a request asks, and in which language it is answered."""

    actor: Actor
    language: Language


def callers(request: Request) -> tuple[Caller, ...]:
    """Everybody this browser speaks for, looked up afresh: the account first, then the teacher; often nobody."""
    visitor = signed_in(request)
    found = [Caller(visitor.actor, visitor.language)] if visitor is not None else []
    teacher = _teacher(request)
    return (*found, teacher) if teacher is not None else tuple(found)


def caller(request: Request) -> Caller | None:
    """Who asks for what is a teacher's work: a coordinator signed in, else a teacher, else whoever is signed in."""
    visitor = signed_in(request)
    teacher = None if visitor is not None and visitor.role is Role.COORDINATOR else _teacher(request)
    if teacher is None and visitor is not None:
        return Caller(visitor.actor, visitor.language)
    return teacher


def _teacher(request: Request) -> Caller | None:
    secret = request.cookies.get(TEACHER_COOKIE)
    if not secret:
        return None
    with read() as db:
        found = teacher_links.by_link(db, secret)
    return Caller(found.actor, Language.DUTCH) if found is not None else None
