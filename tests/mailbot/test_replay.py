"""Old mail run through the bot: nothing is sent, and decisions come from a label or from what was answered."""

import mailbox
from pathlib import Path

from core.assistant import answers
from core.vocabulary import Intent, Language, Verdict
from mailbot import replay
from tests.mailbot.conftest import a_mail


def test_old_mail_is_compared_with_what_people_decided(tmp_path: Path) -> None:
    with replay.throw_away() as db:
        draft = answers.draft(db, answers.Question("", Verdict.NONE, Language.DUTCH), Intent.NEW_PASSWORD)
    assert draft is not None
    box = mailbox.mbox(tmp_path / "oud.mbox")
    for raw in (
        a_mail(Message_ID="<1@school.example>"),
        a_mail(Message_ID="<2@school.example>", X_CNO_Intent="payment"),
        a_mail("Ik ben er niet.", Auto_Submitted="auto-replied"),
        a_mail(draft.text, "cno@cno.example", To="an@school.example", In_Reply_To="<1@school.example>"),
    ):
        box.add(raw)
    box.close()
    found = replay.replay(tmp_path / "oud.mbox")
    assert [(case.intent, case.would_answer, case.decided) for case in found.cases] == [
        (Intent.NEW_PASSWORD, True, Intent.NEW_PASSWORD),
        (Intent.NEW_PASSWORD, True, Intent.PAYMENT),
    ]
    told = "\n".join(replay.report(found))
    assert "people decided payment: Wachtwoord" in told
    assert "'ignore_automatic': 1" in told
    assert replay.main([str(tmp_path / "none.mbox")]) == 2
