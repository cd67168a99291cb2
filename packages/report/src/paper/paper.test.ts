import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { ResultsData } from '../document/results.ts'
import { lineFigure } from '../figures/line.ts'
import { mapFigure } from '../figures/map.ts'
import type { FileContents } from '../file/contents.ts'
import { contentsOf } from '../file/embedded.ts'
import { inRandomSweep, randomSweep } from '../fixtures/randomSweep.ts'
import { readPlot } from '../fixtures/readPlot.ts'
import { cell, resultsData } from '../fixtures/results.ts'
import { estimateText } from '../format/quantity.ts'
import type { ReportedSweep } from './gathered.ts'
import { htmlReport } from './html.ts'
import { markdownReport } from './markdown.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const options = { made: '2026-11-27', version: '0.0.0' }

/** The content of a report about a sweep, with one figure. */
function reported(results: ResultsData, log: boolean): ReportedSweep {
  const figure = lineFigure(results, { log: log ? ['y'] : [] })
  return {
    results,
    warnings: [],
    origins: { spec: 'version: 1', kernel: 2, submittedAt: '2026-11-27T00:00:00.000Z' },
    samples: [],
    figures: [{ figure, command: 'driftfarm figure it' }],
    observed: null,
    contents: null,
  }
}

const texts: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&', '&#39;': "'" }
const unescaped = (html: string) => html.replace(/&(?:lt|gt|quot|amp|#39);/g, (sign) => texts[sign]!)

/** The parts of a table row, which have no end tags. */
const partsOf = (row: string): string[] =>
  row
    .split(/<t[dh]>/)
    .slice(1)
    .map(unescaped)

/** The rows of the first table of cells, as a browser shows them. */
function rowsOf(html: string): string[][] {
  const [, body = ''] = /<table class="cells">.*?<tbody>\n(.*?)\n<\/table>/s.exec(html) ?? []
  return body.split('\n').map(partsOf)
}

/** The expected row of a cell, made only from the document. */
function wanted({ cells }: ResultsData, row: readonly string[]): readonly string[] {
  const { index, trials, estimates, digest } = cells[Number(row[0])]!
  const { value, interval } = estimateText(estimates.escape!)
  return [String(index), Number(trials).toLocaleString('en'), `${value} ${interval}`, digest]
}

const shown = (row: readonly string[], titles: readonly string[]) => [
  row[0],
  row[titles.indexOf('trials')],
  row[titles.indexOf('escape')]!.replace(/^(\S+?)[?!]( )/, '$1$2'),
  row.at(-1),
]

const titlesOf = (html: string) => partsOf(/<table class="cells"><thead>(.*)/.exec(html)![1]!)

describe('the numbers of a report are those of the document', () => {
  test('over 50 random sweeps: every row of the table, every point of the figure, and nothing is markup', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { results, log } = randomSweep(seed)
      const sweep = reported(results, log)
      const html = await htmlReport([sweep], options)
      inRandomSweep(seed, () => {
        const rows = rowsOf(html)
        const titles = titlesOf(html)
        expect(rows.length).toBe(results.cells.length)
        for (const row of rows) expect(shown(row, titles)).toEqual(wanted(results, row))
        const [{ figure }] = sweep.figures as [ReportedSweep['figures'][number]]
        const points = figure.layers.flatMap((layer) => (layer.type === 'points' ? layer.points : []))
        const plot = readPlot(/<svg.*?<\/svg>/s.exec(html)![0], figure)
        expect(plot.points.map(({ cell }) => cell).sort()).toEqual(points.map(({ cell }) => cell).sort())
        expect(html).not.toMatch(/<script|<b>bold|NaN|undefined|\[object/)
        expect(markdownReport([sweep], options)).not.toMatch(/NaN|undefined|\[object/)
      })
    }
  })

  test('a number that was changed in the file is found', async () => {
    const { results, log } = randomSweep(2)
    const html = await htmlReport([reported(results, log)], options)
    const { value, interval } = estimateText(results.cells[0]!.estimates.escape!)
    const forged = html.replace(`<td>${value} ${interval}`, `<td>${value}1 ${interval}`)
    expect(forged).not.toBe(html)
    const [row] = rowsOf(forged)
    expect(shown(row!, titlesOf(forged))).not.toEqual(wanted(results, row!))
  })
})

test('no cell and no estimate is left out, however many there are', async () => {
  const { results, log } = randomSweep(2)
  const [first] = results.cells
  const names = Array.from({ length: 13 }, (_, i) => `escape@${i + 1}`)
  const cells = Array.from({ length: 2_000 }, (_, index) => {
    const estimate = { ...first!.estimates.escape!, value: index / 2_000, low: index / 2_001, high: index / 1_999 }
    return { ...first!, index, estimates: Object.fromEntries(names.map((name) => [name, estimate])) }
  })
  const html = await htmlReport([{ ...reported(results, log), results: { ...results, cells } }], options)
  expect(rowsOf(html).map(([index]) => index)).toEqual(cells.map(({ index }) => `${index}`))
  expect(titlesOf(html).slice(-13)).toEqual(names)
  const { trials, stopped, digest } = first!
  const constant = `trials: ${trials.toLocaleString('en')}; stopped by: ${stopped?.rule}; digest: ${digest}.`
  expect(html).toContain('In every row, ')
  expect(html).toContain(constant)
})

test('no id occurs twice in a report with figures that have equal clips', async () => {
  const { results, log } = randomSweep(2)
  const sweep = reported(results, log)
  const [{ figure }] = sweep.figures as [ReportedSweep['figures'][number]]
  const band = {
    type: 'band',
    series: null,
    role: 'interval',
    steps: false,
    points: [0, 1].map((x) => ({ x, low: 0, high: 1 })),
    text: 'band',
  } as const
  const banded = { figure: { ...figure, layers: [band, ...figure.layers] }, command: 'driftfarm figure it' }
  const html = await htmlReport([{ ...sweep, figures: [banded, banded] }], options)
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
  expect(ids.filter((id) => id?.includes('clip')).length).toBeGreaterThan(1)
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
})

test('cells with equal estimates are reported as equal', async () => {
  const { results, log } = randomSweep(2)
  const [first] = results.cells
  const same = { ...results, cells: results.cells.map((cell) => ({ ...cell, estimates: first!.estimates })) }
  expect(same.cells.length).toBeGreaterThan(1)
  expect(await htmlReport([reported(same, log)], options)).toMatch(/P\(escape\) is [^<]* in each\./)
  expect(await htmlReport([reported(results, log)], options)).toMatch(/P\(escape\) ranges from /)
})

test('only cells that have stopped are reported as stopped', () => {
  const { results, log } = randomSweep(2)
  const ended = { rule: 'trials' } as ResultsData['cells'][number]['stopped']
  const endedBy = (stopped: typeof ended) => ({
    ...results,
    cells: results.cells.map((cell) => ({ ...cell, stopped })),
  })
  expect(markdownReport([reported(endedBy(null), log)], options)).toMatch(/All \d+ cells are not finished\./)
  expect(markdownReport([reported(endedBy(ended), log)], options)).toMatch(/All \d+ cells stopped after/)
})

test('a report claims nothing about checks that were left out', () => {
  const { results, log } = randomSweep(2)
  const leftOut = { verdict: 'note', text: 'not checked: a descent takes too long', hint: null } as const
  const finding = { ...leftOut, name: 'basin', cells: [0], count: 1 } as const
  const text = (findings: ResultsData['findings']) => markdownReport([reported({ ...results, findings }, log)], options)
  expect(text([])).toContain('No check casts doubt on these numbers.')
  expect(text([{ ...finding, text: 'a note' }])).toContain('No check casts doubt on these numbers.')
  expect(text([finding])).toContain('No check that could be run casts doubt on these numbers.')
})

test('parts between backticks are code, and within them nothing is markup', async () => {
  const { results, log } = randomSweep(2)
  const finding = {
    name: 'events',
    verdict: 'doubtful',
    text: 'take `a <b> | c`, not *d*',
    hint: '`method: splitting`',
    cells: [0],
    count: 1,
  } as const
  const sweep = reported({ ...results, findings: [finding] }, log)
  const html = await htmlReport([sweep], options)
  expect(html).toContain('take <code>a &lt;b&gt; | c</code>, not *d*')
  expect(html).toContain('<td><code>method: splitting</code></td>')
  const markdown = markdownReport([sweep], options)
  expect(markdown).toContain('take `a <b> | c`, not \\*d\\*')
  expect(markdown).toContain('| take `a <b> \\| c`, not \\*d\\* | `method: splitting` |')
})

if (full)
  test('a report of 10,000 cells has all of them, with their data, in less than 4 MB', async () => {
    const hex = (index: number, salt: string) => createHash('md5').update(`${salt} ${index}`).digest('hex')
    const kept = ['escape', 'diverge', 'stay', 'escapeRate', 'escapeStep']
    const byCount = Array.from({ length: 51 }, (_, escaped) => {
      const { estimates, ...one } = cell(0, {}, escaped, 50)
      return { ...one, estimates: Object.fromEntries(kept.map((name) => [name, estimates[name]!])) }
    })
    const cells = Array.from({ length: 10_000 }, (_, index) => {
      const params = { 'update.eta': 0.05 * 1.0118 ** (index % 100), 'update.drift.temperature': index / 123_456 }
      const digest = `mset128:${hex(index, 'digest')}`
      const cpuSeconds = index / 7e6
      return { ...byCount[(index * 31) % 51]!, index, id: hex(index, 'id'), params, digest, cpuSeconds }
    })
    const column = <T>(of: (each: (typeof cells)[number]) => T) => cells.map(of)
    const results = resultsData({ id: 'a'.repeat(32), name: 'large', state: 'complete', seed: '1' }, cells)
    const escape = Object.fromEntries(
      (['value', 'low', 'high'] as const).map((key) => [key, column(({ estimates }) => estimates.escape![key])]),
    )
    const contents = {
      results: { data: results, warnings: [] },
      cells: { index: column(({ index }) => index), trials: column(({ trials }) => trials), estimates: { escape } },
    } as unknown as FileContents
    const figures = (['value', 'width'] as const).map((show) => ({ figure: mapFigure(results, { show }), command: '' }))
    const html = await htmlReport([{ ...reported(results, false), figures, contents }], options)
    expect(html.length).toBeLessThan(4_000_000)
    expect(rowsOf(html).map(([index]) => Number(index))).toEqual(column(({ index }) => index))
    const [read] = await contentsOf(html)
    expect(read!.results.data.cells).toEqual(cells)
  })
