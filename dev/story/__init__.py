"""The demo's story: a company's month, played in a database that has the add-on.

`python -m story.play FILE` plays it; each other module is one part of the story.
"""
