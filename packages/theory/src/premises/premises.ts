import { compiledModule, type ModuleOf } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import {
  type PremiseLevel,
  type PremisePart,
  type Premises,
  premisesVersion,
  type StartPremise,
} from '@driftfarm/statistics'
import { TheoryError } from '../error.ts'
import { basinPremise } from './basin.ts'
import { type Budget, type BudgetPart, budgetOf, type PartBudget, usualLevel } from './budget.ts'
import { control } from './control.ts'
import { firstStepPremise } from './firstStep.ts'
import { keyOf, type Landmarks, landmarksBy, landmarksOf } from './landmarks.ts'
import { overshootPremise } from './overshoot.ts'
import { isQuick, kernelProbe } from './probe.ts'
import { AsyncRecentCache } from './recentCache.ts'
import { relaxationPremise } from './relaxation.ts'
import { saddlePremise } from './saddle.ts'
import { settlingPremise } from './settling.ts'
import { stabilityPremise } from './stability.ts'
import { startEvents, startPremise } from './start.ts'
import { resolutionPremise } from './stepNoise.ts'
import { temperaturePremise } from './temperature.ts'
import { twinsPremise } from './twins.ts'

export interface PremiseOptions {
  /** The source of compiled modules. By default, modules are compiled in this process. */
  readonly module?: ModuleOf
  /** How much work is allowed for the premises; by default, as much as for a cell that is alone in its sweep. */
  readonly level?: PremiseLevel
}

/**
 * Returns everything that is known about a cell before its trials run. `data` is the table that the landscape refers
 * to; it is null if the landscape refers to none. The result is the same on every machine. The computation takes a few
 * tenths of a millisecond for a cheap cell in a sweep of many cells, and about a second if descents are long. Never
 * throws: a part that cannot be computed is null, and `failed` gives the reason.
 */
export async function premisesOf(cell: Cell, data: DataTable | null, options: PremiseOptions = {}): Promise<Premises> {
  const { module = compiledModule, level = usualLevel } = options
  const budget = budgetOf(level)
  const parts = new Parts()
  const landmarks = await settled(() => landmarksFor(cell, data, { module, allowance: budget.of('landmarks') }))
  const allowed = (...shares: readonly BudgetPart[]): PartBudget => ({
    module,
    allowance: shares.reduce((sum, part) => sum + budget.of(part), 0),
  })
  const twins = await parts.later('twins', () => twinsPremise(cell, data, allowed('twins')))
  const basin = await parts.later('basin', () => basinPremise(cell, data, landmarks, allowed('basin')))
  const holds = isQuick(cell) ? null : await settled(() => startEvents(cell, data, allowed('start')))
  // If `basin` does not apply to the cell, `overshoot` may use the share of the work that is reserved for `basin`.
  const unneeded: BudgetPart[] = basin === null ? ['basin'] : []
  return {
    version: premisesVersion,
    level,
    control: await parts.later('control', () => control(cell, data, allowed('control'))),
    twins,
    basin,
    settling: await parts.later('settling', () => settlingPremise(cell, data, landmarks, allowed('settling'))),
    firstStep: await parts.later('firstStep', () => firstStepPremise(cell, data, landmarks, allowed('firstStep'))),
    // At level 0, even a few trials would use up the work allowed for all premises together.
    overshoot:
      level === 0
        ? null
        : await parts.later('overshoot', () =>
            overshootPremise(cell, data, landmarks, allowed('overshoot', ...unneeded)),
          ),
    ...withoutTrials(cell, data, landmarks, { parts, budget, holds }),
    failed: parts.failed,
  }
}

/** Each entry holds all samples of its landscape, so only a few are cached. */
const slowLandmarks = new AsyncRecentCache<Landmarks>(8)

interface Without {
  readonly parts: Parts
  readonly budget: Budget
  /** The events at the starts, computed by the kernel; null if JavaScript computes them fast enough. */
  readonly holds: (() => StartPremise['holds']) | null
}

function withoutTrials(
  cell: Cell,
  data: DataTable | null,
  landmarks: () => Landmarks,
  { parts, budget, holds }: Without,
): Pick<Premises, 'start' | 'saddle' | 'stability' | 'resolution' | 'temperature' | 'relaxation'> {
  const curvatures = () => landmarks().curvatures()
  return {
    start: parts.at('start', () => startPremise(cell, data, landmarks, holds)),
    saddle: parts.at('saddle', () => unlessUnknown(() => saddlePremise(cell, data, landmarks, budget.of('saddle')))),
    stability: parts.at('stability', () => stabilityPremise(cell, () => landmarks().nearCurvatures())),
    resolution: parts.at('resolution', () => resolutionPremise(cell, landmarks())),
    temperature: parts.at('temperature', () => temperaturePremise(cell, curvatures)),
    relaxation: parts.at('relaxation', () =>
      unlessUnknown(() => relaxationPremise(cell, data, landmarks, budget.of('relaxation'))),
    ),
  }
}

/** `stability` reports why the landmarks cannot be found, so the other parts need not repeat the reason. */
function unlessUnknown<T>(find: () => T | null): T | null {
  try {
    return find()
  } catch (error) {
    if (error instanceof TheoryError) return null
    throw error
  }
}

export async function landmarksFor(
  cell: Cell,
  data: DataTable | null,
  { module, allowance }: PartBudget,
): Promise<Landmarks> {
  if (isQuick(cell)) return landmarksOf(cell, data, allowance)
  return slowLandmarks.get(`${allowance} ${keyOf(cell)}`, async () =>
    landmarksBy(cell, await kernelProbe(cell, data, module), allowance),
  )
}

/**
 * If `make` fails, the returned function throws the error at each call. Each part of the premises that calls the
 * function then fails separately.
 */
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
