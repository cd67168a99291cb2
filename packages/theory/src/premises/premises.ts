import { nullIf } from '@driftfarm/formula'
import { compiledModule, type ModuleOf, withKnownStart } from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import { type PremiseLevel, type PremisePart, type Premises, premisesVersion } from '@driftfarm/statistics'
import { TheoryError } from '../error.ts'
import { RecentCache } from '../recentCache.ts'
import { basinPremise } from './basin.ts'
import { allowanceOf, usualLevel } from './budget.ts'
import { control } from './control.ts'
import { firstStepPremise } from './firstStep.ts'
import { keyOf, type Landmarks, landmarksBy, landmarksOf, type Study } from './landmarks.ts'
import { overshootPremise } from './overshoot.ts'
import { isQuick, kernelProbe } from './probe.ts'
import { relaxationPremise } from './relaxation.ts'
import type { CellStudy } from './runTrials.ts'
import { saddlePremise } from './saddle.ts'
import { settlingPremise } from './settling.ts'
import { stabilityPremise } from './stability.ts'
import { startPremise } from './start.ts'
import { resolutionPremise } from './stepNoise.ts'
import { temperaturePremise } from './temperature.ts'
import { countEnds, trainingPremise } from './training.ts'
import { twinsPremise } from './twins.ts'

export interface PremiseOptions {
  /** The source of compiled modules. By default, modules are compiled in this process. */
  readonly module?: ModuleOf
  /** How much work is allowed for the premises; by default, as much as for a cell that is alone in its sweep. */
  readonly level?: PremiseLevel
}

/**
 * Returns everything that is known about a cell before its trials run. `tables` are the tables that the cell
 * needs. The result is the same on every machine. The computation takes a few
 * tenths of a millisecond for a cheap cell in a sweep of many cells, and about a second if descents are long. Never
 * throws: a part that cannot be computed is null, and `failed` gives the reason.
 */
export async function premisesOf(given: Cell, tables: Tables, options: PremiseOptions = {}): Promise<Premises> {
  const { module = compiledModule, level = usualLevel } = options
  const { cell, end } = await withKnownStart(given, tables, module).catch(() => ({ cell: given, end: null }))
  if (end === 'diverged')
    return { version: premisesVersion, level, ...(nothing as Found), failed: [], training: countEnds(given, [end]) }
  // If the landmarks cannot be found, each part that needs them fails separately.
  const landmarks = await landmarksFor({ cell, tables, module, allowance: allowanceOf('landmarks', level) }).then(
    (found) => () => found,
    (error) => (): Landmarks => {
      throw error
    },
  )
  // The parts are computed one after the other. A copy of this object for each would take longer than some parts.
  const study = { cell, tables, module, landmarks, allowance: 0 }
  const found: Record<PremisePart, unknown> = { ...nothing }
  const failed: { readonly part: PremisePart; readonly reason: string }[] = []
  for (const part of parts) {
    // At level 0, even a few trials would use up the work allowed for all premises together.
    if (part === 'overshoot' && level === 0) continue
    // If `basin` does not apply to the cell, `overshoot` may use the share of the work that is reserved for `basin`.
    const more = part === 'overshoot' && found.basin === null ? allowanceOf('basin', level) : 0
    study.allowance = allowanceOf(part, level) + more
    try {
      const made = finders[part](study)
      found[part] = made instanceof Promise ? await made : made
    } catch (error) {
      failed.push({ part, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  const training = end === null ? await trainingPremise(study, level) : countEnds(given, [end])
  return { version: premisesVersion, level, ...(found as Found), failed, ...(training !== null && { training }) }
}

type Found = Pick<Premises, PremisePart>

/**
 * The parts in the order in which they are computed: `overshoot` depends on the result of `basin`. `stability` reports
 * why the landmarks cannot be found, so `saddle` and `relaxation` need not repeat the reason.
 */
const finders: { readonly [Part in PremisePart]: (study: Study) => Found[Part] | Promise<Found[Part]> } = {
  twins: twinsPremise,
  basin: basinPremise,
  control,
  settling: settlingPremise,
  firstStep: firstStepPremise,
  overshoot: overshootPremise,
  start: startPremise,
  saddle: (study) => nullIf(TheoryError, () => saddlePremise(study)),
  stability: ({ cell, landmarks }) => stabilityPremise(cell, () => landmarks().nearCurvatures()),
  resolution: ({ cell, landmarks }) => resolutionPremise(cell, landmarks()),
  temperature: ({ cell, landmarks }) => temperaturePremise(cell, () => landmarks().curvatures()),
  relaxation: (study) => nullIf(TheoryError, () => relaxationPremise(study)),
}
const parts = Object.keys(finders) as PremisePart[]
/** The keys of premises, in the order in which they are stored. */
const nothing = Object.fromEntries(['control' as const, ...parts].map((part) => [part, null])) as Found

/** Each entry holds all samples of its landscape, so only a few are cached. */
const slowLandmarks = new RecentCache<Promise<Landmarks>>(3)

export async function landmarksFor({ cell, tables, module, allowance }: CellStudy): Promise<Landmarks> {
  if (isQuick(cell)) return landmarksOf(cell, tables, allowance)
  return slowLandmarks.get(`${allowance} ${keyOf(cell)}`, async () =>
    landmarksBy(cell, tables, await kernelProbe(cell, tables, module), allowance),
  )
}
