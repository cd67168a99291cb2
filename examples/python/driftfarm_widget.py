"""Figures and reports of Drift Farm as widgets of a notebook. Needs the package anywidget.
    show("figure", "well", kind="map")   # any command that prints a document with --json
    show("results", "well")              # a report: answer, figures, checks, cells
    Widget(document=json.load(urlopen("http://127.0.0.1:8080/api/v1/sweeps/well/results")))
"""
import json

import anywidget
import traitlets

import driftfarm


class Widget(anywidget.AnyWidget):
    """Shows a document. A new value of `document` replaces it."""
    _esm = driftfarm.call("example", "element.js")
    document = traitlets.Dict(allow_none=True).tag(sync=True)


def show(*words, **options):
    """The document of a command. Options are those of the command; True sets a flag."""
    more = [word for name, value in options.items() for word in (f"--{name}", value) if word is not True]
    return Widget(document=json.loads(driftfarm.call(*words, *more, "--json")))
