import { groupedBy } from '@driftfarm/formula'
import { type Design, type PreparedSet, specLimits } from '@driftfarm/spec'
import { checkShape, count, decimal, findingShape, nonNegative, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import { cellPlaceText } from '../format/label.ts'
import { countText, durationText, precise, short, significant } from '../format/quantity.ts'
import { renderFacts, type TableOptions } from '../format/table.ts'
import { listed, printable, texts } from '../format/text.ts'
import { define } from './define.ts'
import { originShape, sweepShape } from './fields.ts'
import { renderChecks } from './findings.ts'
import { computedShape, fromText, reusedShape, toComputeText, widerText } from './submitted.ts'

const indices = z.array(count)

const pilotShape = z.strictObject({
  cells: indices,
  /** Number of trials and replicas. Many of them are stopped early. */
  trials: count,
  cpuSeconds: nonNegative,
})
export type PilotData = Plain<z.infer<typeof pilotShape>>

const plannedCellShape = originShape.extend({
  trials: count,
  done: count,
  /** Why a run would or would not compute trials of the cell. */
  reason: z.string(),
})
export type PlannedCell = Plain<z.infer<typeof plannedCellShape>>

const plannedChecksShape = z.strictObject({ index: count, checks: z.array(checkShape) })
export type PlannedChecks = Plain<z.infer<typeof plannedChecksShape>>

/**
 * `width` is computed as if the count of events were equal to its expectation. Values are null if there is no
 * solution, or if the probability is unknown.
 */
const cellSizingShape = z.strictObject({
  index: count,
  probability: share.nullable(),
  from: z
    .enum(['given', 'stored', 'pilot', 'worst', 'unknown'])
    .describe(
      'Source of the probability. given: the user. stored: stored trials. pilot: pilot trials. worst: 1/2, where the ' +
        'interval is widest. unknown: a relative width needs a probability, and none is known.',
    ),
  trials: count.nullable(),
  confidence: share.nullable(),
  width: share.nullable().describe('Width of the interval, high - low.'),
  /** Null if the probability is 0. */
  relative: nonNegative.nullable().describe('Relative half-width: (high - low)/2 divided by the probability.'),
})
export type CellSizing = Plain<z.infer<typeof cellSizingShape>>

const sizingShape = z
  .strictObject({
    estimate: z.string(),
    sought: z.enum(['width', 'confidence', 'trials']),
    cells: z.array(cellSizingShape),
  })
  .describe(
    'Width, confidence and number of trials of the first cells. Two of these quantities are given; `sought` names ' +
      'the third, which is computed.',
  )
export type SizingData = Plain<z.infer<typeof sizingShape>>

const recommendedShape = z.strictObject({
  cell: count,
  method: z.enum(['direct', 'splitting']),
  /** Null if no trial of the pilot escaped. */
  probability: share.nullable().describe('Rough estimate of the probability of escape.'),
  /** A time is null if the pilot cannot estimate it. */
  seconds: z
    .strictObject({ direct: nonNegative.nullable(), splitting: nonNegative.nullable() })
    .describe('CPU time for a relative error of 10 %.'),
  reason: z.string(),
})
export type Recommended = Plain<z.infer<typeof recommendedShape>>

const plannedDataShape = z
  .strictObject({
    samples: count,
    test: z.exactOptional(z.literal(true)).describe('Present if these are test samples.'),
    inputs: z
      .array(z.string())
      .describe(
        'Names of the inputs, in order. The input `colour=red` is 1 if the value of `colour` is `red`, else 0.',
      ),
    dropped: count.describe('Lines left out because a value was missing.'),
    filled: z.array(z.strictObject({ column: z.string(), count, value: z.number() })),
    scaled: z.enum(['standard', 'range', 'divide']).nullable(),
    divisor: z.exactOptional(z.number()).describe('What the inputs are divided by, if `scaled` is `divide`.'),
    constant: z.array(z.string()).describe('Columns with a constant value, which scaling sets to 0.'),
  })
  .describe('How the samples are preprocessed before the cells use them.')
export type PlannedData = Plain<z.infer<typeof plannedDataShape>>

const designShape = z
  .strictObject({
    kind: z.enum(['sobol', 'latin']),
    points: count,
    axes: z.array(z.string()).describe('Paths of the axes, in order.'),
  })
  .describe(
    'Points that fill a box over several axes evenly. Each point is combined with all values of the other axes; ' +
      '`where` removes some combinations.',
  )

const farmTimeShape = z
  .strictObject({
    threads: count.describe('Number of threads on which these times are based.'),
    of: z
      .enum(['workers', 'machine'])
      .describe('workers: the threads of all workers that are running. machine: the threads of this machine.'),
    sweeps: count.describe('Other sweeps that the farm is computing. While they run, this sweep takes longer.'),
    elapsed: nonNegative.describe('Time from the start of the sweep to its end, if no trial ends early.'),
    precise: z.exactOptional(
      z
        .strictObject({ direct: nonNegative, splitting: nonNegative.nullable() })
        .describe(
          'Time until all cells have a relative error of 10 %: with direct trials only, and with splitting in cells ' +
            'with few escapes (null if the pilot saw no such cell, or has no estimate). Extrapolated from the cells ' +
            'in `recommended`.',
        ),
    ),
  })
  .describe('Expected times in seconds on the threads of this farm; absent without a pilot.')

const planShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true, seed: true }),
  cells: count,
  /** An upper limit if stopping rules may end cells earlier. */
  trials: decimal,
  upperBound: z
    .boolean()
    .describe('Whether `trials` is only an upper limit, because stopping rules may end cells earlier.'),
  batches: count.nullable().describe('Number of batches; null without a pilot.'),
  cpuSeconds: nonNegative
    .nullable()
    .describe('Remaining CPU time, database included, if no trial ends early; null without a pilot.'),
  ledgerSeconds: nonNegative
    .optional()
    .describe('Part of cpuSeconds spent on dispatching, storing and summing batches; absent without a pilot.'),
  pilot: pilotShape
    .nullable()
    .describe(
      'Trials computed on this machine to estimate times and choose methods; they are not stored. null with ' +
        '--no-pilot.',
    ),
  done: z
    .strictObject({ trials: decimal, share })
    .describe('Trials that are already stored, including those from other sweeps, and their share of `trials`.'),
  reused: z.exactOptional(reusedShape),
  computed: z.exactOptional(computedShape),
  warnings: z.exactOptional(
    z
      .array(z.string())
      .describe('What a submission will warn about, besides `reused` and `findings`; absent if nothing.'),
  ),
  seconds: z.exactOptional(farmTimeShape),
  disk: z
    .strictObject({
      rows: count.describe('Maximum number of recorded outcomes.'),
      bytes: count.describe('Approximate number of bytes of cells, batches, recorded outcomes and data.'),
    })
    .describe('Storage in the database, including shared cells, once all trials of this sweep are done.'),
  perCell: z.array(plannedCellShape).describe('The first cells.'),
  checks: z
    .array(plannedChecksShape)
    .describe('Checks that need no trials, for the first cell, the last cell and some cells between them.'),
  data: z.exactOptional(z.array(plannedDataShape).describe('The preprocessed data sets, each listed once.')),
  designs: z.exactOptional(z.array(designShape)),
  findings: z
    .array(findingShape)
    .describe('Findings of `checks` with a verdict other than `good`: each listed once, worst first.'),
  search: z.exactOptional(
    z
      .strictObject({
        lines: count.describe(
          'Number of lines. Each line is one combination of values of the axes that are not searched.',
        ),
        points: count.describe('Grid points in each line.'),
        first: count.describe('Grid points in each line that are always visited.'),
      })
      .describe('Search for a threshold; absent if none is requested.'),
  ),
  sizing: z.exactOptional(sizingShape),
  recommended: z.exactOptional(
    z
      .array(recommendedShape)
      .describe('The method that needs the least CPU time, according to a pilot run of the first and the last cell.'),
  ),
})
export type PlanData = Plain<z.infer<typeof planShape>>

/** What `plan` prints. */
export const plan = define('Plan', planShape, { table: renderPlan })

/** The preprocessing of a data set, as the plan reports it. */
export function plannedData({ rows, prepared, isTest = false }: PreparedSet): PlannedData {
  const { inputs, dropped, filled, scaled } = prepared
  return {
    samples: rows,
    ...(isTest && { test: true as const }),
    inputs,
    dropped,
    filled: filled.map(([column, { count, value }]) => ({ column, count, value })),
    scaled: scaled?.kind ?? null,
    ...(scaled?.kind === 'divide' && { divisor: scaled.scale.find((scale) => scale !== 1)! }),
    constant: scaled?.constant ?? [],
  }
}

const maxListed = 20

export function renderPlan(plan: PlanData, options: TableOptions = {}): string {
  const { sweep, cells, trials, upperBound, done, perCell, checks, findings, recommended = [], search, sizing } = plan
  const most = Math.max(...perCell.map((cell) => cell.trials))
  const looked = checks.map(({ index }) => index).join(', ')
  const checked = cells === checks.length ? 'all cells' : `${checks.length} of ${cells} cells (${looked})`
  const head = renderFacts(options, [
    ['sweep', `${sweep.name} (${sweep.id})`],
    ['cells', String(cells)],
    ['trials', `${upperBound ? 'at most ' : ''}${short(Number(trials))} (${short(most)} per cell)`],
    search !== undefined && ['search', searchText(search)],
    ...timesOf(plan),
    ['disk', diskText(plan)],
    ...(plan.designs ?? []).map((design) => ['design', designText(design)]),
    ...(plan.data ?? []).map((set) => ['data', dataText(set)]),
    ['already done', `${short(Number(done.trials))} trials, ${(done.share * 100).toFixed(1)} %${reusedFrom(plan)}`],
    plan.computed !== undefined && ['to compute', toComputeText(plan.computed)],
    ['checked', `${checked}, without running trials`],
    ...recommended.map((each) => [`method, cell ${each.cell}`, adviceText(each)]),
    ...warningsOf(plan).map((text) => ['note', text.trim()]),
    ...(sizing === undefined ? [] : sizingRows(sizing)),
    ...cellRows(plan),
  ])
  return `${head}\n${renderChecks(checks, findings, options)}`
}

/** If nothing is missing, the cells are only counted, by why they are complete. */
function cellRows({ cells, perCell, computed }: PlanData): (readonly [string, string])[] {
  const isComplete = computed?.cells === 0
  const reasons = groupedBy(perCell, ({ reason }) => reason)
  const rows = isComplete
    ? [...reasons].map(([reason, { length }]) => [countText(length, 'cell'), reason] as const)
    : perCell.map(({ index, params, reason }) => [`cell ${index}`, `${JSON.stringify(params)}: ${reason}`] as const)
  const more = isComplete ? 0 : cells - maxListed
  return [
    ...rows.slice(0, maxListed),
    ...(more > 0 ? [['...', `${more} more cells; --json lists ${perCell.length} cells`] as const] : []),
  ]
}

function searchText({ lines, points, first }: NonNullable<PlanData['search']>): string {
  const size = `${countText(lines, 'line')} of ${points} points`
  return `${size}: ${first} points of each line are always visited, the others only if they narrow down a crossing`
}

function timesOf(plan: PlanData): (readonly [string, string])[] {
  const { pilot, batches, cpuSeconds, ledgerSeconds = 0 } = plan
  if (pilot === null || batches === null || cpuSeconds === null)
    return [
      ['batches', 'unknown without a pilot'],
      ['CPU time', 'unknown without a pilot: remove --no-pilot'],
      ['method', 'unknown without a pilot'],
    ]
  const { length } = pilot.cells
  const cells = length > 2 ? `${length} cells` : `${length === 1 ? 'cell' : 'cells'} ${pilot.cells.join(' and ')}`
  return [
    ['batches', batches === 0 ? 'none' : batches === 1 ? 'one' : `about ${short(batches)}`],
    ['CPU time', cpuSeconds === 0 ? computingText(0) : cpuText(cpuSeconds, ledgerSeconds)],
    ...farmTimes(plan),
    ['pilot', `${short(pilot.trials)} trials of ${cells} on this machine, not stored`],
  ]
}

/** A time that is 0 only if nothing is left to compute. */
export const computingText = (seconds: number): string =>
  seconds === 0 ? 'none: all trials are stored' : durationText(seconds)

/** The times in a farm as names and texts. */
export function farmTimes(plan: PlanData): (readonly [string, string])[] {
  if (plan.seconds === undefined) return []
  const { threads, of, sweeps, elapsed, precise } = plan.seconds
  const others = sweeps === 0 ? '' : `; ${countText(sweeps, 'other sweep')} will delay it`
  const where = `${countText(threads, 'thread')} of ${of === 'workers' ? 'the workers' : 'this machine'}`
  const time =
    elapsed === 0 ? 'none' : `${plan.upperBound ? 'at most ' : ''}${durationText(elapsed)} on the ${where}${others}`
  return [
    ['elapsed time', time],
    ...(precise === undefined ? [] : [['to 10 % error', preciseText(plan, precise)] as const]),
  ]
}

/** If direct trials take longer than this, the cells are named that the pilot has measured. */
const longSeconds = 3600

function preciseText(
  { cells, recommended = [], perCell }: PlanData,
  { direct, splitting }: NonNullable<NonNullable<PlanData['seconds']>['precise']>,
): string {
  const split = splitting === null ? [] : [`${timeText(splitting)} with splitting`]
  if (direct < longSeconds || cells === 1)
    return `roughly ${[`${timeText(direct)} with direct trials`, ...split].join(', ')}, for all cells`
  const slowest = recommended
    .toSorted((a, b) => b.seconds.direct! - a.seconds.direct!)
    .map(({ cell, seconds }) => {
      const params = perCell.find(({ index }) => index === cell)?.params
      return `${timeText(seconds.direct!)} in cell ${cell}${params === undefined ? '' : ` (${cellPlaceText(params)})`}`
    })
  return [
    ...split.map((text) => `roughly ${text}, for all cells`),
    `with direct trials ${slowest.join(', but ')}`,
  ].join('; ')
}

const warningsOf = ({ warnings = [], reused }: PlanData): readonly string[] =>
  reused === undefined || reused.extended === 0 ? warnings : [...warnings, widerText(reused.extended)]

function reusedFrom({ reused, sweep }: PlanData): string {
  return reused === undefined ? '' : `, in ${countText(reused.cells, 'cell')}${fromText(reused, sweep.id)}`
}

function diskText({ disk, upperBound }: PlanData): string {
  const rows = disk.rows === 0 ? 'no recorded outcomes' : `${short(disk.rows)} recorded outcomes`
  return `${upperBound && disk.bytes >= 1e6 ? 'at most ' : ''}${bytesText(disk.bytes)} in the database, ${rows}`
}

const byteUnits = ['MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']

/** For example `about 1.2 GB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1e6) return 'less than 1 MB'
  // The size is rounded before its unit is chosen, because 999.9 MB rounds to 1 GB.
  const [digits = '', exponent = '0'] = bytes.toExponential(1).split('e')
  const unit = Math.min(Math.floor(Number(exponent) / 3) - 2, byteUnits.length - 1)
  return `about ${significant(Number(`${digits}e${Number(exponent) - 3 * (unit + 2)}`), 2)} ${byteUnits[unit]}`
}

/** `ledger` is the part of `seconds` that is spent on storing batches. */
function cpuText(seconds: number, ledger: number): string {
  const much = ledger >= 1 && ledger > seconds / 10
  const parts = much ? `: ${durationText(seconds - ledger)} for trials and ${durationText(ledger)} to store them` : ''
  return `${durationText(seconds)} if no trial ends early${parts}`
}

/** Without the number of the cell. */
export function adviceText({ method, seconds, reason }: Recommended): string {
  const { direct, splitting } = seconds
  if (direct === null) return `${method}: ${reason}`
  const times = splitting === null ? '' : `${timeText(splitting)} of CPU time by splitting, `
  const directly = splitting === null ? `${timeText(direct)} of CPU time` : `${timeText(direct)} by direct trials`
  return `${method}: ${reason}; a relative error of 10 % takes about ${times}${directly}`
}

/** A time below a second has one significant digit, so that short times can be compared. */
const timeText = (seconds: number): string => (seconds < 1 ? `${significant(seconds, 1)} s` : durationText(seconds))

function sizingRows({ estimate, sought: target, cells }: SizingData): string[][] {
  return [
    ['sizes', `for ${estimate}; the widths are those of the exact interval at the expected number of events`],
    ...cells.slice(0, maxListed).map((cell) => [`cell ${cell.index}`, sizingText(target, cell)]),
  ]
}

const froms = {
  given: 'given',
  stored: 'from stored trials',
  pilot: 'from the pilot',
  worst: 'worst case',
  unknown: '',
}
const nothings = { width: 'no interval', confidence: 'no confidence level', trials: 'no number of trials' }

function sizingText(target: SizingData['sought'], cell: CellSizing): string {
  if (cell.probability === null)
    return 'p is unknown: no trials are stored, and the pilot had no event; give a guess with --probability'
  const guess = `p ${significant(cell.probability, 3)} (${froms[cell.from]})`
  if (cell.trials === null || cell.confidence === null || cell.width === null)
    return `${guess}: ${nothings[target]} meets the request`
  const confidence = significant(cell.confidence * 100, 6)
  const relative = cell.relative === null ? '' : ` (± ${precise(cell.relative * 100, 3)} %)`
  const width = precise(cell.width, 3)
  return `${guess}: ${cell.trials} trials give a width of ${width}${relative} at ${confidence} % confidence`
}

/** Sobol points are spread most evenly if their number is a power of two. */
export function designText({ kind, points, axes }: Design): string {
  const text = `${kind}, ${countText(points, 'point')} over ${axes.join(', ')}`
  const below = 2 ** (31 - Math.clz32(points))
  if (kind === 'latin' || points === below) return text
  const even = 2 * below > specLimits.cells ? `${below}` : `${below} or ${2 * below}`
  return `${text}; ${even} points (a power of two) would be spread more evenly`
}

const maxNamed = 8

const scales = { standard: 'scaled to mean 0 and variance 1', range: 'scaled to 0 .. 1' } as const

/** The preprocessing of a data set in one line: `150 samples; 3 lines left out because of a missing value; ...`. */
export function dataText({ samples, test, inputs, dropped, filled, scaled, divisor, constant }: PlannedData): string {
  const parts = texts(
    countText(samples, test ? 'test sample' : 'sample'),
    dropped > 0 && `${countText(dropped, 'line')} left out because of a missing value`,
    filled
      .slice(0, maxNamed)
      .map(
        ({ column, count, value }) =>
          `${countText(count, 'missing value')} in ${column} filled with ${significant(value, 6)}`,
      ),
    filled.length > maxNamed && `missing values in ${countText(filled.length - maxNamed, 'more column')} filled`,
    !test && `${countText(inputs.length, 'input')}: ${listed(inputs, maxNamed)}`,
    scaled !== null && `numeric inputs ${scaled === 'divide' ? `divided by ${divisor}` : scales[scaled]}`,
    constant.length > 0 && `constant inputs set to 0: ${listed(constant, maxNamed)}`,
  )
  return printable(parts.join('; '))
}
