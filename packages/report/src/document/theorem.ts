import { type Plain, share } from '@driftfarm/statistics'
import { type TheoremAnswer, theoremAnswerShape } from '@driftfarm/theory/shapes'
import * as z from 'zod'
import { confidenceText, estimateText, parameterText, scientific, significant } from '../format/quantity.ts'
import { renderRecords, type TableOptions } from '../format/table.ts'
import { texts } from '../format/text.ts'
import { cellByCell, define } from './define.ts'
import { integerShape, type Origin, originShape, paramsText, realShape, withRealsAsText } from './fields.ts'

/** The escape probability of the cell, measured by a sweep in the database. */
const measuredShape = z.strictObject({
  /** Name of the sweep. */
  sweep: z.string(),
  trials: integerShape,
  value: share,
  low: share,
  high: share,
  confidence: share,
  method: z.string(),
  /** Whether the measured event is leaving the ball of the theorem. False, for example, if convergence ends trials. */
  sameEvent: z.boolean(),
})
export type MeasuredEscape = Plain<z.infer<typeof measuredShape>>

/** Theorem 1 for one cell. */
const cellShape = originShape.extend({ ...theoremAnswerShape(realShape).shape, measured: measuredShape.nullable() })
export type TheoremCell = Plain<z.infer<typeof cellShape>>

const theoremShape = z.strictObject({ sweep: z.strictObject({ name: z.string() }), cells: z.array(cellShape) })
export type TheoremData = Plain<z.infer<typeof theoremShape>>

/** What `theorem` prints. */
export const theorem = define('Theorem', theoremShape, { table: cellByCell(renderTheorem) })

export function theoremCell(origin: Origin, answer: TheoremAnswer, measured: MeasuredEscape | null): TheoremCell {
  return withRealsAsText<TheoremCell>({ ...origin, ...answer, measured })
}

/** Theorem 1 for a cell, with its conditions, its bounds beside the measured value, and its statements for all time. */
export function renderTheorem(cell: TheoremCell, options: TableOptions = {}): string {
  const { minimum, set, start, steps, conditions, escape } = cell
  const holds = conditions.every((condition) => condition.holds)
  const name = minimum.name === null ? '' : ` ${minimum.name}`
  const from = `from D_0 = ${short(start.distance)}${start.random ? ' (in trial 0; starts are random)' : ''}`
  const chosen = {
    option: 'as requested',
    escape: "from the cell's escape condition",
    best: 'chosen for the best bound',
  }[set.chosen]
  const place =
    set.kind === 'ball'
      ? `the ball of radius ${short(set.radius)} (${chosen}) about the minimum${name} ${pointText(minimum.point)}`
      : `the points within ${short(set.radius)} (${chosen}) of the valley through ${pointText(minimum.point)}`
  const lines = texts(
    `cell ${cell.index}${paramsText(cell.params)}: ${place}, ${from}, ${steps} steps`,
    '',
    conditions.map(({ number, holds, text }) => `${number}. ${holds ? 'holds' : 'fails'}: ${text}`),
    '',
    certificateLines(cell),
    boundLines(cell, options),
    vanishingLines(cell),
    foreverLines(cell),
    !holds &&
      `${theoremOf(cell)} does not apply to this cell, because not all conditions of the theorem hold. The ` +
        'bounds above need only some of these conditions.',
    escape.text,
    measuredLines(cell),
  )
  return `${lines.join('\n')}\n`
}

const theoremOf = ({ statement }: TheoremCell): string =>
  statement === 'momentum' || statement === 'minibatch' ? 'Theorem 3' : 'Theorem 1'

const short = (value: number | string): string => scientific(value, 6, Number.POSITIVE_INFINITY)

const maxPrinted = 8

function pointText(point: readonly number[]): string {
  return point.length > maxPrinted ? `(a point with ${point.length} coordinates)` : `(${point.map(short).join(', ')})`
}

/** Upper bounds of 1 or more are left out. */
function boundLines({ bounds, measured, steps, statement, set }: TheoremCell, options: TableOptions): string[] {
  if (bounds === null) return []
  const noise = statement === 'minibatch' ? 'noise' : 'drift'
  const { stay, escape, upper, lower, missing, exponential, doob } = bounds
  const bound = (name: string, value: number | null, what: string) =>
    value === null || value >= 1 ? [] : [[name, short(value), what]]
  const rows = [
    ...bound('leaves at most', upper, '1 - S_N(rho), exact for the bounding chain'),
    ...(lower === null ? [] : [['leaves at least', short(lower), '1 - S_N((1 - eta Lambda)_+)']]),
    ...(measured?.sameEvent === true ? [['measured', intervalText(measured), trialsText(measured)]] : []),
    ...bound('product', escape, `in closed form: 1 - s_N, s_N = ${short(stay ?? 0)}`),
    ...bound('exponential', exponential, `any sub-Gaussian ${noise} with this scale`),
    ...bound('Doob', doob, `any ${noise} with this variance`),
  ]
  const isSilent = [upper, escape, exponential, doob].every((value) => value === null || value >= 1)
  const head = `probability of leaving the ${set.kind === 'ball' ? 'ball' : 'set'} within ${steps} steps`
  return texts(
    `${head}${isSilent ? ': no upper bound below 1' : ''}`,
    rows.length === 0 ? '' : renderRecords(['bound', 'value', 'meaning'], rows, options),
    missing !== null && [`no value of S_N: ${missing}`, ''],
  )
}

const intervalText = (measured: MeasuredEscape): string => parameterText(measured).join(' ')

const trialsText = ({ trials, sweep, confidence }: MeasuredEscape): string =>
  `${trials} trials of ${sweep}, ${confidenceText(confidence, 4)}`

/** By chance, the measured value may exceed a bound that is nearly exact. */
export function againstMeasured(escape: number, measured: TheoremCell['measured']): string {
  if (measured === null || measured.value === 0) return ''
  if (escape >= measured.value)
    return `, ${significant(escape / measured.value, 3)} times the measured ${estimateText(measured).value}`
  return escape >= measured.low
    ? `, within the interval of the measured ${intervalText(measured)}`
    : `, but the measured ${intervalText(measured)} is above the bound: by chance, or because of a defect`
}

function certificateLines(cell: TheoremCell): string[] {
  const { certificate } = cell
  if ('reason' in certificate) return [`Theorem 2: no certificate (${certificate.reason})`, '']
  const lines = certificate.by === 'ball' ? ballLines(certificate, cell) : ownLines(certificate, cell)
  return [...lines, ...convergenceLines(cell), '']
}

const atMostText = (escape: number, by: string, { steps, measured }: TheoremCell): string =>
  `the probability of escape within ${steps} steps is at most ${short(escape)}, ${by}` +
  againstMeasured(escape, measured)

function ownLines(certificate: Certified, cell: TheoremCell): string[] {
  const { by, explicit } = certificate
  return texts(
    atMostText(certificate.escape, 'proven by Theorem 2', cell),
    by === 'solution' && solutionLines(certificate),
    by === 'exponential' &&
      explicit !== null &&
      `  in closed form, W = min(1, exp(beta (L_eff - ${short(explicit.level)}))), beta T = ` +
        `${short(explicit.betaT)}, ${growthFormula} = ${short(explicit.growth)}`,
  )
}

/**
 * Theorem 1 bounds the escape because trials leave the ball before they escape. The bound is the smaller of
 * 1 - S_N(rho) and 1 - s_N, or 1 - s_N if S_N is not known.
 */
function ballLines({ escape }: Certified, cell: TheoremCell): string[] {
  const upper = cell.bounds?.upper ?? null
  const isSharper = upper !== null && upper < escape
  const by = `by Theorem 1 (${isSharper ? '1 - S_N(rho)' : '1 - s_N'})`
  return [atMostText(isSharper ? upper : escape, by, cell), '  since trials leave the ball before they escape']
}

function convergenceLines({ convergence }: TheoremCell): string[] {
  if ('reason' in convergence) return []
  const { s, escape, steps, after } = convergence
  return [
    `a trial converges to this minimum without having escaped, with probability >= s = ${short(s)} (proven). ` +
      `1 - s = ${short(escape)}, of which ${short(after)} is for the steps after step ${steps} ` +
      '(computed for a trial that is at the minimum at this step)',
  ]
}

/** The growth per step in the condition of Theorem 2. */
const growthFormula = 'sup (P W - W) / (T - W)'

function solutionLines({ nodes, spacing, followed, growth }: Certified): string[] {
  return texts(
    `  W: computed by following the chain for ${followed} steps on ${nodes} nodes, ` +
      `${short(spacing)} noise scales apart`,
    growth !== 0 && `  each further step adds at most c (T - W) to W, c = ${growthFormula} = ${short(growth)}`,
  )
}

type Certified = Exclude<TheoremCell['certificate'], { readonly reason: string }>

function vanishingLines({ vanishing }: TheoremCell): string[] {
  if (vanishing === null) return []
  return [
    `Theorem 1': a trial converges without ever leaving the ball, with probability >= s = ${short(vanishing.stay)}; ` +
      `1 - s = (D_0/r)^alpha = ${short(vanishing.escape)}, alpha = ${short(vanishing.alpha)}`,
    '',
  ]
}

function foreverLines({ forever, leaves, horizon, vanishing, steps }: TheoremCell): string[] {
  const before = texts(
    leaves && 'P(tau < infinity) = 1: with constant eta and drift every trial leaves eventually',
    horizon &&
      `safe horizon: a trial stays inside for ${short(horizon.steps)} steps with probability >= ` +
        short(1 - horizon.delta),
  )
  if ('reason' in forever)
    return texts(before, !leaves && vanishing === null && `for all time: no statement (${forever.reason})`)
  const { atZero, half, measured } = forever.restart
  return texts(
    before,
    `for all time: a trial stays inside and converges with probability >= s_inf = ${short(forever.stay)}; ` +
      `1 - s_inf = ${short(forever.escape)}, of which at most ${short(forever.tail)} is for the steps after ` +
      `step ${forever.terms} (proven)`,
    `after step ${steps}: a trial stays inside and converges with probability >= ${short(atZero)} if its ` +
      `distance at this step is D_N = 0${half === null ? '' : `, and >= 1/2 if D_N < ${short(half)}`}`,
    measured &&
      `mean of this bound over ${measured.rows} measured values of D_N: ${short(measured.value)} ` +
        `[${short(measured.low)}, ${short(measured.high)}] (Hoeffding, 95 %)`,
  )
}

function measuredLines({ measured, measure }: TheoremCell): string[] {
  if (measured?.sameEvent === true) return []
  return texts(
    measured &&
      `measured escape of the cell, a different event from leaving the ball: ${intervalText(measured)} ` +
        `(${trialsText(measured)})`,
    `to measure the event of the bounds, set trial: {${measure}}`,
  )
}
