import { build, type Expression, parse, simplify, substitute } from '@driftfarm/formula'
import { type Cell, cached, type Schedule } from '@driftfarm/spec'

export type Scales = ReturnType<typeof scalesOf>

/** Ascending by step. The first piece begins at step 0. */
export type Pieces = readonly (readonly [from: number, value: number])[]

export function valueAt(pieces: Pieces, n: number): number {
  return pieces.findLast(([from]) => from <= n)![1]
}

/**
 * The step size and the factors of the noise, as expressions in n and in the names of `parameters` and `pieces`. Users
 * cannot write these names.
 */
export function scalesOf(cell: Cell) {
  const nominal = scheduleExpression(cell.update.eta, etaPrefix)
  const warming = new Map([
    ['eta', nominal],
    ['steps', build.name(warmupName)],
  ])
  const eta = cell.update.warmup === undefined ? nominal : substitute(parse('eta*min(1, (n + 1)/steps)'), warming)
  /** For each drift entry, the factor of the random number xi. */
  const drift = cell.update.drift.map((entry, index) => {
    const value = scheduleExpression(entry.amount, driftPrefix(index))
    // With the scale `temperature`, the factor of xi is sqrt((2 eta_n) T_n).
    return entry.form === 'additive' && entry.scale === 'temperature'
      ? build.call('sqrt', build.multiply(build.multiply(build.two, eta), value))
      : value
  })
  return { eta, drift, parameters: scaleParameters(cell), pieces: scalePieces(cell) }
}

const etaPrefix = 'eta'
/** The parameter with the number of steps in which eta rises. */
const warmupName = 'eta.warmup'

function driftPrefix(index: number): string {
  return `drift${index}`
}

function schedulesOf({ update }: Cell): readonly (readonly [prefix: string, schedule: Schedule])[] {
  return [[etaPrefix, update.eta], ...update.drift.map(({ amount }, index) => [driftPrefix(index), amount] as const)]
}

export function scaleParameters(cell: Cell): ReadonlyMap<string, number> {
  const parameters = new Map<string, number>()
  for (const [prefix, schedule] of schedulesOf(cell))
    for (const [name, value] of Object.entries(numbersOf(schedule))) parameters.set(`${prefix}.${name}`, value)
  if (cell.update.warmup !== undefined) parameters.set(warmupName, cell.update.warmup)
  return parameters
}

function numbersOf(schedule: Schedule): Readonly<Record<string, number>> {
  if (schedule.kind === 'piecewise' || schedule.kind === 'expression') return {}
  const { kind: _, ...numbers } = schedule
  return 'exponent' in numbers ? { ...numbers, exponent: -numbers.exponent } : numbers
}

/** Piecewise constant functions of n. They are data, so that the code does not grow with the number of pieces. */
export function scalePieces(cell: Cell): ReadonlyMap<string, Pieces> {
  const pieces = new Map<string, Pieces>()
  for (const [prefix, schedule] of schedulesOf(cell))
    if (schedule.kind === 'piecewise') pieces.set(piecesName(prefix), schedule.points)
  return pieces
}

function piecesName(prefix: string): string {
  return `${prefix}.pieces`
}

/**
 * Schedules as functions of n and of their numbers. Exponents are parameters and not literals, so that
 * `elementary.power` computes the powers. The number `exponent` is stored with the opposite sign.
 */
const texts = {
  constant: 'value',
  power: 'initial*(1 + n/offset)^exponent',
  exponential: 'initial*rate^n',
  cosine: 'final + (initial - final)*(1 + cos(pi*min(n, steps)/steps))/2',
} as const satisfies Record<Exclude<Schedule['kind'], 'piecewise' | 'expression'>, string>

/**
 * The generated code and the scalar reference both use the returned expression, so their operations have the same
 * order.
 */
function scheduleExpression(schedule: Schedule, prefix: string): Expression {
  if (schedule.kind === 'piecewise') return build.name(piecesName(prefix))
  if (schedule.kind === 'expression') return simplify(parse(schedule.expression))
  return known(`${schedule.kind} ${prefix}`, texts[schedule.kind], prefix, Object.keys(numbersOf(schedule)))
}

/** The expressions do not depend on the numbers of a schedule. All cells of a sweep share them. */
const known = cached(64, (_key: string, text: string, prefix: string, numbers: readonly string[]) =>
  substitute(parse(text), new Map(numbers.map((name) => [name, build.name(`${prefix}.${name}`)]))),
)
