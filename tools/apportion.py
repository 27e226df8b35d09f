"""Apportioning: whole amounts shared out so that nothing is lost to rounding."""

from collections.abc import Sequence


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Share ``total`` in proportion to ``weights``, by the largest remainders.

    The shares are whole and always add up to ``total``, which may be negative; each is
    less than one away from its exact part. Equal remainders go to the first.

    :param weights: none negative; where all are 0, the first share takes everything
    """
    whole = sum(weights)
    if not whole:
        return [total, *[0] * (len(weights) - 1)] if weights else []
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda n: total * weights[n] % whole, reverse=True
    )
    for n in by_remainder[: total - sum(shares)]:
        shares[n] += 1
    return shares
