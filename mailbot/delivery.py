"""Mail out: claim a row, say «committing» just before the final dot, and believe only what the relay answered.

Between the dot and the 250 nobody can know (RFC 1047): such a row stays `committing` until its lease ends, and the
archive then decides. Bytes are frozen, so every try sends the same mail.
"""

import logging
import re
import smtplib
import threading
import time
from datetime import timedelta

from core import clock
from core.db import write
from core.logs import cause
from core.mail import refusing
from core.settings import settings
from core.vocabulary import MailKind, OutgoingState
from mailbot import archive, health
from mailbot.claims import Claim, move, take, take_doubtful
from mailbot.mailbox import TROUBLE
from mailbot.relay import TROUBLE as RELAY_TROUBLE
from mailbot.relay import ArchiveRefused, LeaseLost, Relay, deliver, text_of
from mailbot.steps import reached

log = logging.getLogger(__name__)
RETRY_MINUTES = (1, 5, 15, 60)
MOST_ATTEMPTS = 75  # about three days
FAULTS_BEFORE_PAUSE = 5
#: Not about the mail but about us or the server: closing, sign in first, signing in failed (RFC 5321, RFC 4954).
OUR_FAULT = (421, 530, 535)
#: What says that the address itself is no good, not the mail or its sender (RFC 3463, RFC 7505).
_NO_SUCH_ADDRESS = re.compile(r"5\.(1\.(1|2|3|6|10)|2\.1)\b")
LONGEST_PAUSE_SECONDS = 900.0
TIDY_SECONDS = 10.0
DROP_SECONDS = 86_400.0


class Deliverer:
    """One worker: claims and delivers until told to stop. `wake` is set when something was queued in this process."""

    def __init__(self, worker: str, stop: threading.Event, wake: threading.Event) -> None:
        self._worker = worker
        self._stop = stop
        self.pause = stop.wait
        self._wake = wake
        self._relay = Relay()
        self._faults = 0
        self._pause_seconds = 60.0
        self._is_shown = True  # a pause that an earlier process left behind ends with the first mail
        self._tidy_at = self._drop_at = 0.0

    def run(self) -> None:
        """Deliver what is due, then wait for more."""
        while not self._stop.is_set():
            try:
                is_busy = self.step()
            except Exception:
                log.exception("delivery stumbled; it goes on in a second")
                self._stop.wait(1.0)
                continue
            if not is_busy:
                self._tidy()
                self._relay.close_idle()
                self._wake.wait(settings().outbox_poll_seconds)
                self._wake.clear()
        self.close()

    def close(self) -> None:
        """Let the connection to the relay go."""
        self._relay.close()

    def step(self) -> bool:
        """Deliver or check one mail; False when nothing was due or the relay cannot be reached."""
        doubtful = take_doubtful(self._worker)
        if doubtful is not None:
            return self._settle(doubtful)
        claim = take(self._worker)
        if claim is None:
            return False
        reached("claimed")
        return self._attempt(claim)

    def _attempt(self, claim: Claim) -> bool:
        try:
            smtp = self._relay.smtp()
        except RELAY_TROUBLE as trouble:
            self._back(claim, OutgoingState.CLAIMED)
            self._fault(trouble)
            return False
        committed = False

        def commit() -> bool:
            nonlocal committed
            lease = clock.now() + timedelta(seconds=settings().lease_committing_seconds)
            committed = move(
                claim,
                self._worker,
                OutgoingState.CLAIMED,
                OutgoingState.COMMITTING,
                lease_until=lease,
                dot_at=clock.now(),
            )
            return committed

        try:
            deliver(smtp, claim, commit)
        except smtplib.SMTPServerDisconnected as gone:
            return self._broken(claim, gone, committed=committed)
        except smtplib.SMTPResponseException as refused:
            if refused.smtp_code in OUR_FAULT:
                return self._broken(claim, refused, committed=committed)
            self._relay.close()
            self._refused(claim, refused, OutgoingState.COMMITTING if committed else OutgoingState.CLAIMED)
            return True
        except (ArchiveRefused, LeaseLost, *RELAY_TROUBLE) as trouble:
            return self._broken(claim, trouble, committed=committed)
        self._sent(claim, OutgoingState.COMMITTING)
        self._recovered()
        return True

    def _broken(self, claim: Claim, trouble: Exception, *, committed: bool) -> bool:
        """The connection broke: before «committing» the mail simply waits again, after it nobody knows yet."""
        self._relay.close()
        if not committed:
            self._back(claim, OutgoingState.CLAIMED)
        if isinstance(trouble, ArchiveRefused):
            log.error("the relay refuses the archive address, mail waits")
            self._faults = FAULTS_BEFORE_PAUSE - 1
        if not isinstance(trouble, LeaseLost):
            self._fault(trouble)
        return False

    def _sent(self, claim: Claim, start: OutgoingState) -> None:
        move(claim, self._worker, start, OutgoingState.SENT, sent_at=clock.now(), code=250, error="")
        reached("sent")
        log.info("mail sent", extra={"mail": claim.id, "attempts": claim.attempts + 1})

    def _back(self, claim: Claim, start: OutgoingState) -> None:
        move(claim, self._worker, start, OutgoingState.PENDING)

    def _refused(self, claim: Claim, refused: smtplib.SMTPResponseException, start: OutgoingState) -> None:
        """4xx: later again, three days at most; 5xx: a coordinator has to look, and a dead address is marked."""
        error = f"{refused.smtp_code} {text_of(refused.smtp_error)}"[:500]
        attempts = claim.attempts + 1
        if 400 <= refused.smtp_code < 500 and attempts < MOST_ATTEMPTS:
            wait = RETRY_MINUTES[min(attempts, len(RETRY_MINUTES)) - 1]
            values: dict[str, object] = {"not_before": clock.now() + timedelta(minutes=wait)}
            to = OutgoingState.PENDING
        else:
            values, to = {}, OutgoingState.FAILED
        is_ours = move(claim, self._worker, start, to, attempts=attempts, code=refused.smtp_code, error=error, **values)
        if is_ours and to is OutgoingState.FAILED and _NO_SUCH_ADDRESS.search(error):
            with write() as db:
                refusing.mark(db, claim.recipient)
        log.warning("mail refused", extra={"mail": claim.id, "code": refused.smtp_code, "state": to.value})

    def _settle(self, claim: Claim) -> bool:
        """What became of a mail whose dot got no answer: the archive knows, else a coordinator has to look."""
        if not settings().archive_address:
            is_harmless = claim.kind in (MailKind.ANSWER, MailKind.NOTICE)
            to = OutgoingState.PENDING if is_harmless else OutgoingState.UNCERTAIN
            return move(claim, self._worker, OutgoingState.CHECKING, to)
        try:
            is_there = archive.has_copy(claim.mid)
        except TROUBLE as trouble:
            log.warning("the archive cannot be read", extra={"cause": cause(trouble)})
            self._wait_with(claim, settings().archive_settles_seconds)
            return False
        if is_there:
            self._sent(claim, OutgoingState.CHECKING)
        elif claim.since_dot.total_seconds() >= settings().archive_settles_seconds:
            self._back(claim, OutgoingState.CHECKING)
        else:
            self._wait_with(claim, settings().archive_settles_seconds - claim.since_dot.total_seconds())
        return True

    def _wait_with(self, claim: Claim, seconds: float) -> None:
        until = clock.now() + timedelta(seconds=max(0.2, min(seconds, 60.0)))
        move(claim, self._worker, OutgoingState.CHECKING, OutgoingState.CHECKING, lease_until=until)

    def _fault(self, trouble: BaseException) -> None:
        """After five faults of the connection the queue pauses 1 → 15 minutes."""
        self._faults += 1
        log.warning("the relay cannot be used", extra={"cause": cause(trouble), "faults": self._faults})
        if self._faults < FAULTS_BEFORE_PAUSE:
            self.pause(1.0)
            return
        health.paused(clock.now() + timedelta(seconds=self._pause_seconds))
        self._is_shown = True
        self.pause(self._pause_seconds)
        self._pause_seconds = min(self._pause_seconds * 2, LONGEST_PAUSE_SECONDS)

    def _recovered(self) -> None:
        """A mail was accepted: the next fault is the first again."""
        self._faults, self._pause_seconds = 0, 60.0
        if self._is_shown:
            health.resumed()
            self._is_shown = False

    def _tidy(self) -> None:
        """Blank sent secrets and drop old copies, now and then; what fails is tried again."""
        now = time.monotonic()
        try:
            if now >= self._tidy_at:
                self._tidy_at = now + TIDY_SECONDS
                archive.tidy()
            if now >= self._drop_at:
                self._drop_at = now + DROP_SECONDS
                archive.drop_old()
        except TROUBLE as trouble:
            log.warning("the archive cannot be tidied", extra={"cause": cause(trouble)})
