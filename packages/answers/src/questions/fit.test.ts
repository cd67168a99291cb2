import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Farm } from '../../../coordinator/src/farm.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

let farm: Farm
beforeEach(async () => {
  farm = await Farm.running({ batch: 64 })
})
afterEach(() => farm.close())

const common = {
  streams: 'common',
  record: 'all',
  trials: 160,
  sweep: { 'update.drift.sigma': [2, 2.5, 3, 3.5] },
}

async function idAfter(change: Record<string, unknown>): Promise<string> {
  const { id } = await farm.submit(change)
  expect((await farm.ends(id)).state).toBe('complete')
  return id
}

const fitted = async (id: string, formula: string) => (await farm.source.fit({ sweep: id, formula })).data.fits[0]!

describe('cells under common streams', () => {
  it('are fitted with their covariance, from rows, or from the event bits of a contrast', async () => {
    const id = await idAfter(common)
    const byRows = await fitted(id, 'escape ~ sigma')
    expect(byRows.shared).toEqual({ cells: 4, blocks: 160 })
    const alone = await fitted(await idAfter({ ...common, streams: 'independent' }), 'escape ~ sigma')
    expect(alone.shared).toBeNull()
    // The same noise moves all cells together: the slope is surer than that of independent cells.
    const errorOf = ({ covariance, scale }: typeof alone) => Math.sqrt(Number(covariance[1]![1]) / scale)
    expect(errorOf(byRows) / errorOf(alone)).toBeLessThan(0.9)
    const contrasts = [{ of: 'escape', between: { 'update.drift.sigma': [2, 2.5] } }]
    const bits = await idAfter({
      ...common,
      name: 'bits',
      seed: 8,
      record: 'none',
      contrasts: [...contrasts, { of: 'escape', between: { 'update.drift.sigma': [3, 3.5] } }],
    })
    const byBits = await fitted(bits, 'escape ~ sigma')
    expect(byBits.shared).toEqual({ cells: 4, blocks: 160 })
    // Rows that are requested afterwards tell the same.
    const rows = await idAfter({ ...common, name: 'bits', seed: 8 })
    expect(await fitted(rows, 'escape ~ sigma')).toEqual(byBits)
  })

  if (full)
    it('are fitted by their rates, and by the replicas of splitting', async () => {
      const rates = await fitted(await idAfter(common), 'log(escapeRate) ~ sigma')
      expect(rates).toMatchObject({ family: 'poisson', shared: { cells: 4, blocks: 160 } })
      const method = { splitting: { score: 'x', target: 0, particles: 20, replicas: 16 } }
      const { trials: _, ...rest } = common
      const split = await fitted(await idAfter({ ...rest, name: 'split', method, trials: 16 }), 'log(escape) ~ sigma')
      expect(split).toMatchObject({ family: 'normal', method: 'splitting', shared: { cells: 4, blocks: 16 } })
    })

  if (full)
    it('are refused without either', async () => {
      const id = await idAfter({ ...common, record: 'none' })
      await expect(fitted(id, 'escape ~ sigma')).rejects.toThrow(
        /4 cells share their noise \(`streams: common`, seed \d+\), but their trials are not stored/,
      )
    })

  if (full)
    it('with seeds of their own are independent', async () => {
      const points = [2, 2.5, 3].map((sigma, at) => ({ 'update.drift.sigma': sigma, seed: 10 + at }))
      const id = await idAfter({ ...common, record: 'none', sweep: { points } })
      expect((await fitted(id, 'escape ~ sigma')).shared).toBeNull()
    })
})

it('a cell that is in a sweep twice counts once', async () => {
  const id = await idAfter({ ...common, streams: 'independent', sweep: { 'update.drift.sigma': [2, 2.5, 3, 3] } })
  const fit = await fitted(id, 'escape ~ sigma')
  expect(fit.cells.map(({ index }) => index)).toEqual([0, 1, 2])
  expect(fit.leftOut).toEqual([{ index: 3, why: 'the same trials are already counted in another cell' }])
})
