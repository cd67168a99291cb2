import type { Method } from '../cell.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { collectParts } from '../mistakes.ts'
import { once } from '../once.ts'
import { ranges } from '../schema/range.ts'
import type { Frame } from './frame.ts'
import type { MethodInput } from './methodInput.ts'
import type { Scope } from './scope.ts'
import { scoreOf } from './score.ts'
import { resolveTilt } from './tilt.ts'
import { rewrite } from './vocabulary.ts'

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
