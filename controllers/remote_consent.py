import base64

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request
from odoo.tools.misc import get_lang

from ..models.remote.service_remote_session_consent import PATH
from ..tools.consent_form import Form

MODULE = "helpdesk_service_contract"
YES = "yes"
# The address is a secret of who got it: it goes to no other site, and into no cache.
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class RemoteConsentController(http.Controller):
    """The page a person gets to by the link of an invitation, without signing in."""

    @http.route(
        f"{PATH}/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def invitation(self, token, **_kw):
        session = self._session(token)
        if not session:
            return self._gone(*request.env["service.remote.session"]._by_token(token))
        page = {"base_path": f"{PATH}/{token}", "layout": "link"}
        return answer(session, "link", page)

    @http.route(
        f"{PATH}/<string:token>/no-recording",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def no_recording(self, token, **_kw):
        """The person takes back their consent to a recording."""
        session = self._session(token)
        if not session:
            return self._gone(*request.env["service.remote.session"]._by_token(token))
        session._withdraw_recording(given("link"))
        return see_other(f"{PATH}/{token}")

    @http.route(
        f"{PATH}/<string:token>/terms/<int:version_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def version(self, token, version_id, **_kw):
        """The file of a document that counts for the session."""
        return version_file(self._session(token) or not_found(), version_id)

    @http.route(
        f"{PATH}/<string:token>/confirmation/<int:acceptance_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def confirmation(self, token, acceptance_id, **_kw):
        """What the person has accepted for the session, on paper."""
        session = self._session(token) or not_found()
        acceptance = session.acceptance_ids.filtered(
            lambda one: one.id == acceptance_id and one.person_id == session.person_id
        )
        return confirmation_file(acceptance or not_found())

    def _session(self, token):
        """The session a link lets in to, in the language of its person; or none."""
        session, person = request.env["service.remote.session"]._by_token(token)
        if not session or not session._is_open_to(person):
            return None
        request.update_context(lang=get_lang(request.env, person.lang).code)
        return session.with_env(request.env(su=True))

    def _gone(self, session, person):
        """Say no more than that the link is worth nothing."""
        if person:
            request.update_context(lang=get_lang(request.env, person.lang).code)
        page = {"company": session.company_id}
        status = 410 if session else 404
        return render("consent_gone", page, status=status)


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
    # sudo: whoever is asked to accept a document may read it
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
