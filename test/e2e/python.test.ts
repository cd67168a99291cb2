import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { needs } from '@driftfarm/testing/program'
import { oneWell, writeSpec } from '@driftfarm/testing/spec'
import { describe, expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const home = servedHome()
const folder = join(root, 'examples/python')

interface Cell {
  readonly cell_type: string
  readonly source: readonly string[]
}
const notebook = JSON.parse(readFileSync(join(folder, 'escape.ipynb'), 'utf8')) as {
  readonly nbformat: number
  readonly cells: readonly Cell[]
}
const code = notebook.cells.filter((cell) => cell.cell_type === 'code').map(({ source }) => source.join(''))

function python(text: string): unknown {
  writeFileSync(join(home, 'test.py'), text)
  return JSON.parse(
    execFileSync('python3', [join(home, 'test.py')], {
      cwd: home,
      encoding: 'utf8',
      env: {
        ...process.env,
        DRIFTFARM_HOME: home,
        DRIFTFARM: `"${process.execPath}" "${join(root, 'packages/cli/bin/driftfarm.js')}"`,
        PYTHONPATH: folder,
        PYTHONDONTWRITEBYTECODE: '1',
        DATABASE_URL: '',
        REDIS_URL: '',
      },
    }),
  )
}

test('the notebook is one of nbformat 4, with no outputs kept; the module has at most 80 lines', () => {
  expect(notebook.nbformat).toBe(4)
  expect(code.length).toBeGreaterThan(3)
  for (const cell of notebook.cells)
    if (cell.cell_type === 'code') expect(cell).toMatchObject({ outputs: [], execution_count: null })
  const lines = readFileSync(join(folder, 'driftfarm.py'), 'utf8').trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(80)
})

describe('by Python', needs('python3'), () => {
  test('the code of the notebook is Python', () => {
    const parsed = python(
      `import ast, json\nprint(json.dumps([len(ast.parse(c).body) for c in ${JSON.stringify(code)}]))`,
    )
    expect(parsed).toHaveLength(code.length)
  })

  test('the widget has the code of the element and the document of a command', () => {
    // Stand-ins for the packages anywidget and traitlets, which pip installs.
    const said = python(`
import json, sys, types
class Trait:
    def __init__(self, **_): pass
    def tag(self, **marks): return marks
class AnyWidget:
    def __init__(self, **traits): self.__dict__.update(traits)
sys.modules["anywidget"] = types.SimpleNamespace(AnyWidget=AnyWidget)
sys.modules["traitlets"] = types.SimpleNamespace(Dict=Trait)
import driftfarm_widget
shown = driftfarm_widget.show("landscapes", "double-well")
print(json.dumps([driftfarm_widget.Widget._esm[-200:], driftfarm_widget.Widget.document, shown.document["kind"]]))
`)
    expect(said).toEqual([expect.stringContaining('as default'), { sync: true }, 'Landscape'])
  })

  if (full)
    test('without pandas tables are lists of dicts; figures are SVG; errors are those of the command', () => {
      writeSpec(home, 'python', oneWell({ name: 'python', trials: 50, sweep: { 'update.drift.sigma': [0.7, 1] } }))
      const said = python(`
import json, sys
sys.modules["pandas"] = None  # as if it were not installed
import driftfarm
results = driftfarm.run("python.json", trials=60, **{"trial.steps": 400})
try:
    driftfarm.cells("nothing")
except driftfarm.DriftfarmError as error:
    wrong = [error.code, error.exit]
figure = driftfarm.figure("python", kind="line")
print(json.dumps({"state": results["sweep"]["state"], "cells": driftfarm.cells("python"), "wrong": wrong,
                  "rows": len(driftfarm.rows("python")), "svg": figure._repr_svg_()[:4]}))
`)
      expect(said).toMatchObject({ state: 'complete', rows: 120, svg: '<svg', wrong: ['SWEEP_NOT_FOUND', 5] })
      const [first, second] = (said as { readonly cells: readonly Record<string, number>[] }).cells
      expect(first).toMatchObject({ cell: 0, 'update.drift.sigma': 0.7, trials: 60 })
      expect(second?.escape_low).toBeLessThan(second!.escape!)
      expect(second?.escape_high).toBeGreaterThan(second!.escape!)
    })
})
