from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.remote.helpdesk_ticket import SESSION_PROTOCOL
from . import consent_page as page


class RemotePortal(CustomerPortal):
    """Remote help and terms, for customers who are signed in."""

    def _document_check_access(self, model_name, document_id, access_token=None):
        """A token that is none opens nothing, on whatever page."""
        if access_token and not str(access_token).isascii():
            access_token = None
        return super()._document_check_access(model_name, document_id, access_token)

    @http.route(
        "/my/remote-session/<int:session_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def remote_session(self, session_id, **_kw):
        session = self._session(session_id)
        me = request.env.user.partner_id
        path = f"/my/remote-session/{session.id}"
        values = self._prepare_portal_layout_values() | {
            "base_path": path,
            "layout": "portal",
            "me": me,
            "page_name": "remote_session",
        }
        if session.state == "planned" and session.person_id == me:
            return page.answer(session, "portal", values)
        if request.httprequest.method == "POST":
            return page.see_other(path)
        values |= request.env["service.consent.page"]._facts(session)
        return page.render("remote_session_portal_page", values)

    @http.route(
        "/my/remote-session/<int:session_id>/take-over",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def take_over(self, session_id, **_kw):
        """Who is signed in will be at the computer, instead of a colleague."""
        session = self._session(session_id)
        me = request.env.user.partner_id
        if session.state == "planned" and not me.is_company:
            session._change_person(me)
        return page.see_other(f"/my/remote-session/{session.id}")

    @http.route(
        "/my/remote-session/<int:session_id>/no-recording",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def no_recording(self, session_id, **_kw):
        """The person takes back their consent to a recording."""
        session = self._session(session_id)
        me = request.env.user.partner_id
        if session.state == "planned" and session.person_id == me:
            session._withdraw_recording(page.given("portal"))
        return page.see_other(f"/my/remote-session/{session.id}")

    @http.route(
        "/my/remote-session/<int:session_id>/terms/<int:version_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def session_version(self, session_id, version_id, **_kw):
        return page.version_file(self._session(session_id), version_id)

    @http.route(
        "/my/remote-session/<int:session_id>/protocol",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def protocol(self, session_id, **_kw):
        """What was done, on paper."""
        session = self._session(session_id)
        # sudo: who asks for it was checked, and needs no right to reports
        reports = request.env["ir.actions.report"].sudo()
        reports = reports.with_company(session.company_id)
        if session.state != "ended" or not reports._get_report_from_name(
            SESSION_PROTOCOL
        ):
            page.not_found()
        content, _type = reports._render_qweb_pdf(SESSION_PROTOCOL, session.ids)
        return page.pdf(content, f"{session.display_name}.pdf")

    @http.route(
        [
            "/my/acceptance/<int:acceptance_id>/confirmation",
            "/my/remote-session/<int:session_id>/confirmation/<int:acceptance_id>",
        ],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def confirmation(self, acceptance_id, **_kw):
        """A person's own acceptance, on paper.

        Colleagues see on the page of a session that somebody accepted, and when, as
        they speak for the same customer. The confirmation says more about the person,
        such as the network address, and is for nobody else of the customer.
        """
        # sudo: customers have no right to acceptances but to their own, here
        acceptances = request.env["service.terms.acceptance"].sudo()
        acceptance = acceptances.browse(acceptance_id).exists()
        if acceptance.person_id != request.env.user.partner_id:
            page.not_found()
        return page.confirmation_file(acceptance or page.not_found())

    @http.route(
        "/my/terms", type="http", auth="user", methods=["GET", "POST"], website=True
    )
    def terms(self, **_kw):
        form, found = None, None
        me, company = request.env.user.partner_id, request.env.company
        if request.httprequest.method == "POST":
            form = page.sent_form()
            found = {}
            if not me.is_company:
                found = request.env["service.consent.page"]._take_terms(
                    me, company, form, page.given("portal")
                )
            if not found:
                return page.see_other("/my/terms")
        values = self._prepare_portal_layout_values()
        values |= self._terms_facts(form, found)
        return page.render("terms_portal_page", values)

    @http.route(
        "/my/terms/terms/<int:version_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def terms_version(self, version_id, **_kw):
        """The file of a document in force, or of one the customer once accepted."""
        pages = request.env["service.consent.page"]
        me, company = request.env.user.partner_id, request.env.company
        terms = pages._customer_terms(me, company)
        versions = terms._in_force(company.sudo()._service_day()).sudo()
        consents = request.env["service.consent"]
        versions |= consents._accepted_by(
            me, me.commercial_partner_id, terms
        ).version_id
        version = versions.filtered(lambda one: one.id == version_id)
        return page.pdf_of(version) if version.pdf else page.not_found()

    def _terms_facts(self, form=None, found=None):
        pages = request.env["service.consent.page"]
        me, company = request.env.user.partner_id, request.env.company
        return pages._terms_facts(me, company, form, found) | {
            "base_path": "/my/terms",
            "me": me,
            "page_name": "terms",
        }

    def _session(self, session_id):
        """A session of the customer who is signed in.

        Who only follows a ticket does not speak for its customer.
        """
        # sudo: customers have no right to sessions but to their own, here
        sessions = request.env["service.remote.session"].sudo()
        session = sessions.browse(session_id).exists()
        customer = request.env.user.partner_id.commercial_partner_id
        if not session or not session._is_of(customer):
            page.not_found()
        return session
