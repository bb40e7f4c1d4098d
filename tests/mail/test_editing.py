"""What coordinators may write in a mail: only what the mail knows, at its place; nothing that runs, leaks or breaks."""

from dataclasses import replace

import pytest

from core.errors import DomainError
from core.i18n import say, speaking
from core.mail import editing
from core.mail.catalogue import ENTRIES, MEANINGS, NOT_EDITABLE, placeholders
from core.mail.editing import (
    CannotBeFilledIn,
    LinkMissing,
    MistypedPlaceholder,
    NotAllowedHere,
    NotUnderstood,
    SecretMisplaced,
    TextEmpty,
    TextTooLong,
    UnknownPlaceholder,
)
from core.mail.examples import example
from core.mail.html_check import HtmlNotClosed, HtmlRefused
from core.mail.html_of_text import html_of
from core.mail.rendering import code_draft, render_draft
from core.mail.routing import ROUTES, reason
from core.settings import settings
from core.vocabulary import Addressee, Language

CONFIRMED, PASSWORD = "enrolment-confirmed", "new-password"
EDITABLE = sorted(ENTRIES.keys() - NOT_EDITABLE)


def check(name: str, **texts: str) -> None:
    draft = replace(code_draft(name, Language.DUTCH), **texts)
    with speaking(Language.DUTCH):
        editing.check(name, Language.DUTCH, draft, settings().decisions, example())


def test_every_mail_has_a_name_a_moment_and_explained_placeholders() -> None:
    assert set(ENTRIES) == set(ROUTES), "core/mail/catalogue.py names every mail of the routing table"
    unknown = {name: placeholders(name) - MEANINGS.keys() for name in EDITABLE}
    assert {name: missing for name, missing in unknown.items() if missing} == {}
    assert set().union(*(placeholders(name) for name in EDITABLE)) <= example().keys() | {"to", "addition"}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", EDITABLE)
def test_the_codes_own_texts_may_be_edited_as_they_stand(name: str, language: Language) -> None:
    own = code_draft(name, language)
    with speaking(language):
        editing.check(name, language, own, settings().decisions, example())
        editing.check(name, language, replace(own, html=None), settings().decisions, example())


@pytest.mark.parametrize(
    ("text", "refusal", "place"),
    [
        ("Dag\n\nBij {{ persoon }} thuis", UnknownPlaceholder, (3, 8)),
        ("Dag {{ person_nam }}", MistypedPlaceholder, (1, 8)),
        ("{% if is_fre %}x{% endif %}", MistypedPlaceholder, (1, 7)),
        ("{% for d in days %}{{ d.date }}{% endfor %}\n{{ d.date }}", UnknownPlaceholder, (2, 4)),
        ("{{ own.payee_iban }}", NotAllowedHere, (1, 8)),
        ("{{ person_name.__class__ }}", NotAllowedHere, (1, 16)),
        ("{{ days[0].__init__ }}", NotAllowedHere, (1, 12)),
        ("{{ ''.join(names) }}", NotAllowedHere, (1, 7)),
        ("{{ names|attr('x') }}", NotAllowedHere, (1, 10)),
        ("{{ person_name * 999999 }}", NotAllowedHere, (1, 1)),
        ("{% for x in range(9) %}{% endfor %}", NotAllowedHere, (1, 13)),
        ("{% set x = 1 %}", NotAllowedHere, (1, 1)),
        ("{% include 'x' %}", NotAllowedHere, (1, 4)),
        ("{% extends 'x' %}", NotAllowedHere, (1, 4)),
        ("{% macro x() %}{% endmacro %}", NotAllowedHere, (1, 4)),
        ("{{ parts.button('x', 'y') }}", NotAllowedHere, (1, 10)),
        ("{{ url(**own) }}", NotAllowedHere, (1, 4)),
        ("a\n{{ person_name", NotUnderstood, (2, None)),
        ("{% if is_free %}", NotUnderstood, (1, None)),
        ("{% endblock %}{% block voet %}", NotUnderstood, (1, None)),
        ("{{ secret }}", SecretMisplaced, (1, 4)),
        ("a\n{{ days|euro }}", CannotBeFilledIn, (2, None)),
        (" \n", TextEmpty, (None, None)),
        ("x" * 10_001, TextTooLong, (None, None)),
    ],
)
def test_what_a_text_may_not_do_is_refused_with_its_line_and_place(
    text: str, refusal: type[DomainError], place: tuple[int | None, int | None]
) -> None:
    with pytest.raises(refusal) as refused:
        check(CONFIRMED, text=text)
    assert refused.value.field == "text"
    assert (refused.value.fields.get("line"), refused.value.fields.get("place")) == place
    with speaking(Language.DUTCH):
        assert "{" not in say(refused.value).replace("{{", "").replace("{%", "")


def test_a_mistyped_name_is_told_what_was_meant() -> None:
    with pytest.raises(MistypedPlaceholder) as refused:
        check(CONFIRMED, subject="Dag {{ cours_title }}")
    assert refused.value.field == "subject"
    assert refused.value.fields["likely"] == "course_title"


@pytest.mark.parametrize(
    ("texts", "refusal", "field"),
    [
        ({"text": "Uw wachtwoord staat klaar."}, LinkMissing, "text"),
        ({"text": "{{ url('ergens-anders', code=secret) }}"}, LinkMissing, "text"),
        ({"text": "{% if to == 'person' %}{{ url('nieuw-wachtwoord', code=secret) }}{% endif %}"}, LinkMissing, "text"),
        ({"html": "<p>Klik nergens.</p>"}, LinkMissing, "html"),
        ({"subject": "Code {{ secret }}"}, SecretMisplaced, "subject"),
        ({"subject": "{{ url('x', code=secret) }}"}, SecretMisplaced, "subject"),
        ({"text": "{{ secret|upper }} {{ url('nieuw-wachtwoord', code=secret) }}"}, SecretMisplaced, "text"),
    ],
)
def test_a_secret_link_stays_and_stays_secret(texts: dict[str, str], refusal: type[DomainError], field: str) -> None:
    with pytest.raises(refusal) as refused:
        check(PASSWORD, **texts)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("html", "refusal"),
    [
        ("<script>alert(1)</script>", HtmlRefused),
        ("<p onclick='x()'>a</p>", HtmlRefused),
        ("<img src='https://x.example/p.png'>", HtmlRefused),
        ("<a href='javascript:x()'>a</a>", HtmlRefused),
        ('<a href="{{ person_name }}">a</a>', HtmlRefused),
        ("<p style='background:url(x)'>a</p>", HtmlRefused),
        ("<!-- weg -->", HtmlRefused),
        ("<iframe></iframe>", HtmlRefused),
        ("<p>a", HtmlNotClosed),
        ("<p><strong>a</p></strong>", HtmlNotClosed),
        ("a</div>", HtmlNotClosed),
    ],
)
def test_html_that_runs_loads_or_does_not_close_is_refused(html: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal) as refused:
        check(CONFIRMED, html=f"<p>Dag</p>\n{html}")
    assert refused.value.field == "html"
    assert refused.value.fields["line"] == 2


def test_what_is_filled_in_is_escaped_and_the_closing_stays() -> None:
    draft = replace(
        code_draft(CONFIRMED, Language.DUTCH), text="Dag {{ person_name }}", html="<p>{{ person_name }}</p>"
    )
    facts = {**example(), "person_name": "<b>An</b>", "to": "person"}
    for each in (draft, replace(draft, html=None)):
        mail = render_draft(settings().decisions, each, Language.DUTCH, facts)
        assert "&lt;b&gt;An&lt;/b&gt;" in mail.html
        assert "<b>An" not in mail.html
        assert "Vriendelijke groet,\nHet CNO-team" in mail.text
        assert "Vriendelijke groet,<br>Het CNO-team" in mail.html


def test_html_made_from_text_has_the_shape_its_lines_suggest() -> None:
    html = html_of(
        "Dag <u>\nlees https://cno.example/x?a=1&b=2.\n\nCode:  A1\nPlaats: Gent\n\n- een\n- twee\n\nOpen:\nhttps://cno.example/y"
    )
    assert "<p>Dag &lt;u&gt;<br>lees <a href=" in html
    assert 'href="https://cno.example/x?a=1&amp;b=2"' in html
    assert html.count("<tr>") == 2
    assert "<ul><li>een</li><li>twee</li></ul>" in html
    assert 'href="https://cno.example/y" style=' in html


def test_what_the_requirements_promise_cannot_be_switched_off() -> None:
    promised = {
        ("colleagues-enrolled", Addressee.INSTITUTION): "R30",
        ("enrolment-confirmed", Addressee.INSTITUTION): "R30",
        ("debit-note", Addressee.PAYER): "R31",
        ("debit-note", Addressee.PERSON_COPY): "R32",
        ("colleague-enrolled", Addressee.PERSON): "R32",
    }
    for (name, addressee), requirement in promised.items():
        assert requirement in (reason(name, addressee) or "")
    for name, route in ROUTES.items():
        assert set(route.optional) <= set(route.to)
        assert not set(route.also) & set(route.to)
        if len(route.to) > 1:
            assert set(route.optional) != set(route.to), "somebody is told for certain"
        assert not (route.is_sensitive and route.also), name
        assert not (route.is_sensitive and route.optional) or name == "evaluation", "somebody waits for this link"
