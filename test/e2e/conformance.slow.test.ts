import { remoteFarmClient } from '@driftfarm/api/client'
import { databaseFarmClient, openSession, type Session } from '@driftfarm/farm'
import {
  contentsOf,
  documentJson,
  FileError,
  fileSource,
  htmlReport,
  type LiveSource,
  reportedSweep,
  type Source,
} from '@driftfarm/report'
import { parseSweep } from '@driftfarm/spec'
import { servedFarm } from '@driftfarm/testing/served'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// A view, a command and a script know a Source. Three things are one: the database, the farm over HTTP, and a report
// file that was written of it. Whatever two of them say of the same question must be the same.

const served = servedFarm()

const text = JSON.stringify({
  version: 1,
  name: 'well',
  seed: 4,
  record: 'all',
  landscape: { preset: 'double-well' },
  start: { minimum: 'left' },
  update: { eta: 0.1, drift: { sigma: 1 } },
  trial: { steps: 60, escape: 'x >= 0', marks: { half: 'x >= -0.5' } },
  sweep: { 'update.eta': [0.05, 0.1, 0.2], 'update.drift.sigma': [0.8, 1, 1.2] },
  contrasts: [{ of: 'escape', between: { 'update.eta': [0.05, 0.2] } }],
  trials: 400,
})

let session: Session
let id: string
const sources = {} as Record<'database' | 'http' | 'file', Source>

beforeAll(async () => {
  session = await openSession({ home: served.home })
  const there = remoteFarmClient({ url: served.url })
  const sweep = parseSweep(text, { fileName: 'well' })
  ;({ id } = await there.submit({ sweep, text, set: [], trials: undefined, files: new Map() }))
  for await (const _ of there.follow(id, { signal: new AbortController().signal }));
  sources.database = databaseFarmClient(session, { keepsExact: true })
  sources.http = there
  const reported = await reportedSweep(sources.database, id, { data: true, oracle: true, theorem: true })
  const html = await htmlReport([reported], { made: 'today', version: '0.0.0' })
  sources.file = fileSource(await contentsOf(html), 'well.html')
})
afterAll(() => session?.close())

/** All that is told one by one, told at once. */
async function all<T>(told: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const each of told) list.push(each)
  return list
}

const watching = { signal: new AbortController().signal }
const idOfCell = async (source: Source) => (await source.cell({ sweep: id, cell: '4' })).cell.id
/** A database has no stream of changes, so its state now is compared. */
async function lastOf(source: Source) {
  if ('live' in source) return (await all((source as LiveSource).live(id, watching))).at(-1)
  return { status: await source.status({ sweep: id }), cells: await source.cells({ sweep: id }) }
}
type Question = (source: Source) => unknown

/** What a report file answers too. */
const held: readonly (readonly [string, Question])[] = [
  ['find, by its name', (source) => source.find('well')],
  ['find, by the beginning of its id', (source) => source.find(id.slice(0, 6))],
  ['sweeps', (source) => source.sweeps()],
  ['status', (source) => source.status({ sweep: id })],
  ['failures', async (source) => (await source.failures({ sweep: id })).causes],
  ['follow', (source) => all(source.follow(id, watching))],
  ['live', lastOf],
  ['results', (source) => source.results(id)],
  ['cells', (source) => source.cells({ sweep: id })],
  ['cells, some of them', (source) => source.cells({ sweep: id, cells: [2, 5] })],
  ['cell, by its index', (source) => source.cell({ sweep: id, cell: '3' })],
  ['cell, by its id', async (source) => source.cell({ sweep: id, cell: await idOfCell(source) })],
  ['withResults', (source) => source.withResults(id, async ({ head, cells }) => [head, await all(cells())])],
  ['withResults, its tail', (source) => source.withResults(id, ({ tail }) => tail())],
  ['withResults, some cells', (source) => source.withResults(id, ({ cells }) => all(cells()), { cells: [1, 7] })],
  ['curves', (source) => source.curves(id)],
  ['withCurves', (source) => source.withCurves(id, async ({ head, cells }) => [head, await all(cells())])],
  ['origins', (source) => source.origins({ sweep: id })],
  ['exact', (source) => source.exact({ sweep: id, cell: '8' })],
  ['theorem', (source) => source.theorem({ sweep: id, cell: '8' })],
  ['figure: line', (source) => source.figure(id, { kind: 'line', oracle: true, theorem: true })],
  ['figure: map', (source) => source.figure(id, { kind: 'map', show: 'width', label: 'x=noise; z=how precise' })],
  ['figure: curve', (source) => source.figure(id, { kind: 'curve', where: 'eta == 0.1' })],
  ['figure: ends', (source) => source.figure(id, { kind: 'ends' })],
  ['figure: contrast', (source) => source.figure(id, { kind: 'contrast' })],
  ['figure: trajectory', (source) => source.figure(id, { kind: 'trajectory', cell: 4, trials: [0, 3] })],
  ['paths', (source) => source.paths({ sweep: id, cell: 4, trials: [0, 3] })],
  ['trajectory', (source) => source.trajectory({ sweep: id, cell: '4', trial: 3 })],
  ['kernel', async (source) => (await source.kernel(await idOfCell(source))).cell],
]

/** What only a farm can answer. */
const asked: readonly (readonly [string, Question])[] = [
  ['withResults, its settings', (source) => source.withResults(id, async (told) => all(told.settings()))],
  ['best', (source) => source.best({ sweep: id, of: 'escape', direction: 'max' })],
  ['fit', (source) => source.fit({ sweep: id, formula: 'log(escape) ~ 1/sigma', by: 'eta' })],
  ['compare', (source) => source.compare({ first: id, second: id })],
  ['compare, earlier with later trials', (source) => source.compare({ first: id, split: 100 })],
  ['convergence', (source) => source.convergence({ sweep: id, of: 'escape', cells: [4] })],
  ['figure: convergence', (source) => source.figure(id, { kind: 'convergence', cell: 4 })],
  ['replay', (source) => source.replay({ sweep: id, cell: '3', trial: 17, control: false })],
  ['keptRows', (source) => source.keptRows({ sweep: id, cell: '3', count: 10 })],
  ['rows', async (source) => all((await source.rows(id)).records)],
]

const plain = (answer: unknown): unknown => JSON.parse(documentJson(answer))

describe('database and HTTP', () => {
  test.each([...held, ...asked, ['namesakes', (source: Source) => source.namesakes({ sweep: id })] as const])(
    'give the same: %s',
    async (_, question) => {
      expect(plain(await question(sources.http))).toEqual(plain(await question(sources.database)))
    },
  )

  test.each<readonly [string, Question]>([
    ['a sweep', (source) => source.find('nowhere')],
    ['a cell', (source) => source.cell({ sweep: id, cell: '99' })],
    ['a trial', (source) => source.replay({ sweep: id, cell: '3', trial: -1, control: false })],
    ['a formula', (source) => source.fit({ sweep: id, formula: 'log(escape ~ 1' })],
    ['a figure', (source) => source.figure(id, { kind: 'line', x: 'nothing' })],
  ])('refuse alike, with the same words: %s', async (_, question) => {
    const refusal = async (source: Source) => {
      try {
        await question(source)
      } catch (error) {
        const { code, message, hint } = error as { code: string; message: string; hint: string }
        return { code, message, hint }
      }
      return null
    }
    const here = await refusal(sources.database)
    expect(here?.code).toBeTypeOf('string')
    expect(await refusal(sources.http)).toEqual(here)
  })
})

describe('a report file', () => {
  test.each(held)('gives what the database gives: %s', async (_, question) => {
    expect(plain(await question(sources.file))).toEqual(plain(await question(sources.database)))
  })

  test.each(asked)('says that it does not contain: %s', async (_, question) => {
    const answer = (async () => question(sources.file))()
    await expect(answer).rejects.toThrow(FileError)
    await expect(answer).rejects.toThrow(/does not contain/)
  })

  test('that is none, or not whole, is refused', async () => {
    await expect(contentsOf('<p>a page</p>')).rejects.toThrow('contains no sweep data')
    const opening = '<script type="application/vnd.driftfarm+json;gzip;base64">'
    await expect(contentsOf(`${opening}H4sIAAAA</script>`)).rejects.toThrow('cannot be read')
    await expect(contentsOf(`${opening}%%</script>`)).rejects.toThrow('cannot be read')
  })
})
