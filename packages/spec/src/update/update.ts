import * as z from 'zod'
import type { CustomRule, Drift, Rule, Schedule, Update } from '../cell.ts'
import { Broken, isMapping, type Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { identifier, keys, named, oneKey, quantity, text, words } from '../field/field.ts'
import { type Frame, refuseUnknownKeys } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { Scope } from '../field/scope.ts'
import { checkCount, checkName, rewrite } from '../field/vocabulary.ts'
import { pointSchema } from '../landscape/fields.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { lawNames, laws, numberedLaws } from '../laws.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { type NamedRule, type RuleName, ruleNames, ruleNumbers, rules } from '../rules.ts'
import { conditionReader } from '../trial/events.ts'
import { flowStyle } from '../words/flowStyle.ts'
import { resolveDrift } from './drift.ts'
import { resolveSchedule, scheduleSchema } from './schedule.ts'

const numbers = numberedLaws.map(({ name, key, range, description }) => ({
  name,
  key,
  schema: quantity(range, description),
}))
const plain = lawNames.filter((name) => laws[name].number === null)
const written = [...plain, ...numbers.map(({ name, key }) => `{${name}: {${key}}}`)]

type NumberedLaws = {
  student: z.ZodOptional<z.ZodObject<{ nu: ReturnType<typeof quantity> }>>
  stable: z.ZodOptional<z.ZodObject<{ alpha: ReturnType<typeof quantity> }>>
}

const law = z.union(
  [
    words(...lawNames),
    oneKey(
      Object.fromEntries(
        numbers.map(({ name, key, schema }) => [
          name,
          keys({ [key]: schema })
            .meta({ description: `The distribution ${name} with its parameter.` })
            .optional(),
        ]),
      ) as unknown as NumberedLaws,
    ),
  ],
  { error: `a distribution: ${written.join(', ')}` },
)

const local = keys({
  at: words('start', 'current')
    .meta({
      description: 'Where the matrix is evaluated. start: at theta_0 of the trial. current: at theta_n. Default start.',
    })
    .optional(),
  power: quantity(
    ranges.positive,
    'S is the Hessian or covariance raised to this power, with negative eigenvalues set to 0. Default 0.5.',
  ).optional(),
  trace: quantity(
    ranges.positive,
    "S is scaled so that the trace of S S' has this value. Default: not scaled.",
  ).optional(),
})
const matrix = z.array(pointSchema, { error: 'a list of rows [..]' })

const shapes = {
  hessian: local.meta({ description: 'Computes S from the Hessian of the loss.' }).optional(),
  covariance: local.meta({ description: 'Computes S from the covariance of the single-sample gradients.' }).optional(),
}

type Numbers = ReturnType<typeof quantity>
type MaybeNumber<Key extends string> = Record<Key, z.ZodOptional<Numbers>>

const numbersOfRules = Object.fromEntries(
  Object.entries(ruleNumbers).map(([key, { range, description }]) => [key, quantity(range, description).optional()]),
) as MaybeNumber<keyof typeof ruleNumbers>

const driftEntry = keys({
  form: words('additive', 'multiplicative', 'rate', 'rotation', 'flip', 'anisotropic', 'loss-scaled')
    .meta({
      description:
        "How the noise xi changes the gradient g or the step. additive: g' = g + sigma xi; multiplicative: " +
        "g'_i = g_i (1 + sigma xi_i); rate: eta (1 + sigma xi); rotation: g rotated by the angle sigma xi; " +
        "flip: g' = -g with probability q; anisotropic: g' = g + sigma S xi; " +
        "loss-scaled: g' = g + sigma sqrt(max(L, 0)) xi. Default additive.",
    })
    .optional(),
  law: law
    .meta({ description: 'The distribution of xi, independent for each coordinate. Default gaussian.' })
    .optional(),
  ...(Object.fromEntries(numbers.map(({ key, schema }) => [key, schema.optional()])) as MaybeNumber<'nu' | 'alpha'>),
  isotropic: z
    .boolean({ error: 'true or false' })
    .meta({
      description:
        'Makes the distribution of the vector xi spherically symmetric. The law uniform then acts like ball, and ' +
        'rademacher like sphere. With any other law, each coordinate keeps its distribution. Default false.',
    })
    .optional(),
  sigma: scheduleSchema(
    ranges.nonNegative,
    'Scale of xi. For additive drift, the noise is added to the gradient.',
  ).optional(),
  step: scheduleSchema(
    ranges.nonNegative,
    "Scale of noise that is added to theta after the rule's own step.",
  ).optional(),
  temperature: scheduleSchema(
    ranges.nonNegative,
    'Langevin temperature T: adds noise to theta as `step` does, with scale sqrt(2 eta T).',
  ).optional(),
  q: scheduleSchema(ranges.probability, 'Probability of a flip.').optional(),
  probability: scheduleSchema(ranges.probability, 'Another name for `q`.').optional(),
  S: z
    .union([matrix, pointSchema, oneKey(shapes)], {
      error: 'a matrix [[..], ..], a diagonal [..], {hessian: {..}} or {covariance: {..}}',
    })
    .meta({ description: 'The matrix S of anisotropic drift.' })
    .optional(),
  matrix: matrix.meta({ description: 'The matrix S, given by its rows.' }).optional(),
  diagonal: pointSchema.meta({ description: 'The diagonal matrix S, given by its diagonal.' }).optional(),
  ...shapes,
  when: text('a condition such as "x >= 0"')
    .meta({ description: 'The drift acts only at steps where this condition holds at theta_n.' })
    .optional(),
  every: quantity(ranges.hold, 'The drift acts only at steps n that are multiples of this. Default 1.').optional(),
})

const custom = keys({
  state: named(identifier, quantity(ranges.any), 'a mapping of names to numbers')
    .meta({ description: 'State variables of each coordinate with their initial values.' })
    .optional(),
  step: named(identifier, text('an expression'), 'a mapping of names to expressions').meta({
    description:
      'Expressions for the next values of the state variables and then of theta. They may use g, theta, the state ' +
      'variables, eta, n, xi and sign.',
  }),
}).meta({ description: 'A custom rule, applied to each coordinate.' })

export const updateSchema = keys({
  rule: z
    .union([words(...ruleNames, 'custom'), oneKey({ custom: custom.optional() })], {
      error: `one of ${ruleNames.join(', ')}, or {custom: {state, step}}`,
    })
    .meta({
      description:
        "The update rule. gradient: theta' = theta - eta g'; momentum: v' = beta v - eta g', theta' = theta + v'; " +
        'nesterov, adagrad, rmsprop and adam as PyTorch defines them. Default gradient.',
    })
    .optional(),
  eta: scheduleSchema(ranges.positive, 'Step size (learning rate).'),
  ...numbersOfRules,
  custom: custom.optional(),
  drift: z
    .union([z.literal('none'), driftEntry, z.array(driftEntry, { error: 'a list of drifts' })], {
      error: '`none`, a drift {form, law, sigma | step | temperature} or a list of drifts',
    })
    .meta({ description: 'Noise that is deliberately added to the update. Default none: plain descent.' })
    .optional(),
}).meta({ description: 'How theta_n becomes theta_{n+1}.' })

export function resolveUpdate(scope: Scope, resolved: ResolvedLandscape): Update {
  return collectParts<Update>({
    rule: () => updateRule(scope),
    eta: () => resolveEta(scope),
    drift: () => resolveDrifts(scope, resolved),
  })
}

/** Reads all keys of the update except step size and drift. */
export function updateRule(scope: Scope): Rule {
  return resolveRule(scope, updateOf(scope))
}

export function resolveEta(scope: Scope): Schedule {
  return resolveSchedule(scope, updateOf(scope), 'eta', ranges.positive)
}

function updateOf(scope: Scope): Frame {
  return scope.root.inner('update')
}

export function resolveDrifts(scope: Scope, resolved: ResolvedLandscape): readonly Drift[] {
  const frame = updateOf(scope)
  const drift = frame.get('drift')
  if (drift === undefined || drift === 'none') return []
  const condition = conditionReader(scope, resolved, { mayBeSwitch: true })
  const inner = frame.inner('drift')
  if (!Array.isArray(inner.object)) return [resolveDrift(scope, inner, resolved, condition)]
  checkEntries(inner.object, inner.path())
  checkCount(inner.object.length, limits.drifts, 'drifts', inner.path())
  return collectEach(inner.object, (_, i) => resolveDrift(scope, inner.inner(i), resolved, condition))
}

/**
 * Refuses lists such as `- form: additive` followed by `- sigma: 1`, which are two incomplete drifts where one was
 * meant.
 */
function checkEntries(list: readonly unknown[], path: Path): void {
  const keys = list.flatMap((entry) => (isMapping(entry) ? Object.keys(entry) : []))
  const isSplit = list.length > 1 && keys.length === list.length && new Set(keys).size === keys.length
  if (!isSplit || keys.filter((key) => /^(sigma|step|temperature|q|probability)$/.test(key)).length > 1) return
  const one = flowStyle(Object.assign({}, ...list)) ?? '{ law: gaussian, sigma: 1 }'
  throw new Mistake('WRONG_TYPE', path, {
    value: list,
    expected: 'a list of complete drifts',
    hint: `write the keys of one drift together, without \`-\` before the keys: drift: ${one}`,
  })
}

const parameters: Readonly<Record<Rule['kind'], readonly string[]>> = {
  ...(Object.fromEntries(ruleNames.map((name) => [name, Object.keys(rules[name].numbers)])) as Record<
    RuleName,
    string[]
  >),
  custom: [],
}

/** A custom rule is written as `rule: {custom: ..}`, or as `custom: ..` with or without `rule: custom` beside it. */
function resolveRule(scope: Scope, frame: Frame): Rule {
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
    rule: () => ruleOf(scope, frame, kind, custom),
  })
  return rule
}

function ruleOf(scope: Scope, frame: Frame, kind: Rule['kind'], custom: Frame | null): Rule {
  if (kind !== 'custom') return namedRule(scope, frame, kind)
  if (custom === null)
    throw new Mistake('MISSING', frame.at('custom'), {
      expected: 'custom: {state: {v: 0}, step: {v: "..", theta: ".."}}',
    })
  return customRule(scope, custom.inner('custom'))
}

function namedRule(scope: Scope, frame: Frame, kind: RuleName): NamedRule {
  const numbers = Object.entries(rules[kind].numbers) as [keyof typeof ruleNumbers, number | null][]
  const each = numbers.map(([key, usual]) => {
    const number = () => scope.number(frame, key, ruleNumbers[key].range, usual ?? undefined)
    return [key, number] as const
  })
  return { kind, ...collectParts(Object.fromEntries(each)) } as NamedRule
}

function refuseParameters(frame: Frame, kind: Rule['kind']): void {
  const known = ['rule', 'eta', ...parameters[kind], 'drift']
  collectEach([...new Set(Object.values(parameters).flat())], (key) => {
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
  const owners = Object.entries(parameters).filter(([, keys]) => keys.includes(key))
  return owners.map(([rule]) => rule).join(', ')
}

/** Names that an expression of a custom rule may use besides its states. */
const quantities = ['g', 'theta', 'eta', 'n', 'xi'] as const

function customRule(scope: Scope, frame: Frame): CustomRule {
  const state = frame.inner('state')
  const step = frame.inner('step')
  const names = Object.keys(state.object).sort()
  checkCount(names.length, limits.states, 'states', state.path())
  const taken = new Map<string, string>([
    ...[...quantities, 'sign'].map((name) => [name, 'it already has a meaning in every rule'] as const),
    ...scope.letNames.map((name) => [name, 'it is already defined under `let`'] as const),
  ])
  const known = [...names, 'theta']
  const next = (name: string) => () => expressionAt(scope, step, name, names)
  const parts = collectParts({
    names: () => collectEach(names, (name) => checkName(name, state.at(name), taken)),
    steps: () =>
      refuseUnknownKeys(step, known, `\`step\` takes ${known.join(', ')}: to add a state, define it under \`state\``),
    state: () =>
      collectEach(names, (name) => ({
        name,
        ...collectParts({ initial: () => scope.number(state, name, ranges.any), next: next(name) }),
      })),
    theta: next('theta'),
  })
  return { kind: 'custom', state: parts.state, theta: parts.theta }
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
  const letNumber = (word: string) => scope.named(word, { frame: step, key: name, text: written, besides: words })
  return rewrite(known, vocabulary, { letNames: [], letNumber }, path)
}
