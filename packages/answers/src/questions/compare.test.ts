import { afterEach, beforeEach, expect, it } from 'vitest'
import { Farm } from '../../../coordinator/src/farm.fixture.ts'

let farm: Farm
beforeEach(async () => {
  farm = await Farm.running({ batch: 64 })
})
afterEach(() => farm.close())

async function idAfter(change: Record<string, unknown>): Promise<string> {
  const { id } = await farm.submit(change)
  expect((await farm.ends(id)).state).toBe('complete')
  return id
}

const common = { streams: 'common', record: 'all', trials: 160, sweep: { 'update.eta': [0.1] } }

async function escapesOf(id: string): Promise<readonly boolean[]> {
  const had: boolean[] = []
  for await (const record of (await farm.source.rows(id)).records) {
    const { trial, escaped_at } = record as { trial: number; escaped_at: number | null }
    had[trial] = escaped_at !== null
  }
  return had
}

it('two sweeps under common streams are compared in pairs, though the records of one are longer', async () => {
  const first = await idAfter({ ...common, name: 'plain' })
  const second = await idAfter({
    ...common,
    name: 'marked',
    trial: { steps: 30, escape: 'x >= 0', marks: { low: 'loss <= 0.01' } },
  })
  const [a, b] = [await escapesOf(first), await escapesOf(second)]
  const found = await farm.source.compare({ first, second, of: 'escape' })
  const { escape } = found.cells[0]!.estimates
  const p = (had: readonly boolean[]) => had.filter((each) => each).length / had.length
  expect(escape!.paired).toBe(true)
  expect(escape!.difference.value).toBeCloseTo(p(a) - p(b), 12)
  // Tango's interval of the pairs of the rows.
  const discordant = a.filter((each, i) => each !== b[i]).length
  expect(escape!.difference).toMatchObject({ method: 'tango' })
  const half = (Number(escape!.difference.high) - Number(escape!.difference.low)) / 2
  const wald = 1.96 * Math.sqrt(discordant / 160 ** 2 - (p(a) - p(b)) ** 2 / 160)
  expect(half / wald).toBeGreaterThan(0.9)
  expect(half / wald).toBeLessThan(1.25)
})
