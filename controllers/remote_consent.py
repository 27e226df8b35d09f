from odoo import http
from odoo.http import request
from odoo.tools.misc import get_lang

from ..models.remote.service_remote_session_consent import PATH
from . import consent_page as page


def _route(path, methods):
    """A page that opens by the token of an invitation, in the person's own language."""
    return http.route(
        f"{PATH}/<string:token>{path}",
        type="http",
        auth="public",
        methods=methods,
        website=True,
        multilang=False,
        sitemap=False,
    )


class RemoteConsentController(http.Controller):
    """The page a person gets to by the link of an invitation, without signing in."""

    @_route("", methods=["GET", "POST"])
    def invitation(self, token, **_kw):
        session = self._session(token)
        if not session:
            return self._gone(*request.env["service.remote.session"]._by_token(token))
        facts = {"base_path": f"{PATH}/{token}", "layout": "link"}
        return page.answer(session, "link", facts)

    @_route("/no-recording", methods=["POST"])
    def no_recording(self, token, **_kw):
        """The person takes back their consent to a recording."""
        session = self._session(token)
        if not session:
            return self._gone(*request.env["service.remote.session"]._by_token(token))
        session._withdraw_recording(page.given("link"))
        return page.see_other(f"{PATH}/{token}")

    @_route("/terms/<int:version_id>", methods=["GET"])
    def version(self, token, version_id, **_kw):
        """The file of a document that counts for the session."""
        return page.version_file(self._session(token) or page.not_found(), version_id)

    @_route("/confirmation/<int:acceptance_id>", methods=["GET"])
    def confirmation(self, token, acceptance_id, **_kw):
        """What the person has accepted for the session, on paper."""
        session = self._session(token) or page.not_found()
        acceptance = session.acceptance_ids.filtered(
            lambda one: one.id == acceptance_id and one.person_id == session.person_id
        )
        return page.confirmation_file(acceptance or page.not_found())

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
        facts = {"company": session.company_id}
        status = 410 if session else 404
        return page.render("consent_gone", facts, status=status)
