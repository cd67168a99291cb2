import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { expect, test } from 'vitest'
import { parseSweep } from '../../packages/spec/src/index.ts'
import { oracle } from '../../packages/theory/src/index.ts'

const page = readFileSync(join(root, 'docs/understand/exact.md'), 'utf8')

test('the example of the page gives what the page says', () => {
  const spec = /```yaml\n([\s\S]*?)```/.exec(page)![1]!
  const shown = Number(/P\(escape\) = (\S+)\.\s/.exec(page)![1]!)
  const { demand, ...sweep } = parseSweep(spec, { fileName: 'docs/understand/exact.md' })
  const { cell, tables } = sweep.cell(0)
  const found = oracle(cell, tables, { horizons: demand.horizons })
  if ('reason' in found) throw new Error(found.reason)
  const value = (name: string) => found.answers.find((one) => one.name === name)!.value
  expect(Math.abs(value('escape') / shown - 1)).toBeLessThan(1e-13 * 10)
  expect(value('escape@100')).toBeLessThan(shown)
})
