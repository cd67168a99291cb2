import { elementary } from '@driftfarm/formula'
import { kindNamed, parseEstimate } from '@driftfarm/spec'
import * as z from 'zod'
import { isTransient } from '../check/horizon.ts'
import type { Estimate } from '../evidence/estimate.ts'
import { type Check, isDoubt, percent, short } from '../finding/check.ts'
import type { Plain } from '../shape.ts'
import { intercept } from './design.ts'
import { cellsListed, type Fit, parameterShape } from './fit.ts'

const { exp } = elementary

/**
 * The barrier in rate = prefactor exp(-barrier / T), from a fit of the logarithm of the rate against 1/T. Its value and
 * limits have the unit of the temperature.
 */
export const barrierShape = <Real extends z.ZodType>(real: Real) =>
  parameterShape(real).extend({
    // The term whose coefficient gives the barrier.
    term: z.string(),
    factor: z
      .number()
      .describe(
        'The barrier is `-coefficient * factor`. The factor is the temperature of the noise multiplied by the term.',
      ),
    prefactor: parameterShape(real)
      .nullable()
      .describe('exp(intercept), in units of the estimate; null if the fit has other terms or no intercept.'),
  })
export type EffectiveBarrier = Plain<z.infer<ReturnType<typeof barrierShape<z.ZodNumber>>>>

/** The fit must have a log link, and `term` must be `factor` divided by the temperature. */
export function effectiveBarrier(
  { coefficients }: Pick<Fit, 'coefficients'>,
  { term, factor }: { readonly term: string; readonly factor: number },
): EffectiveBarrier {
  const { value, low, high } = coefficients.find(({ name }) => name === term)!
  const level = coefficients.length === 2 ? coefficients.find(({ name }) => name === intercept) : undefined
  return {
    value: -value * factor,
    low: -high * factor,
    high: -low * factor,
    term,
    factor,
    prefactor: level === undefined ? null : { value: exp(level.value), low: exp(level.low), high: exp(level.high) },
  }
}

/** Results of theory about the start and the well of a cell. */
export interface BarrierGround {
  readonly horizon: number
  /** Number of steps in which trials forget their start; null if this number is unknown, as in a flat well. */
  readonly relaxation: number | null
  /** Loss at the start minus loss at the minimum; null if starts differ, or if a warm-up precedes trials. */
  readonly height: number | null
  /** A reason from theory why the slope of a fit over this cell does not measure a barrier; null if there is none. */
  readonly fault: BarrierFault | null
}

/** Why the slope of a fit does not give a barrier, although the term contains the temperature. */
export interface BarrierFault {
  readonly text: string
  readonly hint: string
}

export interface GroundedCell {
  readonly index: number
  readonly estimates: Readonly<Record<string, Estimate>>
  readonly checks: readonly Check[]
  readonly temperature: number
  /** Absent if the well is unknown. */
  readonly ground?: BarrierGround | undefined
}

/**
 * Above this limit, a probability of escape is at least a tenth smaller than rate times steps. Such a probability is no
 * longer proportional to the rate.
 */
const saturated = 0.2
/** Largest share of the counted steps during which trials may still remember their start. */
const mostTransient = 0.1
const maxListed = 5
/** Significance level of the test of a constant rate, for all cells of a fit together. */
const varies = 0.001
/** In units of T. If the loss at the start is further above the minimum, the start is not at the bottom of the well. */
const high = 1

/**
 * Finds the reasons why the escapes in the fitted cells are not escapes from a minimum at a constant rate. The slope of
 * log(rate) against 1/T gives a barrier only if there is no such reason. Cells with the same first reason are reported
 * together.
 */
export function barrierFaults(estimate: string, cells: readonly GroundedCell[]): readonly BarrierFault[] {
  const groups = new Map<string, { fault: BarrierFault; indices: number[] }>()
  for (const cell of cells) {
    const found = faultOf(estimate, cell, cells.length)
    if (found === null) continue
    const { key, ...fault } = found
    const group = groups.get(key) ?? { fault, indices: [] }
    group.indices.push(cell.index)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ fault, indices }) => ({
    ...fault,
    text: `${cellsListed(indices, maxListed)}: ${fault.text}`,
  }))
}

function faultOf(name: string, cell: GroundedCell, cells: number): (BarrierFault & { readonly key: string }) | null {
  const { estimates, checks, temperature, ground } = cell
  const estimate = estimates[name]!
  const isRate = kindNamed(name) === 'escapeRate'
  const after = isRate ? (estimate.after ?? 0) : 0
  const escape = estimates.escape?.event === 'escape before converging'
  const doubt = checks.find((each) => isDoubt(each) && each.name !== 'temperature')
  if (doubt !== undefined)
    return {
      key: `check ${doubt.name}`,
      text: `the check ${doubt.name} gives the verdict ${doubt.verdict} (${doubt.text})`,
      hint: doubt.hint ?? leave,
    }
  if (escape)
    return {
      key: 'before',
      text: 'trials may end by converging, so the event is not a first exit',
      hint: 'leave `converge` out, or use `afterConverge: continue`',
    }
  if (ground !== undefined && ground.fault !== null) return { key: ground.fault.text, ...ground.fault }
  const probability = isRate ? estimate.value : Math.max(estimate.value, estimates.escape?.value ?? 0)
  if (probability > saturated)
    return {
      key: 'saturated',
      text: isRate
        ? `many trials escape in a single step (${percent(probability)} in cell ${cell.index})`
        : `many trials escape (${percent(probability)} in cell ${cell.index}), and ${name} is proportional to a rate ` +
          'only when few trials escape',
      hint: isRate
        ? leave
        : 'fit log(escapeRate), lower `trial.steps`, or leave out cells with a high temperature (`--where`)',
    }
  const horizon = parseEstimate(name)?.horizon ?? ground?.horizon ?? 0
  const relaxation = ground?.relaxation ?? null
  if (relaxation !== null && isTransient({ horizon, after }, { steps: relaxation }, mostTransient))
    return {
      key: 'transient',
      text:
        `trials need about ${relaxation} steps to forget their start, so the start affects too many of the ` +
        `${horizon - after} steps in which escapes are counted`,
      hint: `fit log(escapeRate) with \`rate: {after: ${relaxation}}\`, and raise \`trial.steps\``,
    }
  if (ground !== undefined && !(isRate && relaxation !== null && after >= relaxation)) {
    const above = ground.height === null ? null : ground.height / temperature
    if (above === null || above > high)
      return {
        key: 'height',
        text:
          above === null
            ? 'trials do not all start at the minimum'
            : `the loss at the start is above the loss at the minimum (by ${short(above)} times the temperature ` +
              `in cell ${cell.index}), so trials leave before they have relaxed to the minimum`,
        hint:
          'start at the minimum' +
          (relaxation === null ? '' : `, or fit log(escapeRate) with \`rate: {after: ${relaxation}}\``),
      }
  }
  const test = isRate ? estimate.exponentiality : relaxation === null ? estimates.escapeRate?.exponentiality : null
  if (test && test.pValue < varies / cells)
    return {
      key: 'varies',
      text: `the hazard rate changes over time (a constant rate is rejected, p < ${varies})`,
      hint:
        relaxation === null || after >= relaxation
          ? 'use a larger `rate: {after: n}`, or leave these cells out (`--where`)'
          : `use \`rate: {after: ${relaxation}}\``,
    }
  return null
}

const leave = 'leave these cells out (`--where`)'

/** The half-width of a 99.9 % interval divided by that of a 95 % interval. */
const wider = 3.29 / 1.96

/**
 * How a fitted barrier contradicts the height from theory; null if it does not. The rate law has a relative error of
 * about T / height. This error changes the slope of log(rate) against 1/T by about T^2 / height, so a difference of
 * this size is no contradiction.
 */
export function contradicts(
  { value, low, high }: Pick<EffectiveBarrier, 'value' | 'low' | 'high'>,
  theory: { readonly height: number; readonly coldest: number; readonly hottest: number },
): BarrierFault | null {
  const { height, coldest, hottest } = theory
  const error = (coldest * hottest) / height
  if (height - error <= value + wider * (high - value) && height + error >= value - wider * (value - low)) return null
  return {
    text:
      `theory gives a barrier of ${short(height)} +- ${short(error)}, but the fit gives ${short(value)} ` +
      `[${short(low)}, ${short(high)}]`,
    hint:
      'look for the cause: cells that are too hot (leave them out with `--where`), a missing term such as log(T), or ' +
      'an event that is not a first exit',
  }
}
