from functools import partial

from psycopg2.errors import ForeignKeyViolation, RestrictViolation

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.http import request
from odoo.orm.models import get_columns_from_sql_diagnostics

SOURCE_LANG = "en_US"


class Base(models.AbstractModel):
    """What the database refuses is told in a sentence, in the caller's language."""

    _inherit = "base"

    @api.model
    def _sql_error_to_message(self, exc):
        lang = self._lang_of_call(exc)
        if lang in (None, self.env.lang or SOURCE_LANG):
            return super()._sql_error_to_message(exc)
        # Odoo asks with the environment of the transport, which over JSON-2 and XML-RPC
        # knows nothing of the caller's context, and would put its own words around.
        message = super(Base, self.with_context(lang=lang))._sql_error_to_message(exc)
        raise ValidationError(message) from exc

    @api.model
    def _lang_of_call(self, exc):
        """The language in the context of the call over an API, or None."""
        lang = _context_of_call(exc).get("lang")
        return lang if self.env["res.lang"]._get_data(code=lang or "") else None

    @api.model
    def _sql_error_to_message_generic(self, exc):
        """Name what uses a record that cannot be deleted.

        PostgreSQL 18 has an error of its own for foreign keys that restrict.
        """
        restricts = isinstance(exc, ForeignKeyViolation | RestrictViolation)
        # The same error tells of a record that was chosen and is not there.
        if not restricts or (exc.diag.message_primary or "").startswith("insert"):
            return super()._sql_error_to_message_generic(exc)
        names = get_columns_from_sql_diagnostics(
            self.env.cr, exc.diag, check_registry=True
        )
        labels = [
            self._fields[name]._description_string(self.env)
            for name in names
            if name in self._fields
        ]
        model = self.env["ir.model"]._get(self._name).name or self._description
        if not labels:
            return self.env._(
                "Other records use it (%s). Archive it instead, or delete those first.",
                model,
            )
        return self.env._(
            "It is in use: %(model)s, %(field)s. Archive it instead, or choose another "
            "one there first.",
            model=model,
            field=", ".join(labels),
        )


def _context_of_call(exc):
    """The context that came with the call over an API that ended in an error."""
    if request:
        keywords = request.params.get("kwargs", request.params)
    else:
        # XML-RPC: there is no request, and what is retried is the call itself.
        tried = exc.__traceback__ and exc.__traceback__.tb_frame.f_locals.get("func")
        keywords = tried.args[-1] if isinstance(tried, partial) else {}
    context = keywords.get("context") if isinstance(keywords, dict) else None
    return context if isinstance(context, dict) else {}
