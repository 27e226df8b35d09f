from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.web.tests import test_js

from .common import MODULE


@tagged("post_install", "-at_install")
class TestJavaScript(HttpCase):
    @no_retry
    def test_javascript(self):
        """The JavaScript tests of this add-on alone, in the browser."""
        suite = test_js.HOOTCommon._generate_hash(self, f"@{MODULE}")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            code="",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
