"""A line of a roster explained, for reading at a terminal."""

from typing import Any

from onecard.cli.output import say
from onecard.values.money import yuan

__all__ = ["print_line"]


def print_line(told: dict[str, Any]) -> None:
    """Print the explanation of a line (`payouts.explanation`)."""
    say(f"{told['line']}  {told['state']}  {told['reason']}  {told['person'] or ''}")
    say(told["sentence"]["zh"])
    say(told["sentence"]["en"])
    for condition in told["conditions"]:
        say(f"  {'✓' if condition['held'] else '✕'} {condition['says']['zh']}  |  {condition['says']['en']}")
    for payer in told["money"]["payers"]:
        say(f"  {payer['fund']} bears {yuan(payer['amount'])}")
    account = told["account"]
    say(f"  {account['kind']} {account['bank']} …{account['tail']}" if account else "  没有登记账户 no account is registered")
    for event in told["events"]:
        say(f"  {event['at']}  {event['state']}  {event['code'] or ''}  {event['batch'] or ''}")
    say(f"  by {told['programme']} version {told['version']}: {told['basis']}")
