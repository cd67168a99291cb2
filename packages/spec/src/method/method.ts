import * as z from 'zod'
import type { Method } from '../cell.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { keys, oneKey, quantity, text, words } from '../field/field.ts'
import type { Frame } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { Scope } from '../field/scope.ts'
import { rewrite } from '../field/vocabulary.ts'
import { collectParts, once } from '../mistakes.ts'
import type { MethodInput } from './methodInput.ts'
import { scoreOf } from './score.ts'
import { resolveTilt } from './tilt.ts'

const splitting = keys({
  score: text('a numeric expression over coordinates, loss, gradnorm, distance and step')
    .meta({
      description: 'The score that defines the levels. Default: how nearly the escape condition holds.',
    })
    .optional(),
  target: quantity(
    ranges.any,
    'The highest score at which a level is placed. Default: levels continue until nearly all particles have escaped.',
  ).optional(),
  particles: quantity(ranges.particles, 'Number of trajectories in a replica. Default 1000.').optional(),
  kill: quantity(
    ranges.particles,
    'At least this many particles are killed at each level. Default: a 64th of the particles.',
  ).optional(),
  replicas: quantity(ranges.replicas, 'Number of replicas of a cell. Default 64.').optional(),
})

const tilt = keys({
  shift: z
    .union([z.string(), z.array(z.string())], {
      error: 'a numeric expression over g, coordinates and step, or one for each coordinate',
    })
    .meta({
      description: 'The shift of the noise in each coordinate, in standard deviations of the noise.',
    }),
  original: quantity(ranges.mixture, 'Fraction of trials that keep the original noise. Default 0.1.').optional(),
})

export const methodSchema = z
  .union(
    [
      words('direct', 'splitting', 'both'),
      oneKey({
        splitting: splitting.meta({ description: 'Adaptive multilevel splitting.' }).optional(),
        both: splitting.meta({ description: 'Computes every cell directly and by splitting.' }).optional(),
        tilt: tilt
          .meta({ description: 'Importance sampling: trials with shifted noise, reweighted to the original noise.' })
          .optional(),
      }),
    ],
    {
      error: 'direct, splitting, both, {splitting: {score, ..}}, {both: {score, ..}} or {tilt: {shift}}',
    },
  )
  .meta({
    description:
      'How the escape probability is estimated. direct: the fraction of trials that escape. splitting: adaptive ' +
      'multilevel splitting, where each trial is a replica. both: every cell directly and by splitting. ' +
      'tilt: importance sampling. Default direct.',
  })

const direct: Method = { kind: 'direct' }
const defaults = { particles: 1000 } as const

export function resolveMethod(scope: Scope, input: MethodInput): Method {
  const method = scope.root.inner('method')
  if (method.get('tilt') !== undefined) return resolveTilt(scope, method.inner('tilt'), input)
  const written = writtenMethod(scope.root)
  if (written === null) return direct
  const { frame, path } = written
  const particles = once(() => particlesOf(scope, frame))
  const { score, target, kill } = collectParts({
    score: () => {
      if (input.trial.escape === null)
        throw new Mistake('MISSING', ['trial', 'escape'], {
          expected: 'an escape condition: splitting estimates the probability of an escape',
        })
      return frame.get('score') === undefined ? derived(input, path) : stated(scope, frame, input)
    },
    target: () => (frame.get('target') === undefined ? null : scope.number(frame, 'target', ranges.any)),
    particles,
    kill: () => killOf(scope, frame, particles()),
  })
  return { kind: 'splitting', score, target, particles: particles(), kill }
}

function particlesOf(scope: Scope, frame: Frame): number {
  const particles = scope.number(frame, 'particles', ranges.particles, defaults.particles)
  if (particles >= 2) return particles
  throw new Mistake('OUT_OF_RANGE', frame.at('particles'), { value: particles, expected: '2 or more' })
}

function killOf(scope: Scope, frame: Frame, particles: number): number {
  const kill = scope.number(frame, 'kill', ranges.particles, Math.max(1, Math.floor(particles / 64)))
  if (kill < particles) return kill
  const expected = `an integer below ${particles}, the number of particles`
  throw new Mistake('OUT_OF_RANGE', frame.at('kill'), { value: kill, expected })
}

/** Null if the method is direct. `both` does not occur here: it has already been replaced by an axis. */
function writtenMethod(root: Frame): { frame: Frame; path: readonly (string | number)[] } | null {
  const value = root.get('method')
  if (isMapping(value)) return { frame: root.inner('method').inner('splitting'), path: ['method', 'splitting'] }
  return value === 'splitting' ? { frame: root.inner('method'), path: ['method'] } : null
}

function stated(scope: Scope, frame: Frame, { resolved }: MethodInput): string {
  const path = frame.at('score')
  const known = scope.expressions.formula(String(frame.get('score')), path)
  return rewrite(known, resolved.vocabulary, scope, path)
}

function derived({ resolved, trial }: MethodInput, path: readonly (string | number)[]): string {
  const score = scoreOf(trial, resolved.landscape)
  if (score !== null) return score
  const under = path.length > 1 ? path : ['method', 'splitting']
  throw new Mistake('MISSING', [...under, 'score'], {
    expected: 'a score that defines the levels: no default score can be derived from this escape condition',
  })
}
