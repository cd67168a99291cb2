"""Values of what `oracle`, `theorem`, `minima` and the premises print, by SciPy, mpmath and SymPy alone.

    python3 test/exact/theory/generate.py > test/exact/theory/table.json && npx biome format --write test/exact/theory

A case is a spec and rows [path in the document, value, relative tolerance, {more}]. `most`: a bound, which may only be
above the value, by at most the tolerance; `least`: only below. `unit`: beside the number. `chosen`: a number that the
program is free to choose, such as a norm; rows beside it are computed from it. Needs numpy, scipy, mpmath, sympy.
"""
import json

from casesOfOracle import cases as oracle
from casesOfTheorem import cases as theorem
from casesOfPoints import cases as points


def plain(value):
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (str, bool, type(None), int)):
        return value
    return float(value)


cases = [plain(case) for case in (*oracle(), *theorem(), *points())]
print('{\n"about": "made by generate.py, which says what a row is",\n"cases": [')
for at, case in enumerate(cases):
    head = json.dumps({key: value for key, value in case.items() if key != 'rows'})[:-1]
    print(head + ', "rows": [')
    print(',\n'.join('  ' + json.dumps(row) for row in case['rows']))
    print(']}' + (',' if at + 1 < len(cases) else ''))
print(']}')
