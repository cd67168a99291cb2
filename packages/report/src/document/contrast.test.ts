import { expect, test } from 'vitest'
import { documents } from '../documents.generated.ts'
import { issuesOf, read } from '../fixtures/issues.ts'
import { estimate, results, streamOf, textOf } from '../fixtures/results.ts'
import { streamTable } from '../results/resultsTable.ts'
import { renderBest } from './best.ts'
import { contrastResult, contrastsOfResults, renderContrasts, renderContrastsCsv } from './contrast.ts'
import { envelope } from './define.ts'

const tableOf = (data: Parameters<typeof streamOf>[0], options?: Parameters<typeof streamTable>[1]) =>
  textOf(streamTable(streamOf(data), options))

const contrast = { of: 'escape', kind: 'difference', path: 'update.eta', between: [0.1, 0.05], along: [] } as const
const params = (eta: number, T: number) => ({ 'let.T': T, 'update.eta': eta })
const paired = { both: 9, first: 186, second: 3, neither: 9802 }
const difference = {
  value: 0.0183,
  low: 0.0157,
  high: 0.0212,
  confidence: 0.95,
  method: 'tango',
  paired,
  pValue: 1.2e-50,
}
const ratio = {
  ...difference,
  value: Number.POSITIVE_INFINITY,
  low: 3.25,
  high: Number.POSITIVE_INFINITY,
  method: 'tang',
}
const compared = {
  ...results,
  contrasts: [
    contrastResult(contrast, [1, 0], [params(0.1, 0.02), params(0.05, 0.02)], difference),
    contrastResult({ ...contrast, kind: 'ratio' }, [1, 0], [params(0.1, 0.02), params(0.05, 0.02)], ratio),
    contrastResult({ ...contrast, kind: 'ratio' }, [3, 2], [params(0.1, 0.04), params(0.05, 0.04)], {
      ...ratio,
      value: Number.NaN,
      low: 0,
      method: 'bonferroni:beta-binomial',
      paired: null,
      pValue: null,
      simultaneous: 3,
    }),
  ],
}

test('contrasts are below the cells, one line for each pair', async () => {
  const text = await tableOf(compared, { width: 120 })
  expect(text.startsWith(await tableOf(results, { width: 120 }))).toBe(true)
  expect(`\n${renderContrasts(compared, { width: 120 })}`).toMatchInlineSnapshot(`
    "
    contrast                cells     T  value                     p
    escape: eta 0.1 - 0.05  1, 0   0.02   0.0183 [0.0157, 0.0212]  1e-50
    escape: eta 0.1 / 0.05  1, 0   0.02        ∞ [3.25, ∞]         1e-50
    escape: eta 0.1 / 0.05  3, 2   0.04  unknown [0, ∞]

    contrasts: 95 % tango, 95 % tang, 95 % bonferroni:beta-binomial (simultaneous over 3 contrasts); p: McNemar, exact
    "
  `)
  expect(text.endsWith(renderContrasts(compared, { width: 120 }))).toBe(true)
  expect(renderContrasts(results)).toBe('no contrasts\n')
})

test('of many contrasts, both ends and those with the smallest p are shown in order, and how to see all', () => {
  const at = (place: number, pValue: number) =>
    contrastResult(contrast, [2 * place + 1, 2 * place], [params(0.1, place), params(0.05, place)], {
      ...difference,
      pValue,
    })
  const contrasts = Array.from({ length: 300 }, (_, place) => at(place, place % 25 === 12 ? 1e-9 * (place + 1) : 0.5))
  const lines = renderContrasts({ contrasts }, { width: 120, most: 200 }).split('\n')
  const shown = lines.flatMap((line) => /^escape: .*? (\d+), \d+ /.exec(line)?.slice(1) ?? [])
  const ends = [...Array(10).keys(), ...Array.from({ length: 10 }, (_, i) => 290 + i)]
  const clear = Array.from({ length: 10 }, (_, i) => 25 * i + 12)
  expect(shown.map(Number)).toEqual([...ends, ...clear].sort((a, b) => a - b).map((place) => 2 * place + 1))
  // Dots mark places where some are left out: before each of the clear ones, and before the last.
  expect(lines.filter((line) => line === '...').length).toBe(11)
  expect(lines.join(' ')).toContain(
    '270 of 300 contrasts are left out. The table shows the first and last 10, and the 10 with the smallest p; --all ' +
      'shows ' +
      'all.',
  )
  expect(renderContrasts({ contrasts }, { width: 120 }).match(/^escape: /gm)?.length).toBe(300)
})

test('subtrees are named by what distinguishes them', () => {
  const between = [
    { rule: 'adam', eta: 0.01 },
    { rule: 'gradient', eta: 0.01 },
  ] as const
  const whole = contrastResult({ ...contrast, path: 'update', between }, [1, 0], [{}, {}], difference)
  expect(renderContrasts({ ...results, contrasts: [whole] })).toContain('escape: update rule adam - rule gradient')
})

test('other programs get every field', () => {
  expect(`\n${[...renderContrastsCsv(compared)].join('')}`).toMatchInlineSnapshot(`
    "
    of,kind,between,between.first,between.second,cells.first,cells.second,let.T,value,low,high,confidence,method,\
simultaneous,paired.both,paired.first,paired.second,paired.neither,pValue
    escape,difference,update.eta,0.1,0.05,1,0,0.02,0.0183,0.0157,0.0212,0.95,tango,,9,186,3,9802,1.2e-50
    escape,ratio,update.eta,0.1,0.05,1,0,0.02,Infinity,3.25,Infinity,0.95,tang,,9,186,3,9802,1.2e-50
    escape,ratio,update.eta,0.1,0.05,3,2,0.04,NaN,0,Infinity,0.95,bonferroni:beta-binomial,3,,,,,
    "
  `)
  expect([...(contrastsOfResults.jsonl!(compared) as Iterable<string>)].map((line) => JSON.parse(line))).toEqual(
    JSON.parse(JSON.stringify(compared.contrasts)),
  )
  const document = read(envelope('Results', compared))
  expect(issuesOf(documents.Results, document)).toEqual([])
  document.data.contrasts[0].method = 'wald'
  expect(issuesOf(documents.Results, document)).toHaveLength(1)
})

test('the best cell has two intervals, and the cells that may be as good', () => {
  const best = {
    sweep: { id: 'a'.repeat(32), name: 'double-well', state: 'complete' },
    of: 'escape',
    direction: 'max',
    among: 12,
    cell: { index: 3, id: 'c'.repeat(32), params: { 'update.eta': 0.1 }, trials: 100 },
    estimate,
    simultaneous: { ...estimate, low: 0.15, high: 0.36, simultaneous: 12 },
    contenders: [1, 4],
  } as const
  expect(`\n${renderBest(best)}`).toMatchInlineSnapshot(`
    "
    double-well  largest escape of 12 cells

    cell 3: eta 0.1
    0.25 [0.20, 0.30]  95 % clopper-pearson, valid for a cell chosen in advance
    0.25 [0.15, 0.36]  95 % clopper-pearson, simultaneous over 12 cells
    may be as good: cells 1, 4
    "
  `)
  expect(issuesOf(documents.Best, envelope('Best', best))).toEqual([])
  const never = { ...estimate, value: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY, low: 3 }
  const costly = { ...best, of: 'cost:m2', estimate: never, simultaneous: { ...never, low: 2 } }
  expect(issuesOf(documents.Best, envelope('Best', costly))).toEqual([])
  expect(renderBest(costly)).toContain('∞ [3, ∞]')
  const alone = renderBest({ ...best, among: 1, contenders: [] })
  expect(alone).toContain('largest escape of 1 cell')
  expect(alone).not.toContain('as good')
})
