import { compiledModule, type ModuleOf } from '@driftfarm/kernel'
import { type Cell, type DataTable, once } from '@driftfarm/spec'
import { type PremisePart, type Premises, premisesVersion } from '@driftfarm/statistics'
import { TheoryError } from '../error.ts'
import { basinPremise } from './basin.ts'
import { control } from './control.ts'
import { firstStepPremise } from './firstStep.ts'
import { keyOf, type Landmarks, landmarksBy, landmarksOf } from './landmarks.ts'
import { hostProbe, isQuick, kernelProbe } from './probe.ts'
import { relaxationPremise } from './relaxation.ts'
import { Awaited, Remembered } from './remembered.ts'
import { resolutionPremise } from './resolution.ts'
import { saddlePremise } from './saddle.ts'
import { settlingPremise } from './settling.ts'
import { stabilityPremise } from './stability.ts'
import { startPremise } from './startPremise.ts'
import { temperaturePremise } from './temperature.ts'

export interface PremiseOptions {
  /** Source of compiled modules; by default they are compiled here. */
  readonly module?: ModuleOf
}

/**
 * Everything that is known of a cell before its trials run. `data` is the table that the landscape refers to, null if
 * it refers to none. The result is the same on every machine. Takes some tenths of a millisecond for a cheap cell among
 * others of its sweep, and about a second where descents are long. Never throws: a part that cannot be computed is
 * null, and `failed` gives the reason.
 */
export async function premisesOf(cell: Cell, data: DataTable | null, options: PremiseOptions = {}): Promise<Premises> {
  const { module = compiledModule } = options
  const parts = new Parts()
  const landmarks = await settled(() => landmarksFor(cell, data, module))
  return {
    version: premisesVersion,
    control: await parts.later('control', () => control(cell, data, module)),
    basin: await parts.later('basin', () => basinPremise(cell, data, landmarks, module)),
    settling: await parts.later('settling', () => settlingPremise(cell, data, landmarks, module, allowances.settling)),
    firstStep: await parts.later('firstStep', () =>
      firstStepPremise(cell, data, landmarks, module, allowances.firstStep),
    ),
    ...withoutTrials(cell, data, landmarks, parts),
    failed: parts.failed,
  }
}

/** Times in nanoseconds that parts may take: of the kernel, or of the host where it examines the landscape. */
const allowances = { saddle: 1e8, firstStep: 2e7, settling: 2e8, relaxation: 2e7 }

/**
 * The premises that need no trials, computed synchronously: `control`, `basin`, `settling` and
 * `firstStep` are null. Where the host is too slow
 * for the gradients of the landscape, parts that need descents are in `failed`, although `premisesOf` may find them.
 */
export function premisesWithoutTrials(cell: Cell, data: DataTable | null): Premises {
  const parts = new Parts()
  const landmarks = once(() =>
    isQuick(cell)
      ? landmarksOf(cell, data)
      : hurried.get(keyOf(cell), () => landmarksBy(cell, hostProbe(cell, data, enoughAtOnce))),
  )
  return {
    version: premisesVersion,
    control: null,
    basin: null,
    settling: null,
    firstStep: null,
    ...withoutTrials(cell, data, landmarks, parts),
    failed: parts.failed,
  }
}

/** The time in nanoseconds that gradients on the host may take, for each part of the premises. */
const enoughAtOnce = 2e8
/** The entries hold the samples of their landscapes, so only a few are kept. */
const hurried = new Remembered<Landmarks>(8)
const slow = new Awaited<Landmarks>(8)

function withoutTrials(
  cell: Cell,
  data: DataTable | null,
  landmarks: () => Landmarks,
  parts: Parts,
): Pick<Premises, 'start' | 'saddle' | 'stability' | 'resolution' | 'temperature' | 'relaxation'> {
  const curvatures = () => landmarks().curvatures()
  return {
    start: parts.at('start', () => startPremise(cell, data, landmarks)),
    saddle: parts.at('saddle', () => unlessUnknown(() => saddlePremise(cell, data, landmarks, allowances.saddle))),
    stability: parts.at('stability', () => stabilityPremise(cell, curvatures)),
    resolution: parts.at('resolution', () => resolutionPremise(cell, landmarks())),
    temperature: parts.at('temperature', () => temperaturePremise(cell, curvatures)),
    relaxation: parts.at('relaxation', () =>
      unlessUnknown(() => relaxationPremise(cell, data, landmarks, allowances.relaxation)),
    ),
  }
}

/** null where the landmarks cannot be found: `stability` has the reason, which need not be told three times. */
function unlessUnknown<T>(find: () => T | null): T | null {
  try {
    return find()
  } catch (error) {
    if (error instanceof TheoryError) return null
    throw error
  }
}

/** Landscapes whose gradients are too slow on the host are examined by the kernel. */
export async function landmarksFor(cell: Cell, data: DataTable | null, module: ModuleOf): Promise<Landmarks> {
  if (isQuick(cell)) return landmarksOf(cell, data)
  return slow.get(keyOf(cell), async () => landmarksBy(cell, await kernelProbe(cell, data, module)))
}

/** The outcome of a promise as a function that returns it or throws: each part that asks for it fails by itself. */
async function settled<T>(make: () => Promise<T>): Promise<() => T> {
  try {
    const value = await make()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** Computes parts and keeps the reasons of those that could not be computed. */
class Parts {
  readonly failed: { readonly part: PremisePart; readonly reason: string }[] = []

  at<T>(part: PremisePart, find: () => T | null): T | null {
    try {
      return find()
    } catch (error) {
      return this.fail(part, error)
    }
  }

  async later<T>(part: PremisePart, find: () => Promise<T | null>): Promise<T | null> {
    try {
      return await find()
    } catch (error) {
      return this.fail(part, error)
    }
  }

  private fail(part: PremisePart, error: unknown): null {
    this.failed.push({ part, reason: error instanceof Error ? error.message : String(error) })
    return null
  }
}
