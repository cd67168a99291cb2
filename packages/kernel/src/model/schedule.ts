import { build, constants, type Expression, parse, simplify } from '@driftfarm/formula'
import type { Cell, Schedule } from '@driftfarm/spec'

const pi = constants.get('pi')!

/**
 * The step size and the factors of the noise, as expressions in n and in the names of `parameters` and `pieces`. Users
 * cannot write these names.
 */
export interface Scales {
  readonly eta: Expression
  /** For each drift entry, the factor of the random number xi. */
  readonly drift: readonly Expression[]
  readonly parameters: ReadonlyMap<string, number>
  /** Piecewise constant functions of n. They are data, so that the code does not grow with the number of pieces. */
  readonly pieces: ReadonlyMap<string, Pieces>
}

/** Ascending by step. The first piece begins at step 0. */
export type Pieces = readonly (readonly [from: number, value: number])[]

export function valueAt(pieces: Pieces, n: number): number {
  return pieces.findLast(([from]) => from <= n)![1]
}

export function scalesOf(cell: Cell): Scales {
  const eta = scheduleExpression(cell.update.eta, etaPrefix)
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
  return parameters
}

function numbersOf(schedule: Schedule): Readonly<Record<string, number>> {
  switch (schedule.kind) {
    case 'constant':
      return { value: schedule.value }
    case 'power':
      return { initial: schedule.initial, offset: schedule.offset, exponent: -schedule.exponent }
    case 'exponential':
      return { initial: schedule.initial, rate: schedule.rate }
    case 'cosine':
      return { initial: schedule.initial, final: schedule.final, steps: schedule.steps }
    case 'piecewise':
    case 'expression':
      return {}
  }
}

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
 * The generated code and the scalar reference both use the returned expression, so their operations have the same
 * order. Exponents are parameters and not literals, so that `elementary.power` computes the powers.
 */
function scheduleExpression(schedule: Schedule, prefix: string): Expression {
  const n = build.name('n')
  const named = (name: string) => build.name(`${prefix}.${name}`)
  switch (schedule.kind) {
    case 'constant':
      return named('value')
    case 'power': {
      const base = build.add(build.one, build.divide(n, named('offset')))
      return build.multiply(named('initial'), build.raise(base, named('exponent')))
    }
    case 'exponential':
      return build.multiply(named('initial'), build.raise(named('rate'), n))
    case 'cosine': {
      const steps = named('steps')
      const angle = build.divide(build.multiply(build.number(pi), build.call('min', n, steps)), steps)
      const final = named('final')
      const range = build.subtract(named('initial'), final)
      const wave = build.add(build.one, build.call('cos', angle))
      return build.add(final, build.divide(build.multiply(range, wave), build.two))
    }
    case 'piecewise':
      return build.name(piecesName(prefix))
    case 'expression':
      return simplify(parse(schedule.expression))
  }
}
