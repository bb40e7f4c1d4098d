"""«Omzet» and «Openstaand» in words."""

from core.documents.reports import Good, Measure, Metric, Report, Table
from core.documents.sheets import Column
from core.i18n import _, day
from core.queries.reports.money import OpenNumbers, TurnoverNumbers
from core.queries.reports.words import groups, heading, step_names, timeline
from core.rules import ageing

_EURO = Measure.EURO


def turnover_told(found: TurnoverNumbers) -> Report:
    """What was billed less what was credited."""
    now, before = found.totals.now, found.totals.before
    chart, _plain = timeline(_("Turnover"), found.net, _EURO)
    payers = [
        (_("Institutions"), now.by_school, before.by_school),
        (_("Participants themselves"), now.by_person, before.by_person),
    ]
    by_payer, payer_table = groups(_("Turnover by payer"), _("Payer"), payers, _EURO)
    return Report(
        _("Turnover"),
        (
            Metric(_("Turnover"), now.net, before.net, _EURO),
            Metric(_("Billed"), now.issued, before.issued, _EURO),
            Metric(_("Credited"), now.credited, before.credited, _EURO, Good.LESS),
            Metric(_("Debit notes"), now.debit_notes, before.debit_notes),
            Metric(_("Credit notes"), now.credit_notes, before.credit_notes, good=Good.LESS),
        ),
        (chart, by_payer),
        (_by_time(found), payer_table),
        (_("Turnover is what was billed less what was credited, on the day the note was issued."),),
    )


def _by_time(found: TurnoverNumbers) -> Table:
    issued, credited, net = found.issued, found.credited, found.net
    columns = (
        Column(heading(issued.step)),
        Column(_("Billed"), "euro"),
        Column(_("Credited"), "euro"),
        Column(_("Turnover"), "euro"),
        Column(_("A year before"), "euro"),
    )
    names = step_names(issued.step, issued.spans)
    rows = list(zip(names, issued.now, credited.now, net.now, net.before, strict=True))
    rows.append((_("Total"), issued.total.now, credited.total.now, net.total.now, net.total.before))
    return Table(_("Turnover over time"), columns, tuple(rows))


def open_told(found: OpenNumbers) -> Report:
    """What is open, by how long it is overdue, and of whom."""
    now, before = found.totals.now, found.totals.before
    ages, age_table = groups(
        _("Open, by days overdue"),
        _("Days overdue"),
        list(zip(ageing.names(), now.ages, before.ages, strict=True)),
        _EURO,
    )
    debtors = (
        Column(_("Institution")),
        Column(_("Town")),
        Column(_("Debit notes"), "number"),
        Column(_("Open"), "euro"),
    )
    rows = tuple((debtor.name, debtor.city, debtor.debit_notes, debtor.total) for debtor in found.debtors)
    return Report(
        _("Open amounts"),
        (
            Metric(_("Open"), now.total, before.total, _EURO, Good.LESS),
            Metric(_("Of which overdue"), now.overdue, before.overdue, _EURO, Good.LESS),
            Metric(_("Billed"), now.issued, before.issued, _EURO),
            Metric(_("Credited since"), now.credited, before.credited, _EURO, Good.LESS),
            Metric(_("Paid, of imported notes"), now.paid, before.paid, _EURO),
            Metric(_("Debit notes"), now.debit_notes, before.debit_notes),
        ),
        (ages,),
        (age_table, Table(_("Institutions with the most open"), debtors, rows)),
        (
            _("Of the debit notes of this period, as it stands on {day}; a year before, on that day.").format(
                day=day(found.on)
            ),
            _("Of payments only those of imported notes are known: open is billed less credited and paid."),
        ),
    )
