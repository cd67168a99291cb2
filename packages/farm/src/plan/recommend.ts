import { stepsAtMost } from '@driftfarm/database'
import { fromUnits, kernelOf } from '@driftfarm/kernel'
import type { Recommended } from '@driftfarm/report'
import { type Cell, type ResolvedCell, type Sweep, splittingOf } from '@driftfarm/spec'
import { relativeVariance } from '@driftfarm/statistics'
import { countEvents, maxPilotSeconds, type PilotCounts, type PilotResources, pilotSeconds } from './pilot.ts'

const enoughEvents = 20
/** Few particles, so that several replicas fit into the time of the pilot. */
const pilotParticles = { particles: 200, kill: 3 } as const
const maxReplicas = 16
/** For a relative error of 10 %, the number of trials is (1 / 0.1)^2 = 100 times the relative variance of a trial. */
const trialsPerVariance = 100

/** Recommendations for the first and the last cell, if they use the direct method and define an escape. */
export async function recommendations(sweep: Sweep, means: PilotResources): Promise<readonly Recommended[]> {
  const found: Recommended[] = []
  for (const index of new Set([0, sweep.cellCount - 1])) {
    const recommended = await recommend(sweep.cell(index), means)
    if (recommended !== null) found.push(recommended)
  }
  return found
}

async function recommend(resolved: ResolvedCell, means: PilotResources): Promise<Recommended | null> {
  const { secondsPerStep } = means
  const { index, cell } = resolved
  if (cell.method.kind !== 'direct' || cell.trial.escape === null) return null
  const direct = await countEvents(resolved, { ...means, estimate: 'escape', horizons: [], enoughEvents })
  if (direct === null) return null
  const few = `${direct.events} of ${direct.trials} trials of the pilot escaped`
  const unknown = (method: Recommended['method'], reason: string): Recommended => {
    return { cell: index, method, probability: null, seconds: { direct: null, splitting: null }, reason }
  }
  if (direct.events >= enoughEvents) {
    const probability = direct.events / direct.trials
    const seconds = { direct: directSeconds(direct, probability), splitting: null }
    return { cell: index, method: 'direct', probability, seconds, reason: few }
  }
  const method = splittingOf(cell, pilotParticles)
  if (method === null) return unknown('direct', `${few}; to use splitting, add a score to the spec`)
  const splits: Cell = { ...cell, method }
  if (stepsAtMost(splits) * secondsPerStep(cell) > maxPilotSeconds)
    return unknown('splitting', `${few}; splitting may be faster, but a replica takes too long for a pilot`)
  const split = await runSplitting({ ...resolved, cell: splits }, means)
  if (split.probability === 0) {
    const none = `no particle of ${split.replicas} small splitting replicas escaped`
    return unknown('splitting', `${few}, and ${none}; use more particles`)
  }
  const { probability } = split
  const seconds = {
    direct: directSeconds(direct, probability),
    splitting: (split.seconds / split.replicas) * Math.max(1, split.relativeVariance * trialsPerVariance),
  }
  const faster = seconds.direct / seconds.splitting
  return {
    cell: index,
    method: faster > 1 ? 'splitting' : 'direct',
    probability,
    seconds,
    reason:
      `${few}; ${split.replicas} small splitting replicas estimate ` + `a probability of ${probability.toPrecision(1)}`,
  }
}

/** Thread time for a relative error of 10 %. The relative variance of a trial is (1 - p) / p. */
function directSeconds({ trials, seconds }: PilotCounts, probability: number): number {
  return (seconds / trials) * ((1 - probability) / probability) * trialsPerVariance
}

async function runSplitting({ index, cell, tables }: ResolvedCell, { pilot, module }: PilotResources) {
  pilot.say(index, 'compiling the kernel')
  const kernel = await kernelOf(cell, tables, module)
  let replicas = 0
  let sum = 0n
  let squares = 0n
  let seconds = 0
  while (replicas < 2 || (seconds < pilotSeconds && replicas < maxReplicas)) {
    const ran = pilot.run({ index, kernel, purpose: 'measuring whether splitting is faster' }, replicas, 1)
    seconds += ran.seconds
    replicas++
    const { sum: one, squares: square } = ran.tally.values!.all
    sum += one
    squares += square
  }
  return {
    replicas,
    seconds,
    probability: fromUnits(sum) / replicas,
    relativeVariance: relativeVariance({ sum, squares }, replicas),
  }
}
