"""Why a mail waits for a coordinator, as English msgids that the inbox shows in its reader's language."""

from core.assistant import WhyNot
from core.i18n import N_

WHY_NOT: dict[WhyNot, str] = {
    WhyNot.NOTHING_NEW: N_("There is nothing new in it."),
    WhyNot.FORWARDED: N_("It is a forwarded mail."),
    WhyNot.TOO_LONG: N_("It is too long to be sure."),
    WhyNot.NEVER_ALONE: N_("Only a person answers this kind of question."),
    WhyNot.NO_RULE: N_("The bot does not recognise the question."),
    WhyNot.SEVERAL_RULES: N_("The bot sees several questions in it."),
    WhyNot.MODEL_DISAGREES: N_("The bot hesitates between two kinds of question."),
    WhyNot.UNSURE: N_("The bot is not sure enough."),
    WhyNot.SECOND_WISH: N_("There is a second question in it."),
    WhyNot.FOR_A_PERSON: N_("It looks like something for a person."),
    WhyNot.VETO: N_("A word in it asks for a person's attention."),
}
NOT_ANSWERED_YET = N_("The bot does not answer this kind of question.")
SWITCHED_OFF = N_("The bot has not been switched on for this kind of question.")
LOOKS_ON = N_("The bot answered; a colleague looks on as well.")
ATTACHED = N_("There is an attachment to it.")
POSSIBLY_DOUBLE = N_("Possibly the same mail a second time.")
RUNNING_CONVERSATION = N_("It belongs to a conversation with a coordinator.")
QUARANTINED = N_("Reading it failed twice; it is kept apart, as it came.")
BOUNCE_UNPROVEN = N_("It says that a mail came back, but does not prove which.")
COMPLAINT = N_("Somebody marked a mail of ours as unwanted.")
SAME_ANSWER = N_("The sender had this answer in the last 24 hours.")
TOO_MANY_OF_SENDER = N_("The sender has had many automatic answers lately.")
DISTURBS = N_("The account that is asked about was written to often today; nothing more left to it.")
TOO_MANY_IN_ALL = N_("Many automatic answers left in the last hour; the bot pauses.")
