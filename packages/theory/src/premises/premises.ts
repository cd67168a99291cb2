import { compiledModule, type ModuleOf } from '@driftfarm/kernel'
import { type Cell, type DataTable, once } from '@driftfarm/spec'
import { type PremisePart, type Premises, premisesVersion } from '@driftfarm/statistics'
import { basinPremise } from './basin.ts'
import { control } from './control.ts'
import { keyOf, type Landmarks, landmarksBy, landmarksOf } from './landmarks.ts'
import { hostProbe, isQuick, kernelProbe } from './probe.ts'
import { Awaited, Remembered } from './remembered.ts'
import { resolutionPremise } from './resolution.ts'
import { stabilityPremise } from './stability.ts'
import { startPremise } from './startPremise.ts'
import { temperaturePremise } from './temperature.ts'

export interface PremiseOptions {
  /** Where compiled modules come from; they are compiled here unless said. */
  readonly module?: ModuleOf
}

/**
 * All that is known of a cell before its trials. `data` is what the landscape's reference stands for, null without one.
 * The same on every machine; takes some tenths of a millisecond for a cheap cell among others of its sweep, and about a
 * second where descents take long. Never throws: a part that cannot be found is null, and `failed` says why.
 */
export async function premisesOf(cell: Cell, data: DataTable | null, options: PremiseOptions = {}): Promise<Premises> {
  const { module = compiledModule } = options
  const parts = new Parts()
  const landmarks = await settled(() => landmarksFor(cell, data, module))
  return {
    version: premisesVersion,
    control: await parts.later('control', () => control(cell, data, module)),
    basin: await parts.later('basin', () => basinPremise(cell, data, landmarks, module)),
    ...withoutTrials(cell, data, landmarks, parts),
    failed: parts.failed,
  }
}

/**
 * The premises that need no trials, at once: `control` and `basin` are null. Where the host is too slow to look at the
 * landscape, parts that need its descents are among the failed, though `premisesOf` may find them.
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
    ...withoutTrials(cell, data, landmarks, parts),
    failed: parts.failed,
  }
}

/** Nanoseconds of gradients on the host, for each thing that is looked at. */
const enoughAtOnce = 2e8
/** They hold the samples of their landscapes, so only a few are kept. */
const hurried = new Remembered<Landmarks>(8)
const slow = new Awaited<Landmarks>(8)

function withoutTrials(
  cell: Cell,
  data: DataTable | null,
  landmarks: () => Landmarks,
  parts: Parts,
): Pick<Premises, 'start' | 'stability' | 'resolution' | 'temperature'> {
  const curvatures = () => landmarks().curvatures()
  return {
    start: parts.at('start', () => startPremise(cell, data, landmarks)),
    stability: parts.at('stability', () => stabilityPremise(cell, curvatures)),
    resolution: parts.at('resolution', () => resolutionPremise(cell, landmarks())),
    temperature: parts.at('temperature', () => temperaturePremise(cell, curvatures)),
  }
}

/** Landscapes that the host is too slow for are looked at by the kernel. */
async function landmarksFor(cell: Cell, data: DataTable | null, module: ModuleOf): Promise<Landmarks> {
  if (isQuick(cell)) return landmarksOf(cell, data)
  return slow.get(keyOf(cell), async () => landmarksBy(cell, await kernelProbe(cell, data, module)))
}

/** What came of a promise, to be had at once: each part that asks for it fails for itself. */
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

/** Keeps why parts could not be found. */
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
