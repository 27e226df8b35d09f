"""Effects: what each outcome of a coverage decision means for the work."""

from enum import StrEnum
from typing import NamedTuple

from .charging import Charge


class Code(StrEnum):
    """What a decision comes to."""

    COMPLAINT_PENDING = "complaint_pending"
    COMPLAINT_JUSTIFIED = "complaint_justified"
    COMPLAINT_UNJUSTIFIED = "complaint_unjustified"
    UNJUSTIFIED_PENDING = "unjustified_pending"
    UNJUSTIFIED_FREE = "unjustified_free"
    UNJUSTIFIED_CHARGED = "unjustified_charged"
    WARRANTY = "warranty"
    CONTRACT = "contract"
    CONTRACT_FREE = "contract_free"
    CONTRACT_OPEN = "contract_open"
    BASIC = "basic"
    QUOTE = "quote"
    QUOTE_ACCEPTED = "quote_accepted"
    AD_HOC = "ad_hoc"
    AD_HOC_FREE = "ad_hoc_free"


class Basis(StrEnum):
    """What the work is charged by: the contract or the price list."""

    CONTRACT = "contract"
    AD_HOC = "ad_hoc"


class Effect(NamedTuple):
    """What a decision means for the work: its basis, and what is charged."""

    basis: Basis
    charge: Charge


# What is free under a promise is listed with the contract, if there is one: its
# statement shows what the customer got for nothing.
EFFECTS = {
    Code.COMPLAINT_PENDING: Effect(Basis.AD_HOC, Charge.HOLD),
    Code.COMPLAINT_JUSTIFIED: Effect(Basis.AD_HOC, Charge.FREE),
    Code.COMPLAINT_UNJUSTIFIED: Effect(Basis.AD_HOC, Charge.MONEY),
    Code.UNJUSTIFIED_PENDING: Effect(Basis.CONTRACT, Charge.HOLD),
    Code.UNJUSTIFIED_FREE: Effect(Basis.CONTRACT, Charge.FREE),
    Code.UNJUSTIFIED_CHARGED: Effect(Basis.CONTRACT, Charge.MONEY),
    Code.WARRANTY: Effect(Basis.CONTRACT, Charge.FREE),
    Code.CONTRACT: Effect(Basis.CONTRACT, Charge.FULL),
    Code.CONTRACT_FREE: Effect(Basis.CONTRACT, Charge.FREE),
    Code.CONTRACT_OPEN: Effect(Basis.CONTRACT, Charge.HOLD),
    Code.BASIC: Effect(Basis.CONTRACT, Charge.FREE),
    Code.QUOTE: Effect(Basis.AD_HOC, Charge.HOLD),
    Code.QUOTE_ACCEPTED: Effect(Basis.AD_HOC, Charge.FREE),
    Code.AD_HOC: Effect(Basis.AD_HOC, Charge.MONEY),
    Code.AD_HOC_FREE: Effect(Basis.AD_HOC, Charge.FREE),
}


RULES = {
    Code.COMPLAINT_PENDING: "complaint",
    Code.COMPLAINT_JUSTIFIED: "complaint",
    Code.COMPLAINT_UNJUSTIFIED: "complaint",
    Code.UNJUSTIFIED_PENDING: "unjustified report",
    Code.UNJUSTIFIED_FREE: "unjustified report",
    Code.UNJUSTIFIED_CHARGED: "unjustified report",
    Code.WARRANTY: "warranty",
    Code.CONTRACT: "contract",
    Code.CONTRACT_FREE: "contract",
    Code.CONTRACT_OPEN: "contract",
    Code.BASIC: "basic support",
    Code.QUOTE: "price list",
    Code.QUOTE_ACCEPTED: "price list",
    Code.AD_HOC: "price list",
    Code.AD_HOC_FREE: "price list",
}
