import * as z from 'zod'
import type { Grid } from '../axes/grid.ts'
import { isMapping, type Mapping } from '../document/value.ts'
import { Mistake, misplacedKey, missing, outOfRange, overLimit } from '../errors.ts'
import { isEstimatedByValues } from '../estimate/name.ts'
import { oneKey, optional, quantity, section, text, words } from '../field/field.ts'
import type { Frame, Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { flag, number, readersOf, shapeOf, word } from '../field/section.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts, consequentialMistake } from '../mistakes.ts'
import type { Demand, RecordRule, Until } from '../sweep.ts'
import { contrastsSchema } from './contrasts.ts'
import { type Methods, replicasOf } from './methods.ts'
import { observeField } from './observe.ts'
import { resolveThreshold, thresholdPath } from './threshold.ts'
import { resolveUntil, untilSchema } from './until.ts'

const share = number(
  ranges.share,
  'The fraction of trials whose outcomes are recorded. A hash of the trial index selects these trials.',
)
const after = number(ranges.stepIndex, 'Number of burn-in steps that escapeRate ignores.', 0)
/** Read apart from the request, so that a wrong priority does not keep the request from being checked. */
export const priorityField = number(ranges.priority, 'Sweeps with higher priority are computed first.', 0)
const tagName = z.string().regex(/^[^\p{C}]{1,64}$/u, { error: 'a name of at most 64 characters' })

/** Keys that are not part of a cell's identity and cannot be swept. */
const demandFields = {
  trials: quantity(ranges.trials, 'Number of trials of each cell.'),
  until: untilSchema,
  budget: quantity(
    ranges.trials,
    'With `until`: total number of trials over all cells, spent where they are needed most.',
  ),
  record: z
    .union([words('all', 'events', 'none'), oneKey({ sample: share.schema })], {
      error: 'all, events, none or {sample: share}',
    })
    .describe(
      'Which outcomes are recorded as rows. Default: all for sweeps of up to 10 million trials, otherwise none.',
    ),
  horizons: {
    schema: z
      .array(quantity(ranges.steps), { error: 'a list of steps' })
      .describe(
        'Additional horizons below trial.steps. Probabilities at these horizons are estimated from the same trials.',
      ),
    read: (root: Frame, key: string): number[] => {
      const steps = collectEach(listed(root, key), (_, i) => root.inner(key).number(i, ranges.steps))
      return [...new Set(steps)].sort((a, b) => a - b)
    },
  },
  confidence: number(ranges.betweenZeroAndOne, 'Confidence level of every interval.', 0.95),
  simultaneous: flag(
    'Makes the intervals hold for all cells together. The error probability, 1 - confidence, is divided by the ' +
      'number of cells, or for contrasts by the number of contrasts.',
    false,
  ),
  interval: word(['clopper-pearson', 'wilson', 'jeffreys'], 'Kind of confidence interval for probabilities.'),
  estimates: {
    schema: z
      .array(text('the name of an estimate'), { error: 'a list of names such as escape' })
      .describe('The estimates to report. Default: every probability that the events define.'),
    read: (root: Frame, key: string): readonly string[] | null => {
      const names = collectEach(listed(root, key), (_, i) => root.inner(key).get(i) as string)
      return root.get(key) === undefined ? null : names
    },
  },
  rate: {
    schema: section([], { after: after.schema }).describe('How escapeRate is computed.'),
    read: (root: Frame, key: string): number => after.read(root.inner(key), 'after'),
  },
  contrasts: contrastsSchema,
  observe: observeField,
  priority: priorityField.schema,
  tags: z
    .record(tagName, text('a text').max(256, { error: 'a text of at most 256 characters' }), {
      error: 'a mapping of names to texts, such as {note: "first try"}',
    })
    .describe('Labels for finding the sweep later. They do not affect results.'),
}
export const demandShape = optional(shapeOf(demandFields))

/** If a sweep has more trials than this, their outcomes are not recorded as rows by default. */
const recordedTrials = 10_000_000n

/** `kept` lists the points of the grid that satisfy `where`; null stands for all points. */
interface Points {
  readonly grid: Grid
  readonly kept: Uint32Array | null
}

/** `maxTrials` limits the trials of all cells together. Contrasts are read separately, since they need the axes. */
export function resolveDemand(scope: Scope, points: Points, methods: Methods) {
  const { root } = scope
  const own = readersOf(demandFields, root)
  const { bounds, rate, estimates, observe, ...rest } = collectParts({
    ...own,
    simultaneous: () => own.simultaneous() || thresholdPath(root.object as Mapping) !== null,
    bounds: () => boundsOf(scope, points, methods, own.confidence),
  })
  const { maxTrials, ...spent } = bounds
  const demand: Omit<Demand, 'contrasts'> = {
    ...spent,
    ...rest,
    ...(rate > 0 && { rateAfter: rate }),
    estimates,
    ...(observe.length > 0 && { observe }),
  }
  return { demand, maxTrials }
}

function listed(root: Frame, key: string): readonly unknown[] {
  return (root.get(key) as readonly unknown[] | undefined) ?? []
}

const untilOfSplitting = 'remove it; splitting runs a fixed number of replicas, which `method.splitting.replicas` sets'

export function checkMethods(root: Frame, { counted, direct, splitting }: Methods): void {
  const whole = 'splitting and tilt estimate escapes at the full horizon only'
  const refused = [
    [!counted, 'horizons', whole],
    [!counted, 'rate', whole],
    [!counted, 'observe', 'splitting and tilt weigh their trials; only `method: direct` observes values'],
    [!direct, 'until', untilOfSplitting],
    [!counted || splitting, 'threshold', 'the search for a threshold uses direct trials only'],
    [splitting, 'budget', 'only direct cells can share a budget'],
  ] as const
  collectParts({
    keys: () =>
      collectEach(refused, ([isRefused, word, hint]) => {
        if (isRefused && root.get(word) !== undefined) throw misplacedKey([word], hint, 'METHOD')
      }),
    estimates: () =>
      collectEach(counted ? [] : (listed(root, 'estimates') as readonly string[]), (word, i) => {
        if (isEstimatedByValues(word)) return
        const hint = 'splitting and tilt estimate only escape and exit:NAME'
        throw new Mistake('METHOD', ['estimates', i], { word, hint })
      }),
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
    throw overLimit('TOO_MANY_TRIALS', path, `${maxTrials} trials over ${cells} cells`, '10^18 trials per sweep')
  }
  const split = methods.direct && replicas !== null ? { replicas } : {}
  return { trials, until, ...split, record: recordOf(scope, maxTrials), maxTrials }
}

/** The budget must be large enough for the first check point of every cell. */
function budgeted(scope: Scope, until: Until | null, cells: number): Until | null {
  if (scope.root.get('budget') === undefined) return until
  if (until === null)
    throw missing(['until'], '`until` beside `budget`: a stopping rule decides how many trials each cell needs')
  if (cells > limits.budgetedCells)
    throw overLimit(
      'TOO_MANY_CELLS',
      ['budget'],
      `${cells} cells share the budget`,
      `${limits.budgetedCells} cells per budget`,
    )
  const budget = scope.root.number('budget', ranges.trials)
  const least = cells * until.min
  if (budget < least)
    throw outOfRange(
      ['budget'],
      budget,
      `at least ${least}: \`until.min\` (${until.min}) times the number of cells (${cells})`,
    )
  return { ...until, budget }
}

function trialsOf(scope: Scope): number {
  const written = scope.root.get('trials')
  if (typeof written === 'number' && written > limits.trialsPerCell) {
    throw overLimit('TOO_MANY_TRIALS', ['trials'], written, '10^15 trials per cell')
  }
  return scope.root.number('trials', ranges.trials)
}

function recordOf(scope: Scope, maxTrials: bigint): RecordRule {
  const record = scope.root.get('record')
  if (isMapping(record)) return { kind: 'sample', share: share.read(scope.root.inner('record'), 'sample') }
  const kind = record as Exclude<RecordRule['kind'], 'sample'> | undefined
  return { kind: kind ?? (maxTrials <= recordedTrials ? 'all' : 'none') }
}
