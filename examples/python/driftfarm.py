"""Drift Farm from Python: runs specs by the command `driftfarm`, and gives its answers as tables and figures.
    driftfarm.run("spec.yaml", trials=10_000)
    driftfarm.cells("well")      # a row a cell: parameters, estimates and their limits
    driftfarm.rows("well")       # a row a trial
    driftfarm.figure("well")     # shown inline in a notebook
Tables are data frames where pandas is installed, else lists of dicts. The command: DRIFTFARM, node_modules or PATH.
"""
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile

try:
    import pandas
except ImportError:
    pandas = None


class DriftfarmError(Exception):
    """What the command answers when it cannot: `code`, `hint`, `path` in the spec and `exit` code."""
    def __init__(self, message, exit=1, code="UNEXPECTED", hint=None, path=None, **_):
        super().__init__(message if hint is None else f"{message}\n  {hint}")
        self.code, self.hint, self.path, self.exit = code, hint, path, exit


def call(*words, accepted=(0,)):
    """Standard output of `driftfarm WORDS`. Raises a DriftfarmError for an exit code that is not accepted."""
    path = f"node_modules/.bin{os.pathsep}{os.environ.get('PATH', '')}"
    program = shlex.split(os.environ.get("DRIFTFARM") or shutil.which("driftfarm", path=path) or "")
    if not program:
        raise DriftfarmError("driftfarm is not on PATH", hint='install it, or set DRIFTFARM="npx driftfarm"')
    done = subprocess.run([*program, *map(str, words)], capture_output=True, text=True)
    if done.returncode in accepted:
        return done.stdout
    for line in done.stderr.splitlines():
        if line.startswith('{"error"'):
            raise DriftfarmError(exit=done.returncode, **json.loads(line)["error"])
    raise DriftfarmError(done.stderr.strip().removeprefix("error: "), exit=done.returncode)


def run(spec, trials=None, **settings):
    """Runs a spec, a path, until it ends; `settings` change it: run("s.yaml", **{"update.eta": 0.1}). The Results."""
    more = [] if trials is None else ["--trials", trials]
    more += [word for path, value in settings.items() for word in ("--set", f"{path}={json.dumps(value)}")]
    return json.loads(call("run", spec, "--json", *more, accepted=(0, 3)))["data"]  # 3: its findings say why


def cells(sweep):
    """A row for each cell: its parameters, trials, and of each estimate the value, low and high."""
    found = []
    for cell in json.loads(call("results", sweep, "--json"))["data"]["cells"]:
        row = {"cell": cell["index"], **cell["params"], "trials": int(cell["trials"])}
        for name, estimate in cell["estimates"].items():
            row |= {name: estimate["value"], f"{name}_low": estimate["low"], f"{name}_high": estimate["high"]}
        found.append(row)
    return table(found)


def rows(sweep):
    """A row for each kept trial: how and when it ended, loss, distance, marks."""
    return table([json.loads(line) for line in call("results", sweep, "--rows", "--format", "jsonl").splitlines()])


def table(records):
    return records if pandas is None else pandas.DataFrame(records)

class Figure(str):  # an SVG text, which notebooks draw
    _repr_svg_ = str.__str__


def figure(sweep, **options):
    """A figure of a sweep: figure("well", kind="curve"). Options are those of `driftfarm figure`; True sets a flag."""
    words = [word for name, value in options.items() for word in (f"--{name}", value) if word is not True]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "figure.svg")
        call("figure", sweep, *words, "-o", file)
        return Figure(file.read_text(encoding="utf-8"))
