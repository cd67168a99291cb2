/**
 * A matrix of non-negative numbers in which each row consists of runs of neighbouring entries. Rows are added in order.
 */
export class RunMatrix {
  private values = new Float64Array(1 << 12)
  private filled = 0
  private first = new Int32Array(1 << 8)
  private length = new Int32Array(1 << 8)
  private runs = 0
  private readonly rowEnd: Int32Array
  private rows = 0

  constructor(
    readonly size: number,
    readonly columns: number,
    /** `run` throws a RangeError if it would add more entries. */
    private readonly maxEntries: number,
  ) {
    this.rowEnd = new Int32Array(size)
  }

  get entries(): number {
    return this.filled
  }

  /** Adds a run to the current row and returns it for the caller to fill. */
  run(first: number, length: number): Float64Array {
    const needed = this.filled + length
    if (needed > this.values.length) {
      if (needed > this.maxEntries) throw new RangeError(tooManyEntries(this.maxEntries))
      const room = Math.min(2 * this.values.length, this.maxEntries)
      this.values = grown(this.values, new Float64Array(Math.max(room, needed)))
    }
    if (this.runs === this.first.length) {
      this.first = grown(this.first, new Int32Array(2 * this.runs))
      this.length = grown(this.length, new Int32Array(2 * this.runs))
    }
    this.first[this.runs] = first
    this.length[this.runs] = length
    this.runs++
    this.filled += length
    return this.values.subarray(this.filled - length, this.filled)
  }

  endRow(): void {
    this.rowEnd[this.rows] = this.runs
    this.rows++
  }

  scaleRow(factor: number): void {
    const begin = this.rows === 0 ? 0 : this.rowEnd[this.rows - 1]!
    let from = this.filled
    for (let run = begin; run < this.runs; run++) from -= this.length[run]!
    for (let i = from; i < this.filled; i++) this.values[i]! *= factor
  }

  /** into = row * matrix. */
  applyLeft(row: Float64Array, into: Float64Array): void {
    const { values, first, length, rowEnd, size } = this
    into.fill(0)
    let run = 0
    let at = 0
    for (let i = 0; i < size; i++) {
      const mass = row[i]!
      const end = rowEnd[i]!
      for (; run < end; run++) {
        const begin = first[run]!
        const stop = begin + length[run]!
        if (mass === 0) at += length[run]!
        else for (let j = begin; j < stop; j++) into[j]! += mass * values[at++]!
      }
    }
  }

  /** All entries, row by row. */
  dense(): Float64Array {
    const entries = new Float64Array(this.size * this.columns)
    this.forEachRun((row, first, run) => {
      for (let j = 0; j < run.length; j++) entries[row * this.columns + first + j]! += run[j]!
    })
    return entries
  }

  forEachRun(visit: (row: number, first: number, entries: Float64Array) => void): void {
    let run = 0
    let at = 0
    for (let i = 0; i < this.size; i++)
      for (; run < this.rowEnd[i]!; run++) {
        visit(i, this.first[run]!, this.values.subarray(at, at + this.length[run]!))
        at += this.length[run]!
      }
  }
}

export function tooManyEntries(most: number): string {
  return `the transition matrix has more than ${most} entries`
}

function grown<T extends Float64Array | Int32Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}

export type Stage = Readonly<ReturnType<typeof emptyStage>>

/** A stage without rows. The caller adds them, and sets the other probabilities of each row. */
export function emptyStage(size: number, columns: number, questions: number, maxEntries: number) {
  const made = (): Float64Array => new Float64Array(size)
  return {
    matrix: new RunMatrix(size, columns, maxEntries),
    /**
     * For each question and each state: the probability that a trial in this state ends in this step with the event of
     * the question.
     */
    absorbed: Array.from({ length: questions }, made),
    /** For each state: the probability that a trial ends in this step for any reason. */
    ended: made(),
    /** For each state: the probability that a trial leaves the box in this step, so that its outcome is unknown. */
    lost: made(),
  }
}

/** For each state: the probability that a trial ends or leaves the box in this step. */
export function leaving({ ended, lost }: Pick<Stage, 'ended' | 'lost'>): Float64Array {
  return ended.map((part, i) => part + lost[i]!)
}

export function total(mass: Float64Array): number {
  let sum = 0
  for (let i = 0; i < mass.length; i++) sum += mass[i]!
  return sum
}

export function apart(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!)
  return sum
}

/** The first step of a trial, given as a stage with one row. */
export function firstOf({ matrix, absorbed, lost }: Stage): FiniteChain['first'] {
  const mass = new Float64Array(matrix.columns)
  matrix.applyLeft(Float64Array.of(1), mass)
  return { mass, absorbed: absorbed.map(([part]) => part!), lost: lost[0]! }
}

/** The states are the quadrature nodes or lattice points at which a trial has not yet ended. */
export interface FiniteChain {
  /** The number of states at n = 1. Later steps may have more or fewer if their distribution depends on n. */
  readonly size: number
  /** The first step of a trial. `stage` cannot describe this step, because the start is not one of the states. */
  readonly first: {
    readonly mass: Float64Array
    readonly absorbed: readonly number[]
    readonly lost: number
  }
  /** The step from theta_n, n >= 1. */
  stage(n: number): Stage
  readonly isStationary: boolean
  /**
   * For each question about the state at the horizon: 1 for each state in which the answer is yes, else 0. For a
   * question about an event: null.
   */
  readonly stands: readonly (Float64Array | null)[]
}

export interface NodeChain extends FiniteChain {
  /** The index of each state's group of neighbours; null if there are few enough states to do without groups. */
  readonly groups: Int32Array | null
  /** Returns the number of entries of the matrix for step n. In two dimensions, this number is an estimate. */
  entriesAt(n: number): number
  /** The number of entries of all matrices so far. */
  computed(): number
}

/** The mass of the trials that have not ended, at theta_n. */
export class Flow {
  n = 1
  /** The number of multiplications so far. */
  work = 0
  mass: Float64Array
  private spare: Float64Array

  constructor({ first }: FiniteChain) {
    this.mass = Float64Array.from(first.mass)
    this.spare = new Float64Array(first.mass.length)
  }

  step({ matrix }: Stage): void {
    const { mass, spare } = this
    this.mass = spare.length === matrix.columns ? spare : new Float64Array(matrix.columns)
    this.spare = mass
    matrix.applyLeft(mass, this.mass)
    this.work += matrix.entries
    this.n++
  }
}
