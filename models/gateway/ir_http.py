import json

from odoo import models
from odoo.http import request

CALLS = "/json/2/service.gateway/"


class IrHttp(models.AbstractModel):
    """What tools are answered says what is wrong, and nothing of how we are made."""

    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        response = super()._handle_error(exception)
        called = request.httprequest.path.startswith(CALLS)
        if called and getattr(response, "is_json", False):
            answer = response.get_json()
            answer.pop("debug", None)
            response.set_data(json.dumps(answer))
        return response
