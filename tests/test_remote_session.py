from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .remote_common import RemoteCommon


@tagged("post_install", "-at_install")
class TestRemoteSession(RemoteCommon):
    def test_an_agreed_session_is_logged_by_its_real_time(self):
        session = self._session()
        self._agree(session)
        entry = self._run(session, "2026-10-05 08:00:20", "2026-10-05 08:35:50")
        self.assertRecordValues(
            entry, [{"worked_minutes": 35, "billed_minutes": 60, "charge": "money"}]
        )

    def test_nobody_connects_without_consent(self):
        session = self._session()
        with (
            freeze_time("2026-10-05 08:00:00"),
            self.assertRefused(
                "(?s)Regulamin pomocy zdalnej.*Cennik.*backup", RedirectWarning
            ),
        ):
            session.action_start()
        self.assertEqual(session.state, "planned")
