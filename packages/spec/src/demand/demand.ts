import * as z from 'zod'
import type { Grid } from '../axes/grid.ts'
import { isMapping, type Mapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { isEstimatedByValues } from '../estimate/name.ts'
import { keys, oneKey, quantity, text, words } from '../field/field.ts'
import type { Frame } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { Scope } from '../field/scope.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts, consequentialMistake } from '../mistakes.ts'
import type { Demand, RecordRule, Until } from '../sweep.ts'
import { contrastsSchema } from './contrasts.ts'
import { type Methods, replicasOf } from './methods.ts'
import { resolveThreshold, thresholdPath } from './threshold.ts'
import { resolveUntil, untilSchema } from './until.ts'

const tagName = z.string().regex(/^[^\p{C}]{1,64}$/u, { error: 'a name of at most 64 characters' })

/** Keys that are not part of a cell's identity and cannot be swept. */
export const demandShape = {
  trials: quantity(ranges.trials, 'Number of trials of each cell.').optional(),
  until: untilSchema.optional(),
  budget: quantity(
    ranges.trials,
    'With `until`: total number of trials over all cells, spent where they are needed most.',
  ).optional(),
  record: z
    .union(
      [
        words('all', 'events', 'none'),
        oneKey({
          sample: quantity(
            ranges.share,
            'The fraction of trials whose outcomes are recorded. A hash of the trial index selects these trials.',
          ).optional(),
        }),
      ],
      {
        error: 'all, events, none or {sample: share}',
      },
    )
    .meta({
      description:
        'Which outcomes are recorded as rows. Default: all for sweeps of up to 10 million trials, otherwise none.',
    })
    .optional(),
  horizons: z
    .array(quantity(ranges.horizon), { error: 'a list of steps' })
    .meta({
      description:
        'Additional horizons below trial.steps. Probabilities at these horizons are estimated from the same trials.',
    })
    .optional(),
  confidence: quantity(ranges.confidence, 'Confidence level of every interval. Default 0.95.').optional(),
  simultaneous: z
    .boolean({ error: 'true or false' })
    .meta({
      description:
        'Makes the intervals hold for all cells together. The error probability, 1 - confidence, is divided by the ' +
        'number of cells, or for contrasts by the number of contrasts. Default false.',
    })
    .optional(),
  interval: words('clopper-pearson', 'wilson', 'jeffreys')
    .meta({ description: 'Kind of confidence interval for probabilities. Default clopper-pearson.' })
    .optional(),
  estimates: z
    .array(text('the name of an estimate'), { error: 'a list of names such as escape' })
    .meta({ description: 'The estimates to report. Default: every probability that the events define.' })
    .optional(),
  rate: keys({
    after: quantity(ranges.stepIndex, 'Number of burn-in steps that escapeRate ignores. Default 0.').optional(),
  })
    .meta({ description: 'How escapeRate is computed.' })
    .optional(),
  contrasts: contrastsSchema.optional(),
  priority: quantity(ranges.priority, 'Sweeps with higher priority are computed first. Default 0.').optional(),
  tags: z
    .record(tagName, text('a text').max(256, { error: 'a text of at most 256 characters' }), {
      error: 'a mapping of names to texts, such as {note: "first try"}',
    })
    .meta({ description: 'Labels for finding the sweep later. They do not affect results.' })
    .optional(),
}

/** If a sweep has more trials than this, their outcomes are not recorded as rows by default. */
const recordedTrials = 10_000_000n

/** `kept` lists the points of the grid that satisfy `where`; null stands for all points. */
interface Points {
  readonly grid: Grid
  readonly kept: Uint32Array | null
}

/** `maxTrials` limits the trials of all cells together. Contrasts are read separately, since they need the axes. */
export function resolveDemand(
  scope: Scope,
  points: Points,
  methods: Methods,
): { demand: Omit<Demand, 'contrasts'>; maxTrials: bigint } {
  const { root } = scope
  const confidence = () => scope.number(root, 'confidence', ranges.confidence, 0.95)
  const { method, bounds, ...requested } = collectParts({
    method: () => checkMethods(root, methods),
    bounds: () => boundsOf(scope, points, methods, confidence),
    horizons: () => horizonsOf(scope),
    rateAfter: () => scope.number(root.inner('rate'), 'after', ranges.stepIndex, 0),
    confidence,
    simultaneous: () =>
      ((root.get('simultaneous') as boolean | undefined) ?? false) || thresholdPath(root.object as Mapping) !== null,
    interval: () => (root.get('interval') as Demand['interval'] | undefined) ?? 'clopper-pearson',
    estimates: () => collectEach(listed(root, 'estimates'), (name, i) => root.inner('estimates').get(i) as typeof name),
  })
  const { rateAfter, estimates, ...rest } = requested
  const { maxTrials, record, ...spent } = bounds
  const demand = {
    ...spent,
    record,
    ...rest,
    ...(rateAfter > 0 && { rateAfter }),
    estimates: root.get('estimates') === undefined ? null : estimates,
  }
  return { demand, maxTrials }
}

function listed(root: Frame, key: 'estimates'): readonly string[] {
  return (root.get(key) as readonly string[] | undefined) ?? []
}

const untilOfSplitting = 'remove it; splitting runs a fixed number of replicas, which `method.splitting.replicas` sets'

function checkMethods(root: Frame, methods: Methods): void {
  const isGiven = (word: string) => root.get(word) !== undefined
  const refuse = (word: string, hint: string) => () => {
    if (isGiven(word)) throw new Mistake('METHOD', [word], { word, hint }, 'key')
  }
  const whole = 'splitting and tilt estimate escapes at the full horizon only'
  collectParts({
    horizons: methods.counted ? () => {} : refuse('horizons', whole),
    rate: methods.counted ? () => {} : refuse('rate', whole),
    estimates: () =>
      collectEach(methods.counted ? [] : listed(root, 'estimates'), (word, i) => {
        if (isEstimatedByValues(word)) return
        const hint = 'splitting and tilt estimate only escape and exit:NAME'
        throw new Mistake('METHOD', ['estimates', i], { word, hint })
      }),
    until: methods.direct ? () => {} : refuse('until', untilOfSplitting),
    threshold:
      methods.counted && !methods.splitting
        ? () => {}
        : refuse('threshold', 'the search for a threshold uses direct trials only'),
    budget: methods.splitting ? refuse('budget', 'only direct cells can share a budget') : () => {},
  })
}

function boundsOf(scope: Scope, { grid, kept }: Points, methods: Methods, confidence: () => number) {
  const { root } = scope
  const cells = kept?.length ?? grid.size
  const isSearched = thresholdPath(root.object as Mapping) !== null
  const { until, written } = collectParts({
    until: () =>
      isSearched
        ? resolveThreshold(scope, grid, kept, confidence)
        : budgeted(scope, resolveUntil(scope, confidence), cells),
    written: () => (isSearched || root.get('trials') === undefined ? null : trialsOf(scope)),
  })
  if (isSearched && until === null) throw consequentialMistake()
  const replicas = methods.splitting ? replicasOf(methods, written) : null
  const trials = methods.direct ? written : replicas
  if (until !== null && !methods.direct) throw consequentialMistake()
  if ((trials === null) === (until === null)) {
    const known = ['trials', 'until']
    throw new Mistake('EXACTLY_ONE', [], { known, reason: trials === null ? 'none' : known.join(' and ') })
  }
  const splits = methods.direct ? Math.ceil(methods.share * cells) : 0
  const most = BigInt(trials ?? until!.max) * BigInt(cells - splits) + BigInt(replicas ?? 0) * BigInt(splits)
  const maxTrials = until?.budget !== undefined && BigInt(until.budget) < most ? BigInt(until.budget) : most
  if (maxTrials > limits.trialsPerSweep) {
    const path = trials === null && !isSearched ? ['until', 'max'] : ['trials']
    throw new Mistake('TOO_MANY_TRIALS', path, {
      value: `${maxTrials} trials over ${cells} cells`,
      limit: '10^18 trials per sweep',
    })
  }
  const split = methods.direct && replicas !== null ? { replicas } : {}
  return { trials, until, ...split, record: recordOf(scope, maxTrials), maxTrials }
}

/** The budget must be large enough for the first check point of every cell. */
function budgeted(scope: Scope, until: Until | null, cells: number): Until | null {
  if (scope.root.get('budget') === undefined) return until
  if (until === null)
    throw new Mistake('MISSING', ['until'], {
      expected: '`until` beside `budget`: a stopping rule decides how many trials each cell needs',
    })
  if (cells > limits.budgetedCells)
    throw new Mistake('TOO_MANY_CELLS', ['budget'], {
      value: `${cells} cells share the budget`,
      limit: `${limits.budgetedCells} cells per budget`,
    })
  const budget = scope.number(scope.root, 'budget', ranges.trials)
  const least = cells * until.min
  if (budget < least)
    throw new Mistake('OUT_OF_RANGE', ['budget'], {
      value: budget,
      expected: `at least ${least}: \`until.min\` (${until.min}) times the number of cells (${cells})`,
    })
  return { ...until, budget }
}

function trialsOf(scope: Scope): number {
  const written = scope.root.get('trials')
  if (typeof written === 'number' && written > limits.trialsPerCell) {
    throw new Mistake('TOO_MANY_TRIALS', ['trials'], { value: written, limit: '10^15 trials per cell' })
  }
  return scope.number(scope.root, 'trials', ranges.trials)
}

function recordOf(scope: Scope, maxTrials: bigint): RecordRule {
  const record = scope.root.get('record')
  if (isMapping(record))
    return { kind: 'sample', share: scope.number(scope.root.inner('record'), 'sample', ranges.share) }
  const kind = record as Exclude<RecordRule['kind'], 'sample'> | undefined
  return { kind: kind ?? (maxTrials <= recordedTrials ? 'all' : 'none') }
}

function horizonsOf(scope: Scope): number[] {
  const frame = scope.root.inner('horizons')
  const written = (scope.root.get('horizons') as readonly unknown[] | undefined) ?? []
  const horizons = collectEach(written, (_, i) => scope.number(frame, i, ranges.horizon))
  return [...new Set(horizons)].sort((a, b) => a - b)
}
