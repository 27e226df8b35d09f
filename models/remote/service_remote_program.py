import re
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import ValidationError

NUMBER = "{number}"
SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
RUN_IN_BROWSER = {"blob", "data", "file", "javascript", "vbscript"}


class ServiceRemoteProgram(models.Model):
    """A program for remote help, and how a link opens it."""

    _name = "service.remote.program"
    _description = "Remote Program"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share the program between companies."
    )
    link = fields.Char(
        help="Opens the program on the technician's computer; {number} stands for the "
        "number of the connection. For example: anydesk:{number}",
    )

    _name_once = models.Constraint(
        "UNIQUE(name, company_id)", "There is already a remote program with this name."
    )

    @api.constrains("link")
    def _check_link(self):
        for tool in self.filtered("link"):
            scheme = SCHEME.match(tool.link)
            unsafe = not scheme or scheme[1].lower() in RUN_IN_BROWSER
            if NUMBER not in tool.link or unsafe:
                raise ValidationError(
                    self.env._(
                        "The link of a remote program must contain its name and "
                        "{number}, for example anydesk:{number}."
                    )
                )

    def _url(self, number):
        """The link that connects to ``number``, or False."""
        self.ensure_one()
        digits = "".join((number or "").split())
        return bool(self.link and digits) and self.link.replace(NUMBER, quote(digits))
