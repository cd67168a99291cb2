import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { shareModules } from '@driftfarm/testing/modules'
import { writeSpec } from '@driftfarm/testing/spec'
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const folder = temporaryFolder()
const home = folder.path
shareModules(home)
afterAll(() => folder.remove())

const file = (name: string) => join(home, name)
const ask = (...arguments_: string[]) => driftfarm(arguments_, { home })
const json = async (...arguments_: string[]) => JSON.parse((await ask(...arguments_, '--json')).stdout).data

const spec = (name: string, seed: number, more: Record<string, unknown> = {}) =>
  writeSpec(home, name, {
    version: 1,
    name,
    seed,
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { eta: 0.1, drift: { sigma: 1 } },
    trial: { steps: 60, escape: 'x >= 0' },
    sweep: { 'update.eta': [0.05, 0.1, 0.2], 'update.drift.sigma': [0.8, 1, 1.2] },
    trials: 400,
    ...more,
  })

/**
 * The report without the data it carries: the block of a type that no browser runs, and the files behind its links.
 * Both are base64, in which any three letters turn up sooner or later: a look for words has to leave them out.
 */
const withoutData = (html: string): string =>
  html
    .replace(/<script type="application\/vnd\.driftfarm\+json;gzip;base64">[\w+/=\s]*<\/script>/, '')
    .replace(/href="data:[\w/+;=-]*;base64,[\w+/=]*"/g, '')

/** A spec whose author writes markup where it may stand. */
const hostile = `# <script>alert("x")</script> & \`more\`
version: 1
name: hostile
seed: 3
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1 } }
trial: { steps: 60, escape: "x >= 0" }
trials: 50
`

beforeAll(async () => {
  for (const path of [
    spec('before', 1),
    spec('after', 2, { sweep: { 'update.eta': [0.1, 0.2, 0.4], 'update.drift.sigma': [0.8, 1, 1.2] } }),
    writeSpec(home, 'hostile', hostile),
  ]) {
    const { code, stderr } = await ask('run', path, '--json')
    expect(code, stderr).toBe(0)
  }
})

test('a report is one file without scripts that loads nothing, with the numbers of the results', async () => {
  const { code, stderr } = await ask('report', 'before', '-o', file('before.html'))
  expect(code, stderr).toBe(0)
  const html = readFileSync(file('before.html'), 'utf8')
  expect(html.length).toBeLessThan(400_000)
  expect(withoutData(html)).not.toMatch(/<script|(?:src|href)\s*=\s*"(?:https?:)?\/\//)
  expect(withoutData(html)).not.toMatch(/NaN|undefined|\[object/)
  const { cells } = await json('results', 'before')
  for (const { digest, estimates } of cells) {
    expect(html).toContain(digest)
    const places = -Math.floor(Math.log10(estimates.escape.high - estimates.escape.low)) + 1
    expect(html).toContain(estimates.escape.value === 0 ? '0 [0' : estimates.escape.value.toFixed(places))
  }
  // Methods that are used are named with their references, and those alone.
  expect(html).toContain('C. J. Clopper and E. S. Pearson')
  expect(html).not.toContain('Huber')
  expect(html).toContain('driftfarm figure before --kind map')
})

test('markup in a spec is shown as text, in HTML and in Markdown', async () => {
  const { code, stderr } = await ask('report', 'hostile', '-o', file('hostile.html'))
  expect(code, stderr).toBe(0)
  const html = readFileSync(file('hostile.html'), 'utf8')
  expect(withoutData(html)).not.toContain('<script')
  expect(html).toContain('# &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; `more`')
  await ask('report', 'hostile', '-o', file('hostile.md'))
  // Within a block of code, which a back quote in it does not end.
  expect(readFileSync(file('hostile.md'), 'utf8')).toContain('```yaml\n# <script>')
})

test('several sweeps in one report', async () => {
  const { code, stderr } = await ask('report', 'before', '--with', 'after', '-o', file('both.md'))
  expect(code, stderr).toBe(0)
  const text = readFileSync(file('both.md'), 'utf8')
  expect(text.match(/^# /gm)).toHaveLength(2)
  expect(text.match(/^## Method$/gm)).toHaveLength(1)
  expect((await ask('report', 'before', '-o', file('x.docx'))).code).toBe(2)
})

test('two sweeps compared: cells matched by their values, and what is only in one', async () => {
  const data = await json('compare', 'before', 'after')
  expect(data.cells).toHaveLength(6)
  expect(data.only.first).toHaveLength(3)
  expect(data.only.second).toHaveLength(3)
  expect(data.cells.every((each: object) => !('same' in each))).toBe(true)
  expect(data.settings).toEqual([{ path: 'seed', first: '1', second: '2' }])
  const [results, others] = [await json('results', 'before'), await json('results', 'after')]
  for (const { cells, estimates, params } of data.cells) {
    const [a, b] = [results.cells[cells[0]], others.cells[cells[1]]]
    expect(a.params).toEqual(params)
    expect(b.params).toEqual(params)
    expect(estimates.escape.difference.value).toBeCloseTo(a.estimates.escape.value - b.estimates.escape.value, 12)
    expect(estimates.escape.difference.method).toBe('miettinen-nurminen')
  }
})

if (full)
  test('a sweep compared with itself differs nowhere; its halves add up to the whole', async () => {
    const same = await json('compare', 'before', 'before')
    for (const { same: isSame, estimates } of same.cells) {
      expect(isSame).toBe(true)
      expect(estimates.escape).toMatchObject({ difference: { value: 0 }, paired: true, differs: false })
    }
    expect((await ask('compare', 'before', 'before')).stdout).toContain(
      '9 cells of both sweeps with the same trials; 0 of 0',
    )
    const split = await json('compare', 'before', '--split', '137', '--of', 'escape')
    const results = await json('results', 'before')
    for (const { cells, trials, estimates } of split.cells) {
      expect(trials).toEqual([137, 263])
      const events = 137 * estimates.escape.first.value + 263 * estimates.escape.second.value
      expect(events).toBeCloseTo(results.cells[cells[0]].counts.escaped, 9)
    }
    expect((await ask('compare', 'before')).code).toBe(2)
  })

/** A file as hyparquet reads it. */
async function parquet(name: string) {
  const bytes = readFileSync(file(name))
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { schema } = await parquetMetadataAsync({ byteLength: buffer.byteLength, slice: (a, b) => buffer.slice(a, b) })
  return { schema, rows: await parquetReadObjects({ file: buffer }) }
}

test('Parquet of cells has every setting as a typed column, and that of rows every trial', async () => {
  expect((await ask('results', 'before', '--format', 'parquet')).code).toBe(2)
  expect((await ask('results', 'before', '--format', 'parquet', '-o', file('c.parquet'))).code).toBe(0)
  const { schema, rows } = await parquet('c.parquet')
  const types = new Map(schema.map(({ name, type }) => [name, type]))
  expect(types.get('update.eta')).toBe('DOUBLE')
  expect(types.get('trial.steps')).toBe('DOUBLE')
  expect(types.get('trials')).toBe('INT64')
  const { cells } = await json('results', 'before')
  expect(rows.map((row) => [row.index, row['update.eta'], row['escape.low'], row.digest])).toEqual(
    cells.map((cell: { index: number; params: object; estimates: { escape: { low: number } }; digest: string }) => [
      cell.index,
      (cell.params as Record<string, number>)['update.eta'],
      cell.estimates.escape.low,
      cell.digest,
    ]),
  )
  expect((await ask('results', 'before', '--rows', '--format', 'parquet', '-o', file('r.parquet'))).code).toBe(0)
  const trials = (await parquet('r.parquet')).rows
  expect(trials).toHaveLength(3_600)
  const escaped = trials.filter((row) => row.escaped_at !== null).length
  expect(escaped).toBe(
    cells.reduce((sum: number, cell: { counts: { escaped: number } }) => sum + cell.counts.escaped, 0),
  )
})

if (full)
  test('the spec of a report says all that was asked for: it alone gives the same outcomes', async () => {
    const path = spec('asked', 4)
    await ask('run', path, '--set', 'name=changed', '--set', 'update.drift.law=laplace', '--trials', '60')
    await ask('report', 'changed', '-o', file('changed.html'))
    const html = readFileSync(file('changed.html'), 'utf8')
    const [, link] = /download="changed.yaml" href="(data:[^"]*)"/.exec(html)!
    const [, stored] = /base64,(.*)$/.exec(link!)!
    writeFileSync(file('changed.yaml'), Buffer.from(stored!, 'base64'))
    const elsewhere = temporaryFolder()
    onTestFinished(() => elsewhere.remove())
    const cells = ({ stdout }: { readonly stdout: string }) =>
      JSON.parse(stdout).data.cells.map(({ trials, digest }: Record<string, unknown>) => [trials, digest])
    const again = await driftfarm(['run', file('changed.yaml'), '--json'], { home: elsewhere.path })
    expect(cells(again)).toEqual(cells(await ask('results', 'changed', '--json')))
  })
