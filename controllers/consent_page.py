"""The page of a session or of documents: what is sent, and what is answered."""

import base64

from werkzeug.exceptions import NotFound

from odoo.http import content_disposition, request
from odoo.tools.misc import get_lang

from ..tools.consent_form import Form

MODULE = "helpdesk_service_contract"
YES = "yes"
# The address is a secret of who got it: it goes to no other site, and into no cache.
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def not_found():
    raise NotFound()


def answer(session, channel, page):
    """Show the page of a session; when it was sent, record what was accepted."""
    pages = request.env["service.consent.page"]
    form, found = None, None
    if request.httprequest.method == "POST":
        form = sent_form()
        found = pages._take(session, form, given(channel))
        if not found:
            return see_other(page["base_path"])
    facts = pages._facts(session, form, found)
    template = "consent_page" if page["layout"] == "link" else "consent_portal_page"
    return render(template, facts | page)


def see_other(path):
    """Go on to a page that may be loaded again without sending the form again."""
    return request.redirect(path, code=303)


def sent_form():
    """The form as the browser sent it."""
    values = request.httprequest.form
    shown = {int(one) for one in values.getlist("shown") if one.isdecimal()}
    ticks = {name for name in values if values[name] == YES and name != "recording"}
    return Form(frozenset(shown), frozenset(ticks), values.get("recording") == YES)


def given(channel):
    """How it was accepted. Odoo's proxy mode decides which headers are believed."""
    return {"channel": channel, "address": request.httprequest.remote_addr}


def render(template, values, status=200):
    lang = get_lang(request.env).code.replace("_", "-")
    values = values | {"html_data": {"lang": lang}}
    response = request.render(f"{MODULE}.{template}", values, status=status)
    response.headers.update(PRIVATE)
    return response


def version_file(session, version_id):
    """The file of a version of a document that counts for ``session``."""
    consent = request.env["service.consent"]
    versions = consent._terms(session)._in_force(session.company_id._service_day())
    # sudo: the user who is asked to accept a document may read it
    version = versions.sudo().filtered(lambda one: one.id == version_id)
    return pdf_of(version) if version.pdf else not_found()


def pdf_of(version):
    content = base64.b64decode(version.with_context(bin_size=False).pdf)
    return pdf(content, f"{version.display_name}.pdf")


def confirmation_file(acceptance):
    # sudo: who asks for it was checked, and needs no right to reports
    reports = request.env["ir.actions.report"].sudo()
    content, _type = reports.with_company(acceptance.company_id)._render_qweb_pdf(
        f"{MODULE}.acceptance_confirmation", acceptance.ids
    )
    return pdf(content, f"{acceptance.display_name}.pdf")


def pdf(content, name):
    headers = PRIVATE | {
        "Content-Type": "application/pdf",
        "Content-Length": len(content),
        "Content-Disposition": content_disposition(name, disposition_type="inline"),
        "X-Content-Type-Options": "nosniff",
    }
    return request.make_response(content, headers=[*headers.items()])
