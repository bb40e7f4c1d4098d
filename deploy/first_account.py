"""`python -m deploy.first_account ADDRESS NAME`: the first account of the CNO team, with the role finance.

Its owner gets a mail with a link to choose a password, and invites the others on the page «Instellingen».
"""

import sys

from core import start
from core.db import write
from core.errors import DomainError
from core.i18n import say
from core.queries.team import team
from core.services.team import Colleague, invite
from core.vocabulary import Actor, ActorKind, CoordinatorRole

INSTALLER = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.FINANCE, name="")


def main(arguments: list[str]) -> int:
    """Invite the first colleague; 1 with a line that says why when that cannot be."""
    if len(arguments) != 2:
        sys.stderr.write(f"{__doc__}\n")
        return 1
    address, name = arguments
    start.check()
    try:
        with write() as db:
            if any(row.is_active and row.role is CoordinatorRole.FINANCE for row in team(db, INSTALLER)):
                sys.stderr.write("Er is al een account met de rol financiën: dat nodigt de anderen uit.\n")
                return 1
            invite(db, INSTALLER, address, Colleague(name, CoordinatorRole.FINANCE))
    except DomainError as refused:
        sys.stderr.write(f"{say(refused)}\n")
        return 1
    sys.stdout.write(f"Een mail met een link om een wachtwoord te kiezen vertrekt naar {address}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
