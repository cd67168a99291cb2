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

it('the limits of a ratio contain it, also if means of observed values are negative or may be 0', async () => {
  const place = async (name: string, value: string, trials: number) =>
    idAfter({ name, trials, sweep: { 'update.eta': [0.1] }, observe: { place: { value, at: ['horizon'] } } })
  const ratioOf = async (first: string, second: string) => {
    const found = await farm.source.compare({ first, second, of: 'observe:place' })
    return found.cells[0]!.estimates['observe:place']!.ratio
  }
  const [left, right] = [await place('left', 'x', 100), await place('right', '-x', 100)]
  for (const { low, value, high } of [await ratioOf(left, right), await ratioOf(right, left)]) {
    expect(value).toBeCloseTo(-1, 12)
    expect([Number(low) < -1, Number(high) > -1, Number(high) < 0]).toEqual([true, true, true])
  }
  const unsure = await place('unsure', 'x + 1', 3)
  expect(await ratioOf(left, unsure)).toMatchObject({ low: '-Infinity', high: 'Infinity' })
})
