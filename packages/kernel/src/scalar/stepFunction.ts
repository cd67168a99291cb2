import { type Cell, type Law, type Tables, trainingNoise } from '@driftfarm/spec'
import { KernelError } from '../error.ts'
import { checkData } from '../model/cell.ts'
import { modelOf } from '../model/model.ts'
import { Xoshiro } from '../streams/xoshiro.ts'
import { ScalarLandscape } from './landscape.ts'
import { Tilt } from './tilt.ts'
import { updater } from './update.ts'

/** One random draw of a step. A draw has two possible results. */
export interface Draw {
  /** Index of the drift entry that makes the draw. */
  readonly entry: number
  /**
   * `sign`: -1 if the bit of the draw is set, else +1, each with probability 1/2. `flip`: the gradient is flipped if
   * the bit is set. The probability of a flip is the scale of the entry.
   */
  readonly kind: 'sign' | 'flip'
}

/** The update, in JavaScript, of a cell whose drift takes finitely many values. */
export type StepFunction = ReturnType<typeof stepFunction>

/** `taken` has one bit for each draw, and at most this many bits. */
const maxDraws = 30

/**
 * Returns the update of the rule `gradient`, with the gradient over all samples. `reference` is theta_0. Throws a
 * KernelError if the cell cannot be computed, or if its drift does not take finitely many values.
 */
export function stepFunction(cell: Cell, tables: Tables, reference: ArrayLike<number>) {
  checkData(cell, tables)
  const { rule } = cell.update
  if (rule.kind !== 'gradient')
    throw new KernelError('EXPRESSION', `a step function supports only the rule "gradient", not "${rule.kind}"`)
  const noise = trainingNoise(cell.landscape).filter((noise) => noise !== 'mini-batches')
  if (noise.length > 0) throw new KernelError('EXPRESSION', `a step function cannot have ${noise.join(' and ')}`)
  const model = modelOf(signed(cell))
  const draws = drawsOf(model.cell)
  if (draws.length > maxDraws)
    throw new KernelError('RANGE', `the update makes ${draws.length} draws per step; at most ${maxDraws} are allowed`)
  const landscape = new ScalarLandscape(model, new Float64Array(model.dimension), tables)
  const { theta } = landscape
  theta.set(reference)
  landscape.reference.set(reference)
  const update = updater(model, landscape, new Tilt(model, landscape))
  update.begin()
  update.refer()
  const stream = new GivenDraws(draws)
  return {
    /**
     * The draws of each step, in the order in which an update makes them. A drift entry makes its draws even at steps
     * at which it does not act.
     */
    draws: draws as readonly Draw[],
    /**
     * Computes theta_{n+1} from theta_n and the draws. `taken` has one bit for each draw; the lowest bit belongs to the
     * first draw. The result agrees bit for bit with a trial that makes these draws (for an exception, see `signed`).
     */
    step(from: ArrayLike<number>, n: number, taken: number, into: Float64Array): void {
      theta.set(from)
      landscape.step = n
      stream.give(taken)
      update.step(n, stream)
      into.set(theta)
    },
  }
}

/**
 * In one dimension, a sphere consists of two points, so the distribution `sphere` is replaced by `rademacher`. A trial
 * computes the two points from a normal random number instead, so the results may differ by rounding.
 */
function signed(cell: Cell): Cell {
  if (cell.landscape.dimension > 1) return cell
  const drift = cell.update.drift.map((entry) => {
    if (!('law' in entry) || !isSign(entry.law)) return entry
    const law: Law = { kind: 'rademacher' }
    return 'isotropic' in entry ? { ...entry, law, isotropic: false } : { ...entry, law }
  })
  return { ...cell, update: { ...cell.update, drift } }
}

function isSign({ kind }: Law): boolean {
  return kind === 'rademacher' || kind === 'sphere'
}

function drawsOf({ update, landscape }: Cell): Draw[] {
  const one = (entry: number): Draw => ({ entry, kind: 'sign' })
  return update.drift.flatMap((drift, entry): readonly Draw[] => {
    if (drift.form === 'flip') return [{ entry, kind: 'flip' }]
    if (drift.form === 'rate' && isSign(drift.law)) return [one(entry)]
    const isVector = drift.form !== 'rate' && drift.form !== 'rotation'
    if (isVector && !drift.isotropic && drift.law.kind === 'rademacher')
      return Array.from({ length: landscape.dimension }, () => one(entry))
    throw new KernelError(
      'EXPRESSION',
      `a step function needs drift with finitely many values, but the form ${drift.form} with the distribution ` +
        `${drift.law.kind} has infinitely many`,
    )
  })
}

class GivenDraws extends Xoshiro {
  private taken = 0
  private at = 0

  constructor(private readonly draws: readonly Draw[]) {
    super(new Uint32Array(8))
  }

  give(taken: number): void {
    this.taken = taken
    this.at = 0
  }

  override next(): void {
    const { kind } = this.draws[this.at]!
    const isTaken = ((this.taken >>> this.at) & 1) === 1
    this.at++
    // An update reads a sign from the lowest bit of a random number. A flip happens if the number, read as a fraction,
    // is below the probability of a flip. With all bits 0, a flip happens unless its probability is 0. With all bits 1,
    // no flip happens unless its probability is 1.
    this.low = kind === 'sign' ? (isTaken ? 1 : 0) : isTaken ? 0 : 0xffffffff
    this.high = kind === 'flip' && !isTaken ? 0xffffffff : 0
  }
}
