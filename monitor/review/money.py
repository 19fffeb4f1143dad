"""What talk costs: decimal, and rounded only where it is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

CENT = Decimal("0.01")
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}

Money = Mapping[str, Decimal]
"""Amounts, not rounded, by currency (ISO 4217)."""


def price(seconds: float, settings: Mapping[str, Any]) -> dict[str, Decimal]:
    """What `seconds` cost at the rate in the settings of a call; empty if it has no rate."""
    try:
        rate = Decimal(str(settings["rate"]))
    except (KeyError, InvalidOperation):
        return {}
    return {str(settings.get("currency", "EUR")): rate * Decimal(str(seconds)) / 3600}


def total(amounts: Iterable[Money]) -> dict[str, Decimal]:
    """The sum for each currency."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for amount in amounts:
        for currency, value in amount.items():
            sums[currency] += value
    return dict(sums)


def rounded(value: Decimal) -> Decimal:
    """To the cent, halves up, as on an invoice."""
    return value.quantize(CENT, ROUND_HALF_UP)


def money_text(money: Money) -> str:
    """As `€84.50`; several currencies with a plus; empty for none."""
    return " + ".join(
        f"{SYMBOLS[code]}{rounded(value):,}" if code in SYMBOLS else f"{code} {rounded(value):,}"
        for code, value in sorted(money.items())
    )


def price_text(seconds: float, settings: Mapping[str, Any]) -> str:
    """What `seconds` cost at the rate of a call, as `€84.50`; empty if it has no rate."""
    return money_text(price(seconds, settings))
