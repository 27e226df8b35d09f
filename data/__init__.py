"""Records of the add-on (XML), and ready-made offers (``offers``)."""
