"""Check the translations: every file parses, and nothing is left to translate.

Run by `lint` in the platform's Python, where polib is.
"""

import sys

import polib

from . import layout


def findings():
    """A line for each file or entry that is not as it should be."""
    for path in sorted(layout.ROOT.glob("i18n*/*.po")):
        try:
            entries = polib.pofile(str(path), check_for_duplicates=True)
        except (OSError, ValueError) as error:
            yield f"{path}: {error}"
            continue
        unfinished = entries.untranslated_entries() + entries.fuzzy_entries()
        yield from (f"{path}:{entry.linenum}: {entry.msgid}" for entry in unfinished)


if __name__ == "__main__":
    found = list(findings())
    print("\n".join(found))
    sys.exit(bool(found))
