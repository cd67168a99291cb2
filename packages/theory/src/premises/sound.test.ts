import { type BatchResult, compile, Kernel, prepare, runReference } from '@driftfarm/kernel'
import { demandOf, parseSweep, type ResolvedCell } from '@driftfarm/spec'
import { type Check, checksOf, estimatesOf, isDoubt } from '@driftfarm/statistics'

import { expect, it } from 'vitest'
import { premisesOf } from './premises.ts'
import { soundSpec, uniforms } from './sound.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
/** The fast tier takes a fifth of the 500. */
const count = full ? 500 : 100
/** At most one in a hundred may carry a doubt that it does not deserve. The specs are fixed, so there is no false alarm. */
const most = count / 100

const modules = new Map<string, Promise<WebAssembly.Module>>()
function module({ shape, source }: { readonly shape: string; readonly source: Parameters<typeof compile>[0] }) {
  const known = modules.get(shape)
  if (known !== undefined) return known
  const made = compile(source).then((bytes) => new WebAssembly.Module(bytes as BufferSource))
  modules.set(shape, made)
  return made
}

/** Most cells have a shape of their own, which takes longer to compile than a few trials take by the reference. */
async function trialsOf({ cell, data }: ResolvedCell, trials: number): Promise<BatchResult> {
  const descends = cell.trial.quench !== null || cell.trial.escape?.kind === 'basin'
  if (cell.method.kind === 'direct' && !descends) return runReference(cell, 0, trials, { horizons: [], data })
  const prepared = prepare(cell, data)
  return Kernel.create(await module(prepared), prepared).run(0, trials, { keep: false, horizons: [] })
}

/** What is said of the one cell of a spec, by all that a farm would keep of it. */
async function checked(spec: Record<string, unknown>): Promise<readonly Check[]> {
  const sweep = parseSweep(JSON.stringify(spec), { fileName: 'spec.json' })
  const resolved = sweep.cell(0)
  const { cell, data } = resolved
  const demand = demandOf(sweep.demand, cell.method.kind)
  const { tally } = await trialsOf(resolved, demand.trials!)
  const { layout } = prepare(cell, data)
  const estimates = estimatesOf(tally, layout, demand, {
    kind: 'fixed',
    trial: cell.trial,
    cells: 1,
    cell: resolved.id,
  })
  const premises = await premisesOf(cell, data, { module })
  const { escape, steps } = cell.trial
  return checksOf({ tally, estimates, ended: 'trials', horizon: steps, premises, escape: escape?.kind ?? null })
}

it(`of ${count} sound cells at most one in a hundred is doubted`, { timeout: 1_800_000 }, async () => {
  const uniform = uniforms(11)
  const doubted: string[] = []
  let escapes = 0
  for (let at = 0; at < count; at++) {
    const spec = soundSpec(uniform, `sound-${at}`)
    const checks = await checked(spec)
    const doubts = checks.filter(isDoubt).map(({ name, verdict, text }) => `${name} ${verdict}: ${text}`)
    if (doubts.length > 0) doubted.push(`${JSON.stringify(spec)}: ${doubts.join('; ')}`)
    if (!checks.some(({ name, text }) => name === 'events' && text.startsWith('0 of'))) escapes++
  }
  expect(doubted.length, doubted.join('\n')).toBeLessThanOrEqual(most)
  // Of cells in which nothing ever happens this would be easy.
  expect(escapes).toBeGreaterThan(count / 3)
})

it('the same cells are doubted, every one, where their exit holds from the start on', {
  timeout: 1_800_000,
}, async () => {
  const uniform = uniforms(12)
  for (let at = 0; at < 20; at++) {
    const { method: _, ...spec } = soundSpec(uniform, `unsound-${at}`)
    const trial = { ...(spec.trial as Record<string, unknown>), escape: 'loss <= 1e6' }
    const checks = await checked({ ...spec, trial })
    expect(checks.filter(isDoubt).map(({ name }) => name)).toContain('control')
  }
})
