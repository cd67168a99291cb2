import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { expect, test } from 'vitest'
import { minimaCell, renderMinima } from '../../packages/report/src/index.ts'
import { parseSweep } from '../../packages/spec/src/index.ts'
import { findMinima } from '../../packages/theory/src/index.ts'

const page = readFileSync(join(root, 'docs/howto/minima.md'), 'utf8')

test('the example of the page gives what the page shows', async () => {
  const spec = /```yaml\n([\s\S]*?)```/.exec(page)![1]!
  const shown = /```\n(cell 0:[\s\S]*?)\n\.\.\.\n```/.exec(page)![1]!.split('\n')
  const { index, id, params, cell, tables } = parseSweep(spec, { fileName: 'docs/howto/minima.md' }).cell(0)
  const descent = { eta: 0.01, gradient: 1e-6, steps: 100_000 }
  const found = await findMinima(cell, tables, { descents: 1000, descent, confidence: 0.95 })
  const text = renderMinima(minimaCell({ index, id, params, start: cell.start.kind }, found)).split('\n')
  expect(text.slice(0, shown.length)).toEqual(shown)
})
