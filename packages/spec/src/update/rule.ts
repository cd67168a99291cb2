import * as z from 'zod'
import type { CustomRule, Rule } from '../cell.ts'
import { Broken, isMapping } from '../document/value.ts'
import { Mistake, missing } from '../errors.ts'
import { identifier, named, oneKey, quantity, section, text, words } from '../field/field.ts'
import { type Frame, refuseUnknownKeys, type Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { checkCount, checkName, rewriteNumbers } from '../field/vocabulary.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { type NamedRule, type RuleName, ruleNames, ruleNumbers, rules } from '../rules.ts'

export const customSchema = section(['step'], {
  state: named(identifier, quantity(ranges.any), 'a mapping of names to numbers').describe(
    'State variables of each coordinate with their initial values.',
  ),
  step: named(identifier, text('an expression'), 'a mapping of names to expressions').describe(
    'Expressions for the next values of the state variables and then of theta. They may use g, theta, the state ' +
      'variables, eta, n, xi and sign.',
  ),
}).describe('A custom rule, applied to each coordinate.')

export const ruleSchema = z
  .union([words(...ruleNames, 'custom'), oneKey({ custom: customSchema })], {
    error: `one of ${ruleNames.join(', ')}, or {custom: {state, step}}`,
  })
  .describe(
    "The update rule. gradient: theta' = theta - eta g'; momentum: v' = beta v - eta g', theta' = theta + v'; " +
      'nesterov, adagrad, rmsprop and adam as PyTorch defines them. Default gradient.',
  )

/** The parameters of all rules. */
export const ruleNumbersShape = Object.fromEntries(
  Object.entries(ruleNumbers).map(([key, { range, description }]) => [key, quantity(range, description)]),
) as Record<keyof typeof ruleNumbers, ReturnType<typeof quantity>>

const parametersOf = (kind: Rule['kind']): readonly string[] =>
  kind === 'custom' ? [] : Object.keys(rules[kind].numbers)

/** A custom rule is written as `rule: {custom: ..}`, or as `custom: ..` with or without `rule: custom` beside it. */
export function resolveRule(scope: Scope): Rule {
  const frame = scope.root.inner('update')
  const written = frame.get('rule')
  const inside = isMapping(written) ? frame.inner('rule') : null
  const custom = inside ?? (frame.get('custom') === undefined ? null : frame)
  if (inside !== null && frame.get('custom') !== undefined)
    throw new Mistake('DUPLICATE_KEY', frame.at('custom'), { word: 'custom' }, 'key')
  if (custom === frame && written !== undefined && written !== 'custom') {
    throw new Mistake('EXACTLY_ONE', frame.path(), { known: ['rule', 'custom'], reason: 'rule and custom' })
  }
  const kind = custom === null ? ((written as Rule['kind'] | undefined) ?? 'gradient') : 'custom'
  const { rule } = collectParts({
    parameters: () => refuseParameters(frame, kind),
    rule: () => ruleOf(frame, kind, custom),
  })
  return rule
}

function ruleOf(frame: Frame, kind: Rule['kind'], custom: Frame | null): Rule {
  if (kind !== 'custom') return namedRule(frame, kind)
  if (custom === null) throw missing(frame.at('custom'), 'custom: {state: {v: 0}, step: {v: "..", theta: ".."}}')
  return customRule(custom.inner('custom'))
}

function namedRule(frame: Frame, kind: RuleName): NamedRule {
  const numbers = Object.entries(rules[kind].numbers) as [keyof typeof ruleNumbers, number | null][]
  const each = numbers.map(([key, usual]) => {
    const number = () => frame.number(key, ruleNumbers[key].range, usual ?? undefined)
    return [key, number] as const
  })
  return { kind, ...collectParts(Object.fromEntries(each)) } as NamedRule
}

function refuseParameters(frame: Frame, kind: Rule['kind']): void {
  const known = ['rule', 'eta', ...parametersOf(kind), 'drift']
  collectEach(Object.keys(ruleNumbers), (key) => {
    const value = frame.peek(key)
    if (value === undefined || value instanceof Broken || known.includes(key)) return
    const hint =
      kind === 'custom'
        ? `a custom rule has no ${key}: define ${key} under \`let\``
        : `rule ${kind} has no ${key}: it takes ${known.join(', ')}; ${key} belongs to ${ownersOf(key)}`
    // Papers call the step size alpha; here alpha is a parameter of rmsprop.
    const isStep = key === 'alpha' && !(Number(frame.peek('eta')) > 0)
    const details = isStep
      ? { word: key, known, hint: `did you mean eta, the step size? ${hint}`, meant: frame.at('eta') }
      : { word: key, known, hint }
    throw new Mistake('UNKNOWN_KEY', frame.at(key), details, 'key')
  })
}

function ownersOf(key: string): string {
  return ruleNames.filter((name) => parametersOf(name).includes(key)).join(', ')
}

/** Names that an expression of a custom rule may use besides its states. */
const quantities = ['g', 'theta', 'eta', 'n', 'xi'] as const

function customRule(frame: Frame): CustomRule {
  const state = frame.inner('state')
  const step = frame.inner('step')
  const names = Object.keys(state.object).sort()
  checkCount(names.length, limits.states, 'states', state.path())
  const taken = new Map<string, string>([
    ...[...quantities, 'sign'].map((name) => [name, 'it already has a meaning in every rule'] as const),
    ...frame.scope.letNames.map((name) => [name, 'it is already defined under `let`'] as const),
  ])
  const known = [...names, 'theta']
  const next = (name: string) => () => expressionAt(step, name, names)
  const parts = collectParts({
    names: () => collectEach(names, (name) => checkName(name, state.at(name), taken)),
    steps: () =>
      refuseUnknownKeys(step, known, `\`step\` takes ${known.join(', ')}: to add a state, define it under \`state\``),
    state: () =>
      collectEach(names, (name) => ({
        name,
        ...collectParts({ initial: () => state.number(name, ranges.any), next: next(name) }),
      })),
    theta: next('theta'),
  })
  return { kind: 'custom', state: parts.state, theta: parts.theta }
}

function expressionAt(step: Frame, name: string, states: readonly string[]): string {
  const path = step.at(name)
  const written = step.get(name)
  const example = name === 'theta' ? '"theta - eta*g"' : `"0.9*${name} - eta*g"`
  if (typeof written !== 'string') throw missing(path, `the next ${name}, such as ${example}`)
  const known = step.scope.expressions.rule(written, path)
  return rewriteNumbers(known, step, name, [...quantities, ...states])
}
