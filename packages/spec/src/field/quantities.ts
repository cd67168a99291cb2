import { cached } from '../cached.ts'
import type { Landscape } from '../cell.ts'
import { type DataTable, type Tables, tableOf, wrongRow } from '../data.ts'
import { unmatchable } from './matching.ts'

/** An expression that may use quantities. Reading an unknown part of a landscape that has mistakes throws them. */
export interface QuantityUse {
  readonly place: QuantityPlace
  readonly of: { readonly landscape: Landscape; readonly tables: Tables }
  readonly hasQuench?: boolean
}

/** `event`: an escape, mark or condition of convergence. `switch`: the `when` of a drift. */
export type QuantityPlace = 'event' | 'class' | 'observe' | 'score' | 'shift' | 'switch'

/** Why a quantity cannot be used, unless `hint` says it all, and what to do instead. */
export interface QuantityRefusal {
  readonly reason?: string
  readonly hint: string
}

/** A quantity of a trial at one step, which conditions and other expressions know by its name. */
export interface Quantity {
  /** Names that other software or papers use. */
  readonly foreign?: RegExp
  /**
   * Whether a coordinate, parameter or `let` number of this name is refused. If not, it hides the quantity, so that
   * specs that are older than the quantity keep their meaning.
   */
  readonly isReserved?: true
  /** Whether its value depends on more than theta and theta_0. */
  readonly isOfTrial?: true
  /** Whether its value is always from 0 to 1. */
  readonly isShare?: true
  /** Absent: the quantity can be used in each place. */
  readonly refusal?: (use: QuantityUse) => QuantityRefusal | null
}

/** A dense Hessian of this dimension and its eigenvalues take about a second. */
const largestIndexed = 256

/** In the order in which messages list them. */
export const quantities = {
  loss: { foreign: /^(l|f|energy|cost|objective)$/, isReserved: true },
  gradnorm: { foreign: /^(g|grad|gradient|grad_norm|gradient_norm)$/, isReserved: true },
  distance: { foreign: /^(dist|r|radius)$/, isReserved: true },
  step: { foreign: /^(t|n|i|iter|iteration|epoch|time)$/, isReserved: true, isOfTrial: true },
  /** `distance.since.MARK`: the distance from theta at the first step of the mark. NaN until the step after it. */
  'distance.since': { isOfTrial: true },
  /** The loss at the end of the quench. */
  quenchloss: {
    isReserved: true,
    isOfTrial: true,
    refusal: ({ place, hasQuench = false }) =>
      place === 'class' && hasQuench
        ? null
        : { hint: 'it can be used only in `classify` without `every`, in a trial with a quench' },
  },
  /** Second derivatives of the loss: the largest eigenvalue, the trace, and the number of negative eigenvalues. */
  sharpness: { foreign: /^(lambda_?max|top_?eigenvalue|max_?eigenvalue|curvature)$/ },
  trace: { foreign: /^(hessian_?trace|laplacian)$/ },
  index: {
    foreign: /^(morse_?index|negative_?eigenvalues)$/,
    refusal: ({ of: { landscape } }) =>
      landscape.dimension <= largestIndexed
        ? null
        : {
            reason: `it takes all eigenvalues of the Hessian, and ${landscape.dimension} coordinates are too many`,
            hint: `use sharpness or trace, or at most ${largestIndexed} coordinates`,
          },
  },
  /** How far the loss rises on the straight path from theta_0. */
  linearbarrier: { foreign: /^((loss|linear)?_?barrier|instability)$/ },
  /** The same after the units of the network have been matched to those at theta_0. */
  matchedbarrier: {
    foreign: /^(permutation_?barrier|rebasin|matched_?barrier)$/,
    refusal: ({ of: { landscape } }) => {
      const reason = unmatchable(landscape)
      return reason === null ? null : { reason, hint: 'use linearbarrier' }
    },
  },
  /** The mean loss of the samples that the last step used, at the theta where that step began. */
  batchloss: {
    foreign: /^(batch_loss|train_?loss|training_?loss|minibatch_?loss)$/,
    isOfTrial: true,
    refusal: ({ place, of }) =>
      of.landscape.kind === 'population' || of.landscape.data === null
        ? { reason: 'only steps of a landscape on data have it', hint: 'use a condition on loss' }
        : place === 'event' || place === 'class' || place === 'observe'
          ? null
          : { reason: 'it belongs to the step that ended, not to a point', hint: 'use loss' },
  },
  /** The share of training samples whose class the network predicts. */
  accuracy: { foreign: /^(acc|correct)$/, isShare: true, refusal: ({ of }) => needsClasses(of) },
  /** The mean loss of the test samples, without weight decay. */
  testloss: { foreign: /^(val_?loss|validation_?loss|test_loss)$/, refusal: ({ of }) => needsTest(of) },
  testaccuracy: {
    foreign: /^(val_?acc(uracy)?|test_?acc|test_accuracy)$/,
    isShare: true,
    refusal: ({ of }) => needsClasses(of) ?? needsTest(of),
  },
} as const satisfies Readonly<Record<string, Quantity>>

function needsTest({ landscape }: QuantityUse['of']): QuantityRefusal | null {
  if (landscape.kind !== 'population' && landscape.test !== undefined) return null
  return {
    reason: 'the landscape has no test samples',
    hint: 'write `test: FILE` or `test: {fraction: 0.2}` under `data`',
  }
}

function needsClasses({ landscape, tables }: QuantityUse['of']): QuantityRefusal | null {
  if (landscape.kind !== 'network')
    return {
      reason: 'only a network on data predicts classes',
      hint: 'use a condition on coordinates, loss or gradnorm',
    }
  const outputs = landscape.layers.at(-1)!
  const table = tableOf(tables, landscape.data)
  const wrong = table && noClass(`${table.hash} ${outputs}`, table, outputs)
  if (wrong == null) return null
  const expected = outputs === 1 ? '0 or 1' : 'from 0 to 1'
  return {
    reason: `the targets must be classes, but one is ${wrong}`,
    hint: `make all targets ${expected}, or use a condition on loss`,
  }
}

const maxChecked = 1000

/** Returns a target that is not 0 or 1, or if there are several targets, one that is not from 0 to 1. */
const noClass = cached(maxChecked, (_key: string, table: DataTable, outputs: number): number | null => {
  const isClass = outputs === 1 ? (t: number) => t === 0 || t === 1 : (t: number) => t >= 0 && t <= 1
  const wrong = wrongRow(table, table.columns - outputs, (targets) => targets.every(isClass))
  return wrong && wrong.values.find((t) => !isClass(t))!
})

export type QuantityName = keyof typeof quantities

export const quantityNames = Object.keys(quantities) as readonly QuantityName[]

const since = 'distance.since'

/** The mark of `distance.since.MARK`; null for any other name. */
export function sinceMark(name: string): string | null {
  return name.startsWith(`${since}.`) ? name.slice(since.length + 1) : null
}

/** The quantity that a name in an expression stands for. */
export function quantityOf(name: string): QuantityName | null {
  if (sinceMark(name) !== null) return since
  return Object.hasOwn(quantities, name) ? (name as QuantityName) : null
}

/** Whether this is a quantity whose value depends on more than theta and theta_0. */
export function isOfTrial(name: string): boolean {
  return quantityNamed(name)?.isOfTrial === true
}

export function quantityNamed(name: string): Quantity | null {
  const found = quantityOf(name)
  return found === null ? null : quantities[found]
}
