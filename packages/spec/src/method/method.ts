import * as z from 'zod'
import type { Method, Trial } from '../cell.ts'
import { isMapping, type Path } from '../document/value.ts'
import { Mistake, missing, outOfRange } from '../errors.ts'
import { oneKey, quantity, section, text, words } from '../field/field.ts'
import type { Frame, Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { number, shapeOf } from '../field/section.ts'
import { rewrite, vocabularyAt } from '../field/vocabulary.ts'
import type { Others } from '../landscape/minima.ts'
import { collectParts, once } from '../mistakes.ts'
import { scoreOf } from './score.ts'
import { resolveTilt, tiltSchema } from './tilt.ts'

const splittingFields = {
  score: text('a numeric expression over coordinates, loss, gradnorm, distance and step').describe(
    'The score that defines the levels. Default: how nearly the escape condition holds.',
  ),
  target: number(
    ranges.any,
    'The highest score at which a level is placed. Default: levels continue until nearly all particles have escaped.',
    null,
  ),
  particles: number(ranges.particles, 'Number of trajectories in a replica.', 1000),
  kill: quantity(
    ranges.particles,
    'At least this many particles are killed at each level. Default: a 64th of the particles.',
  ),
  replicas: quantity(ranges.replicas, 'Number of replicas of a cell. Default 64.'),
}
const splitting = section([], shapeOf(splittingFields))

export const methodSchema = z
  .union(
    [
      words('direct', 'splitting', 'both'),
      oneKey({
        splitting: splitting.describe('Adaptive multilevel splitting.'),
        both: splitting.describe('Computes every cell directly and by splitting.'),
        tilt: tiltSchema.describe('Importance sampling: trials with shifted noise, reweighted to the original noise.'),
      }),
    ],
    {
      error: 'direct, splitting, both, {splitting: {score, ..}}, {both: {score, ..}} or {tilt: {shift}}',
    },
  )
  .describe(
    'How the escape probability is estimated. direct: the fraction of trials that escape. splitting: adaptive ' +
      'multilevel splitting, where each trial is a replica. both: every cell directly and by splitting. ' +
      'tilt: importance sampling. Default direct.',
  )

const direct: Method = { kind: 'direct' }

export function resolveMethod(scope: Scope, others: Others): Method {
  const method = scope.root.inner('method')
  if (method.get('tilt') !== undefined) {
    checkMarks(others.trial())
    return resolveTilt(method.inner('tilt'), others)
  }
  const frame = splittingFrame(scope.root)
  if (frame === null) return direct
  checkMarks(others.trial())
  const particles = once(() => particlesOf(frame))
  const { score, target, kill } = collectParts({
    score: () => {
      if (others.trial().escape === null)
        throw missing(['trial', 'escape'], 'an escape condition: splitting estimates the probability of an escape')
      return frame.get('score') === undefined ? derived(others, frame.path()) : stated(frame, others)
    },
    target: () => splittingFields.target.read(frame, 'target'),
    particles,
    kill: () => killOf(frame, particles()),
  })
  return { kind: 'splitting', score, target, particles: particles(), kill }
}

/** Splitting and tilts have no marks. */
function checkMarks({ escape, converge }: Trial): void {
  const exits = escape?.kind === 'exits' ? escape.exits.map(([, when]) => when) : []
  const whens = converge?.kind === 'when' ? [...exits, converge.when] : exits
  if (!whens.some((when) => /\bdistance\.since\./.test(when))) return
  const reason = 'splitting and tilts record no marks'
  throw new Mistake('QUANTITY', ['trial', 'escape'], { word: 'distance.since', reason, hint: 'use `method: direct`' })
}

function particlesOf(frame: Frame): number {
  const particles = splittingFields.particles.read(frame, 'particles')
  if (particles >= 2) return particles
  throw outOfRange(frame.at('particles'), particles, '2 or more')
}

function killOf(frame: Frame, particles: number): number {
  const kill = frame.number('kill', ranges.particles, Math.max(1, Math.floor(particles / 64)))
  if (kill < particles) return kill
  const expected = `an integer below ${particles}, the number of particles`
  throw outOfRange(frame.at('kill'), kill, expected)
}

/** Null if the method is direct. `both` does not occur here: it has already been replaced by an axis. */
function splittingFrame(root: Frame): Frame | null {
  const value = root.get('method')
  if (isMapping(value)) return root.inner('method').inner('splitting')
  return value === 'splitting' ? root.inner('method') : null
}

function stated(frame: Frame, { resolved }: Others): string {
  const path = frame.at('score')
  const known = frame.scope.expressions.formula(String(frame.get('score')), path)
  return rewrite(known, vocabularyAt('score', resolved()), frame.scope, path)
}

function derived({ resolved, trial }: Others, path: Path): string {
  const score = scoreOf(trial(), resolved().landscape)
  if (score !== null) return score
  const under = path.length > 1 ? path : ['method', 'splitting']
  throw missing(
    [...under, 'score'],
    'a score that defines the levels: no default score can be derived from this escape condition',
  )
}
