import type { CustomRule, Rule } from '../cell.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { ranges } from '../schema/range.ts'
import type { Frame } from './frame.ts'
import { refuseOthers } from './keys.ts'
import { checkCount, checkName } from './names.ts'
import type { Scope } from './scope.ts'
import { rewrite } from './vocabulary.ts'

const parameters: Readonly<Record<Rule['kind'], readonly string[]>> = {
  gradient: [],
  momentum: ['beta'],
  nesterov: ['beta'],
  adagrad: ['epsilon'],
  rmsprop: ['alpha', 'epsilon'],
  adam: ['beta1', 'beta2', 'epsilon'],
  custom: [],
}

/** The rule by name, its parameters beside it; `custom` stands beside or in place of the name. */
export function resolveRule(scope: Scope, frame: Frame): Rule {
  const written = frame.get('rule')
  const inside = isMapping(written) ? frame.inner('rule') : null
  const custom = inside ?? (frame.get('custom') === undefined ? null : frame)
  if (inside !== null && frame.get('custom') !== undefined)
    throw new Mistake('DUPLICATE_KEY', frame.at('custom'), { word: 'custom' }, 'key')
  if (custom === frame && written !== undefined && written !== 'custom') {
    throw new Mistake('EXACTLY_ONE', frame.path(), { known: ['rule', 'custom'], reason: 'rule and custom' })
  }
  const kind = custom === null ? ((written as Rule['kind'] | undefined) ?? 'gradient') : 'custom'
  refuseParameters(frame, kind)
  const beta = (key: string, fallback?: number) => scope.number(frame, key, ranges.beta, fallback)
  const epsilon = (fallback: number) => scope.number(frame, 'epsilon', ranges.nonNegative, fallback)
  switch (kind) {
    case 'gradient':
      return { kind }
    case 'momentum':
    case 'nesterov':
      return { kind, beta: beta('beta') }
    case 'adagrad':
      return { kind, epsilon: epsilon(1e-10) }
    case 'rmsprop':
      return { kind, alpha: beta('alpha', 0.99), epsilon: epsilon(1e-8) }
    case 'adam':
      return { kind, beta1: beta('beta1', 0.9), beta2: beta('beta2', 0.999), epsilon: epsilon(1e-8) }
    case 'custom': {
      if (custom === null)
        throw new Mistake('MISSING', frame.at('custom'), {
          expected: 'custom: {state: {v: 0}, step: {v: "..", theta: ".."}}',
        })
      return customRule(scope, custom.inner('custom'))
    }
  }
}

function refuseParameters(frame: Frame, kind: Rule['kind']): void {
  const known = ['rule', 'eta', ...parameters[kind], 'drift']
  for (const key of new Set(Object.values(parameters).flat())) {
    if (frame.get(key) === undefined || known.includes(key)) continue
    const hint =
      kind === 'custom'
        ? `a custom rule has no ${key}: name its numbers under let`
        : `rule ${kind} has no ${key}: it takes ${known.join(', ')}`
    throw new Mistake('UNKNOWN_KEY', frame.at(key), { word: key, known, hint }, 'key')
  }
}

/** What a step knows besides its states. */
const quantities = ['g', 'theta', 'eta', 'n', 'xi'] as const

function customRule(scope: Scope, frame: Frame): CustomRule {
  const state = frame.inner('state')
  const step = frame.inner('step')
  const names = Object.keys(state.object).sort()
  checkCount(names.length, limits.states, 'states', state.path())
  const taken = new Map<string, string>([
    ...[...quantities, 'sign'].map((name) => [name, 'every rule knows it already'] as const),
    ...scope.letNames.map((name) => [name, 'it is a name of let'] as const),
  ])
  for (const name of names) checkName(name, state.at(name), taken)
  refuseOthers(
    step,
    [...names, 'theta'],
    `a step is of ${[...names, 'theta'].join(', ')}: begin other states under state`,
  )
  const next = (name: string) => expressionAt(scope, step, name, names)
  return {
    kind: 'custom',
    state: names.map((name) => ({ name, initial: scope.number(state, name, ranges.any), next: next(name) })),
    theta: next('theta'),
  }
}

function expressionAt(scope: Scope, step: Frame, name: string, states: readonly string[]): string {
  const path = step.at(name)
  const written = step.get(name)
  const example = name === 'theta' ? '"theta - eta*g"' : `"0.9*${name} - eta*g"`
  if (typeof written !== 'string')
    throw new Mistake('MISSING', path, { expected: `the next ${name}, such as ${example}` })
  const known = scope.expressions.rule(written, path)
  const words = [...quantities, ...states]
  const vocabulary = { variables: [], dimension: 0, parameters: new Set<string>(), quantities: words }
  return rewrite(known, vocabulary, (word) => scope.named(word, step, name, written, words), [], path)
}
