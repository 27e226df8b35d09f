import os

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import TranslationModuleReader

from .common import MODULE

SOURCES = ("controllers", "data", "models", "wizards", "static/src", "reports")


class AddonReader(TranslationModuleReader):
    """The terms of this add-on alone; the inherited reader walks every add-on."""

    def _export_translatable_resources(self):
        root = file_path(MODULE)
        addons = os.path.dirname(root)
        self._path_list = [(addons, True)]
        for source in SOURCES:
            for folder, _folders, names in os.walk(os.path.join(root, source)):
                for name in names:
                    self._read_file(name, addons, folder)

    def _read_file(self, name, addons, folder):
        if name.endswith(".py"):
            self._babel_extract_terms(
                name, addons, folder, extract_keywords={"_": None, "_lt": None}
            )
        elif "static" in folder and name.endswith(".js"):
            self._babel_extract_terms(
                name,
                addons,
                folder,
                "odoo.tools.babel:extract_javascript",
                extract_keywords={"_t": None},
            )
        elif "static" in folder and name.endswith(".xml"):
            self._babel_extract_terms(
                name, addons, folder, "odoo.tools.translate:babel_extract_qweb"
            )


@tagged("post_install", "-at_install")
class TestTranslation(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.polish = polib.pofile(file_path(f"{MODULE}/i18n/pl.po"))

    def test_every_term_is_in_polish(self):
        translated = {
            entry.msgid for entry in self.polish if entry.msgstr and not entry.fuzzy
        }
        terms = {row[4] for row in AddonReader(self.cr, [MODULE])}
        self.assertGreater(len(terms), 200, "the terms were not found")
        self.assertEqual(terms - translated, set())

    def test_no_translation_is_left_of_a_term_that_is_gone(self):
        terms = {row[4] for row in AddonReader(self.cr, [MODULE])}
        self.assertEqual({entry.msgid for entry in self.polish} - terms, set())
