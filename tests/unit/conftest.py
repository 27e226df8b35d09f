"""How long an example takes tells of the machine, not of the code under test."""

from hypothesis import settings

settings.register_profile("unit", deadline=None)
settings.load_profile("unit")
