import {
  type Drift,
  type Law,
  lawNames,
  numberedLaws,
  type Rule,
  type Schedule,
  type Shape,
  type Update,
} from '@driftfarm/spec'
import fc from 'fast-check'

export const unary = [
  'exp',
  'log',
  'sqrt',
  'sin',
  'cos',
  'tan',
  'sinh',
  'cosh',
  'tanh',
  'atan',
  'acos',
  'abs',
  'sigmoid',
] as const
export const more = ['softplus', 'relu', 'erf'] as const

/** Formulas of the whole grammar over the given leaves. */
export function formulas(...leaves: readonly string[]): fc.Arbitrary<string> {
  return grammar([...unary, ...more], leaves)
}

/** The same with what only rules may call. */
function ruleFormulas(...leaves: readonly string[]): fc.Arbitrary<string> {
  return grammar([...unary, ...more, 'sign'], leaves)
}

function grammar(functions: readonly string[], leaves: readonly string[]): fc.Arbitrary<string> {
  const literal = fc.constantFrom('0', '1', '2', '0.5', '3.25', '1e-3', 'pi')
  const { number } = fc.letrec<{ number: string }>((tie) => ({
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(fc.constantFrom(...leaves), literal),
      fc
        .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number'))
        .map(([a, o, b]) => `(${a} ${o} ${b})`),
      fc.tuple(tie('number'), fc.constantFrom('2', '3', '5', '-1', '-2', '0.5', '1.5')).map(([a, k]) => `(${a})^${k}`),
      fc.tuple(fc.constantFrom(...functions), tie('number')).map(([name, a]) => `${name}(${a})`),
      fc
        .tuple(fc.constantFrom('min', 'max'), tie('number'), tie('number'))
        .map(([name, a, b]) => `${name}(${a}, ${b})`),
      tie('number').map((a) => `(-${a})`),
    ),
  }))
  return number
}

/** Conditions over the given leaves. */
export function conditions(...leaves: readonly string[]): fc.Arbitrary<string> {
  const seen = formulas(...leaves)
  return fc
    .tuple(seen, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), seen, fc.constantFrom('', '!'))
    .map(([a, o, b, no]) => `${no}(${a} ${o} ${b})`)
}

export const amount = fc.double({ min: 0.01, max: 2, noNaN: true })
export const schedule: fc.Arbitrary<Schedule> = fc.oneof(
  amount.map((value): Schedule => ({ kind: 'constant', value })),
  fc
    .tuple(amount, fc.double({ min: 1, max: 50, noNaN: true }), amount)
    .map(([initial, offset, exponent]): Schedule => ({ kind: 'power', initial, offset, exponent })),
  fc
    .tuple(amount, amount)
    .map(([initial, rate]): Schedule => ({ kind: 'exponential', initial, rate: Math.min(rate, 1) })),
  fc
    .tuple(amount, amount, fc.integer({ min: 1, max: 40 }))
    .map(([initial, final, steps]): Schedule => ({ kind: 'cosine', initial, final, steps })),
  fc.tuple(amount, amount, fc.integer({ min: 1, max: 20 })).map(
    ([first, second, from]): Schedule => ({
      kind: 'piecewise',
      points: [
        [0, first],
        [from, second],
      ],
    }),
  ),
  formulas('n').map((expression): Schedule => ({ kind: 'expression', expression })),
)

const numbered: readonly string[] = numberedLaws.map(({ name }) => name)
/** All that have no number: a new law is among them by itself. */
const plainLaws = lawNames.filter((name) => !numbered.includes(name))

const law: fc.Arbitrary<Law> = fc.oneof(
  fc.constantFrom(...plainLaws).map((kind): Law => ({ kind: kind as 'gaussian' })),
  fc.constantFrom(0.3, 1, 1.5, 2, 3.7, 40).map((nu): Law => ({ kind: 'student', nu })),
  fc.constantFrom(0.2, 0.5, 1, 1.3, 1.8, 2).map((alpha): Law => ({ kind: 'stable', alpha })),
)
const vectorLaw = fc.record({ law, isotropic: fc.boolean() })
const coefficient = fc.double({ min: 0, max: 0.999, noNaN: true })

const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc.constant<Rule>({ kind: 'gradient' }),
  coefficient.map((beta): Rule => ({ kind: 'momentum', beta })),
  coefficient.map((beta): Rule => ({ kind: 'nesterov', beta })),
  fc.constantFrom(0, 1e-10, 1e-3).map((epsilon): Rule => ({ kind: 'adagrad', epsilon })),
  coefficient.map((alpha): Rule => ({ kind: 'rmsprop', alpha, epsilon: 1e-8 })),
  fc.tuple(coefficient, coefficient).map(([beta1, beta2]): Rule => ({ kind: 'adam', beta1, beta2, epsilon: 1e-8 })),
  fc
    .record({
      names: fc.subarray(['m', 'u', 'v']),
      initial: fc.constantFrom(0, 1, -0.5),
      texts: fc.array(ruleFormulas('g', 'theta', 'eta', 'n', 'xi', 'm', 'u', 'v'), { minLength: 4, maxLength: 4 }),
      plain: fc.array(ruleFormulas('g', 'theta', 'eta', 'n', 'm', 'u', 'v'), { minLength: 4, maxLength: 4 }),
      draws: fc.boolean(),
    })
    .map(({ names, initial, texts, plain, draws }): Rule => {
      const source = draws ? texts : plain
      // A name that is no state here is the gradient instead.
      const own = (text: string) => text.replaceAll(/\b[muv]\b/g, (name) => (names.includes(name) ? name : 'g'))
      return {
        kind: 'custom',
        state: names.map((name, index) => ({ name, initial, next: own(source[index]!) })),
        theta: `theta - eta*${own(source[3]!)}`,
      }
    }),
)

function shapes(dimension: number): fc.Arbitrary<Shape> {
  const row = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: dimension, maxLength: dimension })
  return fc.oneof(
    row.map((values): Shape => ({ kind: 'diagonal', values })),
    fc.array(row, { minLength: dimension, maxLength: dimension }).map((rows): Shape => ({ kind: 'matrix', rows })),
    fc.record({
      kind: fc.constant('hessian' as const),
      at: fc.constantFrom('start' as const, 'current' as const),
      power: fc.constantFrom(0.5, 1, 2),
      trace: fc.constantFrom(null, 1.5),
    }),
  )
}

/** Keys of the update that a cell need not have. */
const changes: fc.Arbitrary<Partial<Update>> = fc.record(
  {
    clip: fc.constantFrom(0.01, 0.5, 3, 1e300),
    decoupledDecay: fc.constantFrom(0.01, 0.7),
    sam: fc.constantFrom(1e-3, 0.2, 2).map((rho) => ({ rho })),
    warmup: fc.constantFrom(2, 17),
  },
  { requiredKeys: [] },
)

/** Rules, step sizes and lists of drift of every kind; `seen` may stand in the conditions of drift. */
export function updates(dimension: number, ...seen: readonly string[]): fc.Arbitrary<Update> {
  const forms = [
    fc
      .tuple(vectorLaw, fc.constantFrom('sigma' as const, 'step' as const, 'temperature' as const))
      .map(([vector, scale]) => ({ form: 'additive' as const, scale, ...vector })),
    vectorLaw.map((vector) => ({ form: 'multiplicative' as const, ...vector })),
    law.map((one) => ({ form: 'rate' as const, law: one })),
    fc.constant({ form: 'flip' as const }),
    fc
      .tuple(vectorLaw, shapes(dimension))
      .map(([vector, shape]) => ({ form: 'anisotropic' as const, shape, ...vector })),
    vectorLaw.map((vector) => ({ form: 'loss-scaled' as const, ...vector })),
    ...(dimension < 2 ? [] : [law.map((one) => ({ form: 'rotation' as const, law: one }))]),
  ]
  const entry: fc.Arbitrary<Drift> = fc
    .record({
      form: fc.oneof(...forms),
      amount: schedule,
      when: fc.oneof(fc.constant(null), conditions(...seen)),
      every: fc.constantFrom(1, 1, 2, 7),
    })
    .map(({ form, ...rest }) => ({ ...form, ...rest }))
  const common = fc.record({ rule, eta: schedule, drift: fc.array(entry, { maxLength: 4 }) })
  return fc.tuple(common, changes).map(([update, changed]) => ({ ...update, ...changed }))
}
