"""What the bot answers by itself: off, in shadow, on, and how sure it must be; with the curve to choose by."""

import streamlit as st

from core.db import Db, read
from core.i18n import _, day, ngettext, number, percentage
from core.labels import label
from core.queries import measuring
from core.queries.accounts import SignedIn
from core.queries.measuring import IntentRow, Measured
from core.rules.measuring import Outcome, Point, curve
from core.services import intents as services
from core.vocabulary import Actor, Intent, IntentMode
from pages.shared.feedback import attempt, refusal

_STEPS = tuple(range(0, 100, 5))
_APART = 0.06
_SPEC = {
    "layer": [
        {"mark": {"type": "line", "color": "#1d4f91"}},
        {"mark": {"type": "point", "filled": True, "size": 70, "color": "#1d4f91"}},
        {"mark": {"type": "text", "dy": -12, "fontSize": 12}, "encoding": {"text": {"field": "name"}}},
    ],
    "encoding": {"order": {"field": "threshold", "type": "quantitative"}},
}


def draw(signed_in: SignedIn) -> None:
    """The curve, then a row an intent."""
    with read() as db:
        rows = measuring.intents(db, signed_in.actor)
        sources = measuring.measured(db, signed_in.actor)
    st.caption(
        _(
            "In shadow the bot decides and writes but sends nothing: its answer is compared with yours. "
            "Switch on what agrees."
        )
    )
    _chart(sources)
    for row in rows:
        _row(row)


def _chart(sources: tuple[Measured, ...]) -> None:
    st.subheader(_("Answered against wrong"), anchor=False)
    if not sources:
        st.info(
            _(
                "Nothing has been compared yet: there are no answers in shadow, and nobody has run old mail "
                "through the bot."
            ),
            icon=":material/monitoring:",
        )
        return
    with st.container(horizontal=True):
        place = st.selectbox(
            _("Measured on"), range(len(sources)), format_func=lambda at: _named(sources[at]), key="curve_source"
        )
        source = sources[place]
        intent = st.selectbox(
            _("Kind of question"),
            list(source.seen),
            index=None,
            format_func=label,
            key="curve_intent",
            placeholder=_("All kinds of question"),
        )
    chosen = [intent] if intent is not None else list(source.seen)
    outcomes: list[Outcome] = [each for one in chosen for each in source.outcomes.get(one, ())]
    _curve(curve(outcomes, sum(source.seen.get(one, 0) for one in chosen)))


def _named(source: Measured) -> str:
    if source.at is None:
        return _("Answers in shadow")
    return _("Replay «{name}» of {day}").format(name=source.name, day=day(source.at.date()))


def _names(points: tuple[Point, ...]) -> list[str]:
    """What stands at the points: each fourth of the way, unless it would stand on top of the one before."""
    names, last = [], 2.0
    for point in points:
        share = round(point.threshold * 100)
        is_free = abs(point.answered - last) >= _APART
        names.append(f"{share} %" if share % 25 == 0 and is_free else "")
        last = point.answered if names[-1] else last
    return names


def _curve(points: tuple[Point, ...]) -> None:
    rows = [
        {
            "threshold": point.threshold,
            "name": name,
            "answered": round(point.answered * 100, 1),
            "wrong": round(point.wrong * 100, 1),
        }
        for point, name in zip(points, _names(points), strict=True)
    ]
    axes = {
        "x": {"field": "answered", "type": "quantitative", "title": _("answered by itself (%)")},
        "y": {"field": "wrong", "type": "quantitative", "title": _("of these wrong (%)")},
    }
    told = "; ".join(
        _("from {threshold}: {answered} answered, {wrong} wrong").format(
            threshold=percentage(point.threshold),
            answered=percentage(point.answered),
            wrong=percentage(point.wrong),
        )
        for point in points[::5]
    )
    spec = {**_SPEC, "encoding": {**_SPEC["encoding"], **axes}}  # type: ignore[dict-item]
    st.vega_lite_chart(rows, spec, height=280, alt=told)
    st.caption(_("At the points stands how sure the bot must at least be."))
    st.caption(told)


def _row(row: IntentRow) -> None:
    mode, threshold = f"mode_{row.intent}", f"threshold_{row.intent}"
    place = f"intent_{row.intent}"

    def switch(db: Db, actor: Actor) -> None:
        services.switch(db, actor, row.intent, st.session_state[mode])

    def ask(db: Db, actor: Actor) -> None:
        percent = st.session_state[threshold]
        services.require(db, actor, row.intent, percent / 100 if percent else None)

    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{label(row.intent)}**", width=330)
            st.segmented_control(
                label(row.intent),
                list(IntentMode),
                default=row.mode,
                required=True,
                format_func=label,
                key=mode,
                label_visibility="collapsed",
                on_change=attempt,
                args=(place, switch),
            )
            st.selectbox(
                _("Threshold"),
                _STEPS,
                index=_STEPS.index(min(_STEPS, key=lambda step: abs(step - (row.threshold or 0) * 100))),
                format_func=lambda step: _("As tested") if step == 0 else _("From {share} % on").format(share=step),
                key=threshold,
                label_visibility="collapsed",
                width=180,
                on_change=attempt,
                args=(place, ask),
            )
        st.caption(_counts(row))
        refusal(place)
        refusal(place, "threshold")


def _counts(row: IntentRow) -> str:
    told = [ngettext("{count} mail understood so", "{count} mails understood so", row.seen)]
    if row.shadowed:
        told.append(_("{count} answered in shadow").format(count=number(row.shadowed)))
    if row.compared:
        told.append(
            _("{agreed} of {compared} as a person did").format(agreed=number(row.agreed), compared=number(row.compared))
        )
    if row.intent is Intent.PERSONAL_DATA:
        told.append(_("only a receipt leaves; a person answers"))
    return " · ".join(told)
