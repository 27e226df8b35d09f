from collections.abc import Mapping

from werkzeug.exceptions import UnprocessableEntity

from odoo import http

from odoo.addons.rpc.controllers.json2 import WebJson2Controller


class ServiceGatewayController(WebJson2Controller):
    @http.route()
    def web_json_2_rpc(self, __model__, __method__, ids=(), context=None, **kwargs):
        """A context that is no object is the caller's mistake, and no server error."""
        context = {} if context is None else context
        if not isinstance(context, Mapping):
            raise UnprocessableEntity("“context” is an object.")
        return super().web_json_2_rpc(__model__, __method__, ids, context, **kwargs)
