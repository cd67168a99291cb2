/*
 * The one description of the linear memory. The host uses the addresses by their names. The runtime in `assembly/` uses
 * the same names in capitals: `memorySource` declares the fixed addresses for it, and the generated `landscape.ts` the
 * addresses that depend on the shape of a cell. Below `control`, the compiler keeps its own static data.
 */
import type { RecordLayout } from '../outcome/outcome.ts'
import { recordFields } from '../outcome/recordFields.ts'

export type Places<Name extends string> = Readonly<Record<Name, number>>

/** Places one after the other: `bytes` gives the size of each, and `unit` the divisor of each address. */
export function placed<Name extends string>(start: number, bytes: Places<Name>, unit = 8): Places<Name> {
  let end = start
  return Object.fromEntries(
    Object.entries<number>(bytes).map(([name, size]) => {
      const at = end
      end += Math.ceil(size / unit) * unit
      return [name, at]
    }),
  ) as Places<Name>
}

export const word = 8
/** A number for each of the two lanes of a vector. */
export const pair = 16
/** Bins of a histogram of steps. */
export const histogramBins = 1280

const controlAt = 0x10000
const fixed = {
  control: controlAt,
  ...placed(controlAt, {
    /** Key of the trial streams: two key words of Philox and one word of its counter, each in the low half. */
    key0: word,
    key1: word,
    key2: word,
    horizon: word,
    /** Next trial to begin, and the first that is not requested. */
    next: word,
    limit: word,
    /** Number of lanes that hold a trial. */
    active: word,
    /** Log of finished records (trial index, record): address, capacity in entries (0: no log), entries used. */
    log: word,
    logCapacity: word,
    logUsed: word,
    /** Additional horizons: how many, and the address of their steps and counts. */
    horizons: word,
    horizonsAt: word,
    /** Whether a log entry also has the last theta, behind the record. */
    keepTheta: word,
    /** Number of lanes in a noise-free descent, and whether vectors wait for the ends of these descents. */
    descending: word,
    looking: word,
    /** Splitting: address of the particles (`assembly/branch.ts`). */
    particles: word,
    /** Trained starts, one for each trial: the address at which the start of trial 0 would be, modulo 2^32. */
    starts: word,
    /** Low half, then high half. */
    digest: pair,
    /** Observed values: number of watches and their address; address of the values of the first lane, and how many. */
    watches: word,
    watchesAt: word,
    observed: word,
    observedSlots: word,
  }),
  tally: controlAt + 0x100,
  ...placed(controlAt + 0x100, {
    tallyTrials: word,
    tallyEnds: 4 * word,
    tallyEscaped: word,
    tallySteps: word,
    tallyEscapeSteps: word,
    /** Low half, then high half. */
    tallyEscapeSquares: 2 * word,
    tallyAtRisk: word,
    tallyUnreached: word,
    tallyEnd: 0,
  }),
  /** What `inspect` and `finish` compute for both lanes of a vector: numbers or masks. */
  ...placed(controlAt + 0x200, {
    step: pair,
    finite: pair,
    exit: pair,
    diverged: pair,
    converged: pair,
    centre: pair,
    loss: pair,
    distance: pair,
    class: pair,
    settled: pair,
    /** State of the start stream while a start is drawn. */
    startStream: 4 * pair,
    score: pair,
    observedValue: pair,
    /** Mask of the lanes for which `watch` evaluates a group of conditions with `every`. */
    due: pair,
    /** The accuracies that were computed together with a loss. */
    accuracy: pair,
    testAccuracy: pair,
    /** The mean loss of the samples of a step. */
    stepLoss: pair,
  }),
  /** Ziggurat: 1,024 pairs (ratio, width), then 1,025 densities. */
  ...placed(controlAt + 0x1000, { layers: 1024 * pair, densities: 1025 * word }),
  ...placed(controlAt + 0x8000, {
    escapeHistogram: histogramBins * word,
    convergeHistogram: histogramBins * word,
    histogramsEnd: 0,
    /** tanh(i/128) for i = -2440 .. 2440. Reads for NaN go up to 64 KiB and do not matter. */
    tanhTable: 0xa000,
    /** From here on, addresses depend on the shape. */
    shape: 0,
  }),
}

/** Addresses that are the same in every module. */
export const places: Places<keyof typeof fixed> = fixed

/** Offsets inside a vector of two lanes. */
export const vectorPlaces = placed(0, {
  state: 4 * pair,
  hold: pair,
  escapeArmed: pair,
  convergeArmed: pair,
  markArmed: 0,
})

/** Offsets of the fields for descents, counted from the first of these fields in a vector. */
export const descentPlaces = placed(0, {
  /** Mask of the lanes that descend. */
  active: pair,
  eta: pair,
  /** The squared tolerance. */
  tolerance: pair,
  /** Steps left. */
  left: pair,
  /** Masks of the lanes that have arrived, that ended outside the basin, and that ended with |grad L| <= tolerance. */
  arrived: pair,
  outside: pair,
  reached: pair,
  /** Whether the descent from theta_0 reached the tolerance. */
  home: pair,
  /** Which descents that did not reach it left something of the trial undecided. */
  undecided: pair,
  end: 0,
})

/**
 * Offsets of the numbers that are stored for one horizon. `departed` is the number of trials that escaped or diverged.
 * After the exits come the marks.
 */
export const horizonPlaces = placed(0, {
  step: word,
  escaped: word,
  converged: word,
  diverged: word,
  atRisk: word,
  departed: word,
  exits: 0,
})

export function horizonBytes({ exits, marks }: Pick<RecordLayout, 'exits' | 'marks'>): number {
  return horizonPlaces.exits + word * (exits.length + marks.length)
}

/**
 * Offsets of the sums for a mark: the sum of steps and the sum of squared steps. Both sums are stored first for all
 * trials, then for the trials that reached the mark. A sum of squares has 128 bits.
 */
export const markPlaces = placed(0, { steps: word, squares: 2 * word, reached: word, reachedSquares: 2 * word, end: 0 })

/** Declarations of constants in AssemblyScript that need no import. The names are written in capitals. */
export function constants(type: 'i32' | 'i64' | 'usize' | 'bool', values: object, prefix = ''): string[] {
  return Object.entries(values).map(([name, value]) => {
    const capitals = `${prefix}${name}`.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
    return `@global const ${capitals}: ${type} = ${value}`
  })
}

const recordOffsets = Object.fromEntries(Object.entries(recordFields).map(([name, { offset }]) => [name, offset]))

/** The file `memory.ts` of the runtime. */
export const memorySource = [
  ...constants('usize', places),
  ...constants('usize', vectorPlaces),
  ...constants('usize', descentPlaces, 'descent_'),
  ...constants('usize', horizonPlaces, 'horizon_'),
  ...constants('usize', markPlaces, 'mark_sum_'),
  ...constants('usize', recordOffsets, 'record_'),
].join('\n')
