import { compiledModule } from '@driftfarm/kernel'
import { type Cell, isPlain, type Tables } from '@driftfarm/spec'
import type { BarrierFault, BarrierGround } from '@driftfarm/statistics'
import { TheoryError } from '../error.ts'
import { escapeTest } from '../escapeTest.ts'
import { isPoint } from '../question/startPoint.ts'
import { BudgetExceeded } from './budget.ts'
import type { Landmarks } from './landmarks.ts'
import { landmarksFor } from './premises.ts'
import { relaxationPremise } from './relaxation.ts'
import { saddlePremise } from './saddle.ts'
import { outsideOf } from './start.ts'
import { barrierTemperature, temperatureOf } from './temperature.ts'

/** In nanoseconds. Unlike the budgets of premises, these limits do not depend on a `PremiseLevel`. */
const allowances = { landmarks: 2e8, saddle: 2e7, relaxation: 2e7 }
/** If two temperatures differ by more than this factor, the slope of a fit changes by several per cent. */
const maxTemperatureRatio = 1.5
/** Temperatures are compared only in directions whose curvature exceeds this share of the largest curvature. */
const minCurvature = 1e-2

/**
 * Decides whether the slope of a fit measures a barrier, provided that the temperature is right (see
 * `barrierTemperature`). The decision depends on whether trials of the cell leave the well in which they start, and on
 * how soon their position in that well no longer depends on the start. `tables` is as for `premisesOf`. A
 * TheoryError or BudgetExceeded becomes a fault; other errors are thrown.
 */
export async function barrierGround(cell: Cell, tables: Tables): Promise<BarrierGround> {
  const { steps: horizon } = cell.trial
  const refused = (fault: BarrierFault): BarrierGround => ({ horizon, relaxation: null, height: null, fault })
  try {
    const landmarks = await landmarksFor({ cell, tables, module: compiledModule, allowance: allowances.landmarks })
    const fault = notInWell(cell, tables, landmarks) ?? memoryFault(cell, landmarks)
    if (fault !== null) return refused(fault)
    const known = { cell, tables, landmarks: () => landmarks }
    const relaxation = relaxationPremise({ ...known, allowance: allowances.relaxation })
    return { horizon, relaxation: relaxation?.steps ?? null, height: startHeight(cell, landmarks), fault: null }
  } catch (error) {
    if (error instanceof TheoryError)
      return refused({ text: `the well in which trials start is not known (${error.message})`, hint: atMinimum })
    if (error instanceof BudgetExceeded)
      return refused({
        text: `the well in which trials start is not known (${error.work} would take longer than this check may)`,
        hint: smaller,
      })
    throw error
  }
}

const atMinimum = 'start at a minimum where the escape condition does not hold'
const smaller = 'use a landscape that is faster to compute, such as a network with less data'

function notInWell(cell: Cell, tables: Tables, landmarks: Landmarks): BarrierFault | null {
  const { escape, converge, afterConverge } = cell.trial
  if (escape === null) return { text: 'the cell has no escape event', hint: 'add an `escape`' }
  if (converge !== null && afterConverge === 'stop')
    return {
      text: 'convergence ends trials, so the cell measures escape before converging, not first escape',
      hint: 'remove `converge`, or set `afterConverge: continue`',
    }
  const text = startFault(cell, tables, landmarks)
  return text === null ? null : { text, hint: atMinimum }
}

function startFault(cell: Cell, tables: Tables, landmarks: Landmarks): string | null {
  const saddle = saddlePremise({ cell, tables, landmarks: () => landmarks, allowance: allowances.saddle })
  if (saddle !== null) return 'trials start at, or descend into, a saddle or a maximum'
  const outside = outsideOf(cell, landmarks)
  if (outside !== null && outside.share > 0) return `some starts lie outside the basin of ${outside.minimum}`
  const { theta, reached } = landmarks.minimum()
  if (!reached) return 'descent from the start does not reach a minimum'
  return cell.trial.escape!.kind !== 'basin' && escapeTest(cell, tables, theta)(theta)
    ? 'the escape condition already holds at the minimum to which descent from the start leads'
    : null
}

/**
 * Under a rule that remembers earlier gradients, noise has the temperature of slow motion (see `barrierTemperature`)
 * only if theta moves little while the rule forgets these gradients. Trials of the double well with barrier 0.25 and
 * noise on theta gave these slopes:
 *
 *     beta 0.5, eta 0.05: temperature at the minimum / temperature of slow motion = 1.31, slope 0.248 +- 0.002
 *     beta 0.5, eta 0.1:  1.64, slope 0.231
 *     beta 0.9, eta 0.02: 4.8, slope 0.101
 */
function memoryFault(cell: Cell, landmarks: Landmarks): BarrierFault | null {
  if (isPlain(cell.update.rule)) return null
  const slow = barrierTemperature(cell)
  const noise = temperatureOf(cell)
  if ('unknown' in slow || noise === null) return null
  const curvatures = landmarks.curvatures()
  const ratios = curvatures
    .filter((curvature) => curvature > minCurvature * curvatures.at(-1)!)
    .map((curvature) => (noise.along(curvature) ?? Number.POSITIVE_INFINITY) / slow.temperature)
  const worst = Math.max(...ratios.map((ratio) => Math.max(ratio, 1 / ratio)))
  return ratios.length === 0 || worst <= maxTemperatureRatio
    ? null
    : {
        text:
          'the steps are too long for a rule with memory: at the minimum, the noise has a different temperature ' +
          'than with short steps',
        hint: 'set a smaller `eta`, or put the noise on the gradient (`sigma`)',
      }
}

function startHeight({ start, trial }: Cell, { probe, starts, minimum }: Landmarks): number | null {
  if (trial.warmup > 0 || !isPoint(start)) return null
  return Math.max(0, probe.landscape.loss(starts()[0]!) - probe.landscape.loss(minimum().theta))
}
