"""Understand a question (mail or chat) and answer it: rules and a small model must agree before the bot speaks."""

from core.assistant import answers, policy
from core.assistant.decision import Guess, Understanding, WhyNot, understand, warm_up

__all__ = ["Guess", "Understanding", "WhyNot", "answers", "policy", "understand", "warm_up"]
