import type { Cell, DataTable } from '@driftfarm/spec'
import { checkData } from '../model/checkData.ts'
import { modelOf } from '../model/model.ts'
import { addDigests, recordDigest } from '../outcome/digest.ts'
import { layoutOf, type OutcomeRecord } from '../outcome/outcome.ts'
import { encodeRecord } from '../outcome/record.ts'
import type { BatchResult } from '../outcome/result.ts'
import { addTallies, type Digest, zeroTally } from '../outcome/tally.ts'
import { withWeights } from '../outcome/weights.ts'
import { particleCell } from '../splitting/cell.ts'
import type { ParticleEnd } from '../splitting/particle.ts'
import { runReplicas } from '../splitting/run.ts'
import { streamKey } from '../streams/streams.ts'
import { tallyOf } from './tally.ts'
import { type Branching, type EndedTrial, trialRunner } from './trial.ts'

/**
 * The slow scalar reference. It computes the same records, tally and digest as the kernel, bit for bit, but with
 * independent code. It always returns records.
 */
export function runReference(
  cell: Cell,
  first: number,
  count: number,
  {
    horizons,
    data = null,
    theta = false,
  }: { readonly horizons: readonly number[]; readonly data?: DataTable | null; readonly theta?: boolean },
): BatchResult & { readonly records: Uint8Array } {
  checkData(cell, data)
  const model = modelOf(particleCell(cell))
  const layout = layoutOf(cell)
  const key = streamKey(cell)
  const runner = trialRunner(model, key, data?.values ?? null)
  if (cell.method.kind === 'splitting')
    return runReplicas({ method: cell.method, layout, key }, { first, count }, horizons, (replica, particles) =>
      particles.map((each) => particleEnd(runner.particle(replica, each))),
    )
  const records = new Uint8Array(count * layout.bytes)
  const thetas = theta ? new Float64Array(count * model.dimension) : null
  let tally = zeroTally(layout, horizons)
  let digest: Digest = 0n
  for (let i = 0; i < count; i++) {
    const ended = runner.trial(first + i)
    const { outcome, theta: last } = ended
    thetas?.set(last, i * model.dimension)
    const record = encodeRecord(recordOf(ended), layout)
    records.set(record, i * layout.bytes)
    tally = addTallies(tally, tallyOf(outcome, layout, horizons))
    digest = addDigests(digest, recordDigest(first + i, record))
  }
  if (cell.method.kind === 'tilt') tally = withWeights(tally, records, layout)
  return { completed: true, records, theta: thetas, tally, digest }
}

function particleEnd({ outcome: { end, exit, steps }, peak, branchedAt }: EndedTrial & Branching): ParticleEnd {
  return { end, exit, steps, peak, branchedAt, snapshot: null }
}

function recordOf({ outcome, tilted }: EndedTrial): OutcomeRecord {
  if (tilted === undefined) return { kind: 'trial', ...outcome }
  const { class: _, loss: __, distance: ___, marks: ____, ...course } = outcome
  const value = outcome.escapedAt === null ? 0 : tilted.weight
  return { kind: 'weighted', ...course, value, logRatio: tilted.logRatio }
}
