import * as z from 'zod'
import { short } from '../finding/check.ts'
import { extentOf } from '../interval/interval.ts'
import type { Plain } from '../shape.ts'
import type { BarrierFault, BarrierGround } from './barrier.ts'
import type { Fit } from './fit.ts'
import type { FitFormula } from './formula.ts'

/** The temperature T in the rate law exp(-barrier/T) of rare escapes, or the reason why it is unknown. */
export type BarrierTemperature =
  /**
   * `why` says why the temperature differs from the one that corresponds to the noise of one step. Null if it does not
   * differ, or if theory gives no reason.
   */
  | {
      readonly temperature: number
      readonly why: string | null
      /** Results of theory about the start and the well; absent if they were not examined. */
      readonly ground?: BarrierGround
    }
  | { readonly unknown: string }

/**
 * In a fit of log(..), the negative of the coefficient of a term x is a barrier only if x is 1/T, where T is the actual
 * temperature of the noise.
 */
export const temperatureShape = z.strictObject({
  term: z.string(),
  // null if the temperature of a cell is unknown.
  share: z
    .strictObject({ low: z.number(), high: z.number() })
    .nullable()
    .describe(
      'Lowest and highest product of the term and the actual temperature of the noise. Both are 1 if the term ' +
        'is 1 over the actual temperature.',
    ),
  // True requires that both values of `share` are within 5 % of 1, and that the fitted rate is that of leaving a well.
  slopeIsBarrier: z.boolean(),
  text: z.string(),
  hint: z.string().nullable(),
})
export type FitTemperature = Plain<z.infer<typeof temperatureShape>>

/**
 * Marks a fit in which the negative of the coefficient is not a barrier, for reasons other than the temperature. For
 * example, the rate is not constant.
 */
export function withoutBarrier(
  temperature: FitTemperature,
  [first, ...others]: readonly BarrierFault[],
): FitTemperature {
  const { text, term } = temperature
  const known = text.slice(0, text.lastIndexOf(': '))
  const slope = /-slope/.test(text) ? '-slope' : `-(coefficient of ${term})`
  const none = temperature.slopeIsBarrier
    ? `${slope} is not a barrier`
    : `neither ${slope} nor a multiple of it is a barrier`
  return {
    ...temperature,
    slopeIsBarrier: false,
    text: `${known}, but ${none}: ${[first!, ...others].map((fault) => fault.text).join('; ')}`,
    hint: first!.hint,
  }
}

/** The largest accepted relative difference of two temperatures, as in the check `temperature`. */
const close = 0.05

/**
 * Returns the result for the first term that gives a barrier, otherwise for the first term that is related to a
 * temperature. Null if the formula has no logarithm, or if no term is an inverse temperature. `temperatures` are those
 * of the fitted cells, and `swept` are the last parts of the swept paths.
 */
export function fitTemperature(
  formula: FitFormula,
  { cells }: Pick<Fit, 'cells'>,
  temperatures: readonly BarrierTemperature[],
  swept: readonly string[] = [],
): FitTemperature | null {
  if (formula.link !== 'log') return null
  const found = formula.terms.flatMap((_, at) => {
    const said = temperatureOfTerm(
      formula,
      at,
      cells.map(({ x }) => x[at]!),
      { temperatures, swept },
    )
    return said === null ? [] : [said]
  })
  return found.find((said) => barrierFactor(said) !== null) ?? found[0] ?? null
}

function temperatureOfTerm(
  formula: FitFormula,
  at: number,
  xs: readonly number[],
  { temperatures, swept }: { readonly temperatures: readonly BarrierTemperature[]; readonly swept: readonly string[] },
): FitTemperature | null {
  if (!xs.every((x) => x > 0)) return null
  const { text: term, inverseOf } = formula.terms[at]!
  const slope = formula.terms.length === 1 ? '-slope' : `-(coefficient of ${term})`
  const unknown = temperatures.find((each) => 'unknown' in each)
  const named = inverseOf ?? `1/(${term})`
  const noBarrier = { term, share: null, slopeIsBarrier: false }
  if (unknown !== undefined) {
    const text = `the temperature of the noise is not known, because ${unknown.unknown}: ${slope} is not a barrier`
    return inverseOf === null ? null : { ...noBarrier, text, hint: null }
  }
  const known = temperatures as readonly Exclude<BarrierTemperature, { unknown: string }>[]
  const [low, high] = extentOf(known.map(({ temperature }, cell) => temperature * xs[cell]!))
  const share = { low, high }
  if (low >= 1 - close && high <= 1 + close) {
    const text =
      `${inverseOf === null ? `${term} is 1 over` : `${inverseOf} is`} the actual temperature of the noise, ` +
      `in the limit of short steps: ${slope} is a barrier`
    return { ...noBarrier, share, slopeIsBarrier: true, text, hint: null }
  }
  const since = known.map(({ why }) => why).find((why) => why !== null)
  const because = since === undefined ? '' : `, because ${since}`
  if (isOne(share)) {
    const times = short(factorOf(share))
    return {
      ...noBarrier,
      share,
      text:
        `the actual temperature of the noise is ${times} times ${named}${because}: ${slope} is not a barrier, but ` +
        `${slope} x ${times} is`,
      hint: `to read the barrier off the slope, fit "${fixed(formula, at, times)}"`,
    }
  }
  if (inverseOf === null) return null
  return {
    ...noBarrier,
    share,
    text:
      `the actual temperature of the noise is ${short(share.low)} to ${short(share.high)} times ${named}, depending ` +
      `on the cell${because}: ${slope} is not a barrier`,
    hint:
      'sweep only the temperature, or fit against 1 over the actual temperature in each cell' +
      (swept.includes('beta')
        ? `: 1/(${inverseOf}*(1 - beta)) for noise on theta, (1 - beta)/${inverseOf} for noise on the gradient`
        : ''),
  }
}

/** The factor that turns the negative of the coefficient into a barrier; null if no factor does. */
export function barrierFactor(temperature: FitTemperature | null): number | null {
  if (temperature === null || temperature.share === null) return null
  if (temperature.slopeIsBarrier) return 1
  return isOne(temperature.share) ? factorOf(temperature.share) : null
}

const isOne = ({ low, high }: { readonly low: number; readonly high: number }): boolean => high <= (1 + close) * low
const factorOf = ({ low, high }: { readonly low: number; readonly high: number }): number => (low + high) / 2

function fixed({ estimate, terms, hasIntercept }: FitFormula, at: number, times: string): string {
  const { text, inverseOf } = terms[at]!
  const other = inverseOf === null ? `(${text})/${times}` : `1/(${times}*${inverseOf})`
  const right = [...terms.map((term, each) => (each === at ? other : term.text)), ...(hasIntercept ? [] : ['0'])]
  return `log(${estimate}) ~ ${right.join(' + ')}`
}
