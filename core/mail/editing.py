"""Checking what a coordinator writes in a mail: only what the mail knows may be filled in, and nothing else be done."""

import re
import traceback
from collections.abc import Iterator
from difflib import get_close_matches

from jinja2 import TemplateSyntaxError, nodes
from markupsafe import escape

from core.decided import Decisions
from core.errors import DomainError
from core.i18n import N_
from core.labels import label
from core.mail.catalogue import FURNITURE, MEANINGS, placeholders
from core.mail.html_check import check_html
from core.mail.rendering import code_draft, render_draft
from core.mail.routing import ROUTES
from core.mail.sandbox import FILTERS, PARTS, environment
from core.mail.versions import Draft
from core.vocabulary import Addressee, Language

LONGEST = {"subject": 200, "text": 10_000, "html": 20_000}  # characters
SECRET = "secret"  # noqa: S105 - the name of a placeholder


class TextRefused(DomainError):
    """A text of a mail that cannot be used; `field` is subject, text or html."""

    message = N_("This text cannot be used.")


class TextEmpty(TextRefused):
    """Nothing was written."""

    message = N_("Write a text here.")


class TextTooLong(TextRefused):
    """More than anybody reads."""

    message = N_("At most {most} characters.")


class UnknownPlaceholder(TextRefused):
    """A name that this mail does not know."""

    message = N_("Line {line}, character {place}: «{name}» does not exist in this mail.")


class MistypedPlaceholder(UnknownPlaceholder):
    """A name that this mail does not know, but it looks like one."""

    message = N_("Line {line}, character {place}: «{name}» does not exist in this mail. Did you mean «{likely}»?")


class NotAllowedHere(TextRefused):
    """Something that a mail's text may not do."""

    message = N_("Line {line}, character {place}: «{what}» is not possible in a mail.")


class NotUnderstood(TextRefused):
    """The braces do not fit together."""

    message = N_(
        "Line {line}: the braces do not fit together. Every {{{{ needs its }}}}, every {{% if … %}} its {{% endif %}}."
    )


class SecretMisplaced(TextRefused):
    """The secret outside the address of a link would be readable for others."""

    message = N_("Line {line}, character {place}: «secret» may only stand inside url(…), and never in the subject.")


class LinkMissing(TextRefused):
    """Without its link the mail is useless."""

    message = N_("The link must stay in this mail: {link}")


class CannotBeFilledIn(TextRefused):
    """Filling in the example failed."""

    message = N_("Line {line}: this cannot be filled in when the mail goes to {to}.")


def check(name: str, language: Language, draft: Draft, own: Decisions, example: dict[str, object]) -> None:
    """Refuse a draft that could break a mail or leak; each addressee's is filled in with the example.

    Raises a TextRefused, its `field` says which text.
    """
    for field, source in (("subject", draft.subject), ("text", draft.text), ("html", draft.html)):
        if source is None:
            continue
        if not source.strip():
            raise TextEmpty(field=field)
        if len(source) > LONGEST[field]:
            raise TextTooLong(field=field, most=LONGEST[field])
        _check_source(name, field, source)
    if draft.html is not None:
        check_html(draft.html)
    for addressee in (*ROUTES[name].to, *ROUTES[name].also):
        _fill_in(name, language, draft, own, {**example, "to": addressee.value})


def _check_source(name: str, field: str, source: str) -> None:
    try:
        tree = environment().parse(source)
    except TemplateSyntaxError as wrong:
        raise NotUnderstood(field=field, line=wrong.lineno) from wrong
    known = placeholders(name) | (FURNITURE if field == "html" else FURNITURE - {PARTS})
    _Check(field, source, known).visit(tree, frozenset())


_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Sub,
    nodes.Add,
    nodes.Concat,
    nodes.List,
    nodes.Tuple,
    nodes.Pair,
    nodes.Keyword,
)
_OWN = frozenset({"organiser_name", "organiser_parent", "organiser_street", "organiser_postcode", "organiser_city"})
_OWN |= {"organiser_kbo"}
_DAY = frozenset({"date", "from", "to", "room", "online_url"})
#: What the rows of an answer's lists hold: certificates, courses, material, notes, links.
_ROW = frozenset({"label", "url", "course_title", "course_code", "person_name", "last_day", "is_there", "from_day"})
_ROW |= {"dates", "place", "price", "places", "deadline", "target_group", "count", "number", "total", "due_on"}
_ROW |= {"amount", "is_partly_credited", "leaves_on", "first_day", "cancellation_cost", "free_until"}
_LOOP = frozenset({"last", "first", "index"})


class _Check:
    """Walks the tree of a text; whatever is not known to be harmless is refused."""

    def __init__(self, field: str, source: str, known: frozenset[str]) -> None:
        self.field, self.lines, self.known = field, source.splitlines() or [""], known

    def visit(self, node: nodes.Node, local: frozenset[str]) -> None:
        """One node and what is below it; `local` are the names of the loops around it."""
        match node:
            case nodes.Name():
                self._name(node, local)
            case nodes.For():
                self._loop(node, local)
                return
            case nodes.Call():
                self._call(node, local)
                return
            case nodes.Filter() if node.name not in {*FILTERS, "day", "euro"}:
                self._refuse(node, node.name)
            case nodes.Getattr() | nodes.Getitem():
                self._part(node)
            case nodes.Filter():
                pass
            case _ if not isinstance(node, _PLAIN):
                self._refuse(node, type(node).__name__.lower())
        for child in node.iter_child_nodes():
            self.visit(child, local)

    def _name(self, node: nodes.Name, local: frozenset[str]) -> None:
        if node.name == SECRET:
            raise SecretMisplaced(field=self.field, **self._at(node, SECRET))
        if node.name in self.known | local:
            return
        at = self._at(node, node.name)
        likely = get_close_matches(node.name, sorted((self.known | local) & MEANINGS.keys()), n=1, cutoff=0.6)
        if likely:
            raise MistypedPlaceholder(field=self.field, name=node.name, likely=likely[0], **at)
        raise UnknownPlaceholder(field=self.field, name=node.name, **at)

    def _loop(self, node: nodes.For, local: frozenset[str]) -> None:
        self.visit(node.iter, local)
        inside = local | {name.name for name in _targets(node.target)} | {"loop"}
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            self.visit(child, inside)

    def _call(self, node: nodes.Call, local: frozenset[str]) -> None:
        called = node.node
        if isinstance(called, nodes.Getattr) and called.attr == "splitlines" and not (node.args or node.kwargs):
            self.visit(called.node, local)  # a text line by line
            return
        is_url = isinstance(called, nodes.Name) and called.name == "url"
        is_part = (
            isinstance(called, nodes.Getattr)
            and isinstance(called.node, nodes.Name)
            and called.node.name == PARTS
            and called.attr in {"button", "facts"}
            and PARTS in self.known
        )
        if not (is_url or is_part) or node.dyn_args or node.dyn_kwargs:
            self._refuse(node, getattr(called, "name", getattr(called, "attr", "()")))
        for argument in (*node.args, *(keyword.value for keyword in node.kwargs)):
            is_secret = isinstance(argument, nodes.Name) and argument.name == SECRET
            if not (is_secret and is_url and SECRET in self.known and self.field != "subject"):
                self.visit(argument, local)

    def _part(self, node: nodes.Getattr | nodes.Getitem) -> None:
        """Only the parts of a course day, of a row, of the organiser's details and of a loop may be asked for."""
        if isinstance(node, nodes.Getattr):
            part = node.attr
        elif isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, int):
            return  # one of a list
        elif isinstance(node.arg, nodes.Const):
            part = str(node.arg.value)
        else:
            part = "[]"
        of = node.node.name if isinstance(node.node, nodes.Name) else ""
        allowed = _OWN if of == "own" else _LOOP if of == "loop" else _DAY | _ROW if of else frozenset()
        if part not in allowed:
            self._refuse(node, part)

    def _refuse(self, node: nodes.Node, what: str) -> None:
        raise NotAllowedHere(field=self.field, what=what, **self._at(node, what))

    def _at(self, node: nodes.Node, word: str) -> dict[str, object]:
        """The line and the character at which a word stands, both from 1 on."""
        line = self.lines[min(node.lineno, len(self.lines)) - 1]
        in_braces = re.search(rf"{{[{{%][^}}]*?\b({re.escape(word)})\b", line)
        return {"line": node.lineno, "place": (in_braces.start(1) if in_braces else max(0, line.find(word))) + 1}


def _targets(target: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(target, nodes.Name):
        yield target
    else:
        yield from target.find_all(nodes.Name)


def link_of(name: str, language: Language) -> str:
    """The secret link of a mail, as the code's own text writes it: `url("bevestigen", code=secret)`."""
    found = re.search(r"url\([^)]*\bsecret\b[^)]*\)", code_draft(name, language).text)
    return found[0] if found else ""


def _fill_in(name: str, language: Language, draft: Draft, own: Decisions, facts: dict[str, object]) -> None:
    """Fill in the example for one addressee, and look whether the secret link is there. Raises as :func:`check`."""
    try:
        filled = render_draft(own, draft, language, facts)
    except Exception as wrong:  # whatever a text may do wrong is the writer's to mend
        field, line = _where(wrong)
        raise CannotBeFilledIn(field=field, line=line, to=label(Addressee(str(facts["to"])))) from wrong
    if not ROUTES[name].is_sensitive:
        return
    link = link_of(name, language)
    address = environment().from_string(f"{{{{ {link} }}}}").render(facts)
    if address not in filled.text:
        raise LinkMissing(field="text", link=f"{{{{ {link} }}}}")
    if str(escape(address)) not in filled.html:
        raise LinkMissing(field="html", link=f"{{{{ {link} }}}}")


def _where(wrong: Exception) -> tuple[str, int | None]:
    """In which text, and on which of its lines, filling in failed."""
    fields = {"subject.txt": "subject", "body.txt": "text", "body.html": "html"}
    for frame in reversed(traceback.extract_tb(wrong.__traceback__)):
        if frame.filename in fields:
            return fields[frame.filename], frame.lineno
    return "text", None
