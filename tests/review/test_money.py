from decimal import Decimal

from monitor.review.money import money_text, price, total


def test_money_is_rounded_once_after_it_is_added_up():
    one = price(0.2, {"rate": "90", "currency": "EUR"})
    assert money_text(one) == "€0.01"
    assert money_text(total([one] * 3)) == "€0.02", "not three cents"


def test_a_half_cent_goes_up():
    assert money_text({"EUR": Decimal("0.125")}) == "€0.13"


def test_currencies_are_not_mixed():
    amounts = [price(3600, {"rate": "95", "currency": code}) for code in ("EUR", "CHF", "EUR")]
    assert money_text(total(amounts)) == "CHF 95.00 + €190.00"


def test_without_a_rate_there_is_no_price():
    assert price(3600, {}) == {}
    assert price(3600, {"rate": "a lot"}) == {}
    assert money_text({}) == ""
