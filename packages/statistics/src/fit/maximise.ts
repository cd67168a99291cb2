import type { CellCount } from './cellCount.ts'
import { type Family, type Link, type Part, partOf } from './family.ts'

export interface Problem {
  readonly family: Family
  readonly link: Link
  readonly cells: readonly CellCount[]
}

/** predictor = level + slope (x - centre). */
export interface Predictor {
  readonly level: number
  readonly slope: number
}

/** Which parameters are varied; the others are held. */
export type Free = 'both' | 'level' | 'slope'

export interface Maximum extends Predictor {
  readonly deviance: number
  readonly parts: readonly Part[]
  /** Derivatives of the log-likelihood with respect to level and slope. */
  readonly score: readonly [ofLevel: number, ofSlope: number]
  /** Expected Fisher information about level and slope. */
  readonly information: readonly [levels: number, both: number, slopes: number]
}

const mostRounds = 200
const mostHalvings = 60

/**
 * Maximum likelihood by Fisher scoring (iteratively reweighted least squares). Steps are halved until the likelihood
 * does not fall. Null where the start lies outside the region that the link allows.
 */
export function maximise(problem: Problem, centre: number, start: Predictor, free: Free): Maximum | null {
  let at = evaluate(problem, centre, start)
  for (let round = 0; at !== null && round < mostRounds; round++) {
    const step = scoringStep(at, free)
    let next: Maximum | null = null
    let share = 1
    for (let halving = 0; halving < mostHalvings; halving++, share /= 2) {
      const tried = { level: at.level + share * step.level, slope: at.slope + share * step.slope }
      const reached = evaluate(problem, centre, tried)
      if (reached !== null && reached.deviance <= at.deviance) {
        next = reached
        break
      }
    }
    if (next === null) break
    const gained = at.deviance - next.deviance
    at = next
    if (gained <= 1e-13 * (1 + at.deviance)) break
  }
  return at
}

function evaluate(problem: Problem, centre: number, { level, slope }: Predictor): Maximum | null {
  const parts: Part[] = []
  let deviance = 0
  let [levels, both, slopes] = [0, 0, 0]
  let [ofLevel, ofSlope] = [0, 0]
  for (const cell of problem.cells) {
    const { x } = cell
    const part = partOf(problem, level + slope * (x - centre), cell)
    if (part === null) return null
    parts.push(part)
    deviance += part.deviance
    levels += part.weight
    both += part.weight * (x - centre)
    slopes += part.weight * (x - centre) * (x - centre)
    ofLevel += part.score
    ofSlope += part.score * (x - centre)
  }
  if (!Number.isFinite(deviance)) return null
  return { level, slope, deviance, parts, score: [ofLevel, ofSlope], information: [levels, both, slopes] }
}

function scoringStep({ score, information }: Maximum, free: Free): Predictor {
  const [ofLevel, ofSlope] = score
  const [levels, both, slopes] = information
  if (free === 'level') return { level: levels > 0 ? ofLevel / levels : 0, slope: 0 }
  if (free === 'slope') return { level: 0, slope: slopes > 0 ? ofSlope / slopes : 0 }
  const determinant = levels * slopes - both * both
  if (!(determinant > 0)) return { level: 0, slope: 0 }
  return {
    level: (slopes * ofLevel - both * ofSlope) / determinant,
    slope: (levels * ofSlope - both * ofLevel) / determinant,
  }
}

/**
 * Twice the log-likelihood that a quadratic approximation still promises: 0 at a maximum, more where an edge stopped
 * the search.
 */
export function stillToGain(at: Maximum): number {
  const { level, slope } = scoringStep(at, 'both')
  return level * at.score[0] + slope * at.score[1]
}
