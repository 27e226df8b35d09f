"""Ready-made offers, one a file, in the order of the cards that show them."""

from . import (
    ad_hoc,
    after_warranty,
    basic_support,
    first_quarter_hour,
    flat_fee,
    hour_packages,
    quarterly_pool,
    remote_help,
    saturday_duty,
    supervision,
    vip,
    visits,
    warranty,
)
from .categories import CATEGORIES

OFFERS = {
    module.OFFER.key: module.OFFER
    for module in (
        warranty,
        vip,
        after_warranty,
        ad_hoc,
        remote_help,
        hour_packages,
        flat_fee,
        quarterly_pool,
        basic_support,
        supervision,
        first_quarter_hour,
        visits,
        saturday_duty,
    )
}
