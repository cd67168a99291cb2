import {
  type CellOfSweep,
  cellOf,
  type Database,
  dataReader,
  premisesOfCell,
  readOutcomes,
  sweepHead,
} from '@driftfarm/database'
import { type Observed, parseDigest } from '@driftfarm/kernel'
import { type DocumentData, type ReplayResult, rowRecord } from '@driftfarm/report'
import {
  type Demand,
  observedKeyOf,
  observedKeys,
  observedNames,
  parseEstimate,
  specLimits,
  type Tables,
} from '@driftfarm/spec'
import { controlCellOf } from '@driftfarm/theory'
import type { Answering } from '../answering.ts'
import type { Computations } from '../computations.ts'
import { ReplayError } from '../replayError.ts'

const kinds = { direct: 'Trial', splitting: 'Replica', tilt: 'Weighted' } as const

/** The index of a replica has 32 bits. */
const maxReplicas = 2 ** 32

/** Throws a ReplayError if the recomputed trial differs from its stored record in any bit. */
export const replay: Answering<'replay'> = async ({ database, heavy }, { sweep, cell: place, trial, control }) => {
  const found = await cellOf(database, sweep, place)
  const { cell, cellId, index } = found
  const { kind } = cell.method
  const unit = kind === 'splitting' ? 'replica' : 'trial'
  const most = kind === 'splitting' ? maxReplicas : specLimits.trialsPerCell
  if (!Number.isSafeInteger(trial) || trial < 0 || trial >= most)
    throw new ReplayError('NO_SUCH_TRIAL', `there is no ${unit} ${trial}`, {
      hint: `give a whole number from 0 to ${most - 1}`,
    })
  const tables = await dataReader(database)(cell)
  if (control) return controlReplay(database, found, tables, trial, heavy)
  const stored = await storedRecord(database, cellId, trial)
  const { observe = [] } = (await sweepHead(database, sweep)).demand
  const computed = await heavy.trial(cell, tables, trial, kind === 'direct' ? observedKeys(observe) : [])
  const { record, decoded, levels, engines } = computed
  if (stored !== null && !equal(record, stored))
    throw damaged(`${unit} ${trial} of cell ${cellId} does not reproduce the stored record`)
  const trialData = {
    ...rowRecord(index, trial, decoded),
    ...(levels === null ? {} : { ladder: levels }),
    ...(observe.length > 0 && kind === 'direct' && { observed: valuesOf(observe, computed.observed) }),
    id: cellId,
    stored: stored === null ? 'not kept' : 'equal',
    engines,
  }
  return { kind: kinds[kind], data: trialData } as unknown as ReplayResult
}

/** The values of one trial; null where it has none. Series are left out. */
function valuesOf(observe: NonNullable<Demand['observe']>, observed: Observed) {
  const values = observedNames(observe).map((estimate) => {
    const name = parseEstimate(estimate)!.name
    const { finite, notFinite, min } = observed[observedKeyOf(name, observe)!]![0]!
    return [name, finite > 0 ? min : notFinite > 0 ? 'NaN' : null] as const
  })
  return Object.fromEntries(values)
}

const damaged = (message: string): ReplayError =>
  new ReplayError('REPLAY_DIFFERS', message, {
    hint:
      'run `driftfarm verify` to find out how many trials are affected; either the stored rows are damaged or this ' +
      'machine computes incorrectly',
  })

async function controlReplay(
  database: Database,
  { cell, cellId, index }: CellOfSweep,
  tables: Tables,
  trial: number,
  heavy: Computations,
): Promise<ReplayResult> {
  const kept = (await premisesOfCell(database, cellId))?.control ?? null
  const control = controlCellOf(cell, kept?.steps)
  if (control === null)
    throw new ReplayError(
      'NO_CONTROL',
      `cell ${index} has no control run: none of the events that the cell counts can happen without noise`,
    )
  const { decoded, engines } = await heavy.trial(control, tables, trial)
  if (kept !== null) {
    const { digest } = await heavy.range(control, tables, 0, kept.trials, [])
    if (digest !== parseDigest(kept.digest))
      throw damaged(`the control run of cell ${cellId} does not reproduce its stored digest`)
  }
  const trialData = {
    ...rowRecord(index, trial, decoded),
    id: cellId,
    stored: kept !== null && trial < kept.trials ? 'equal' : 'not kept',
    engines,
    control: true,
    ...(kept === null ? {} : { controlTrials: kept.trials }),
  }
  return { kind: 'Trial', data: trialData as unknown as DocumentData<'Trial'> }
}

async function storedRecord(database: Database, cellId: string, trial: number): Promise<Uint8Array | null> {
  for await (const { records } of readOutcomes(database, cellId, trial, trial + 1)) return records
  return null
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(Buffer.from(b))
