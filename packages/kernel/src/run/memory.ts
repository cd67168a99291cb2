import type { RecordLayout } from '../outcome/outcome.ts'

/** Addresses in the linear memory that are the same in every module. `assembly/memory.ts` describes their contents. */
export const places = {
  control: 0x10000,
  key: 0x10000,
  horizon: 0x10018,
  log: 0x10038,
  logCapacity: 0x10040,
  logUsed: 0x10048,
  horizons: 0x10050,
  horizonsAt: 0x10058,
  keepTheta: 0x10060,
  particles: 0x10078,
  digest: 0x10080,
  tally: 0x10100,
  layers: 0x11000,
  densities: 0x15000,
  escapeHistogram: 0x18000,
  convergeHistogram: 0x1a800,
  histogramBins: 1280,
  tanhTable: 0x1d000,
  shape: 0x27000,
} as const

/** Offsets inside a vector of two lanes. */
export const vectorPlaces = { state: 0, hold: 64, escapeArmed: 80, convergeArmed: 96, markArmed: 112 } as const

/**
 * Offsets of the fields for descents, counted from the first of these fields in a vector. A field has 8 bytes for each
 * of the two lanes.
 */
export const descentPlaces = {
  active: 0,
  eta: 16,
  tolerance: 32,
  left: 48,
  arrived: 64,
  outside: 80,
  reached: 96,
  end: 144,
} as const

/**
 * Indices of the points that are stored while two end points are compared. The places from `waiting` to `end` - 1 are
 * for points that the path between the end points has yet to reach.
 */
const basinPoints = { left: 0, point: 1, slope: 2, direction: 3, next: 4, nextSlope: 5, pairs: 6, waiting: 16, end: 32 }

/**
 * Bytes of the numbers that are stored for one horizon. The first number is the step of the horizon. Next are the
 * numbers of trials that escaped, converged and diverged, and the number of steps at risk after the horizon. The last
 * are the numbers of trials that departed (escaped or diverged), that used each exit and that reached each mark.
 */
export function horizonBytes({ exits, marks }: Pick<RecordLayout, 'exits' | 'marks'>): number {
  return 48 + 8 * (exits.length + marks.length)
}

/**
 * Bytes of the sums for a mark: the sum of steps and the sum of squared steps. Both sums are stored first for all
 * trials, then for the trials that reached the mark. A sum of squares has 128 bits.
 */
export const markBytes = 48

/** Scales that change with n are tabulated for this number of steps. In later steps the kernel computes the scales. */
export const tableLength = 65_536

export interface ShapeSizes {
  readonly vectors: number
  readonly dimension: number
  readonly states: number
  readonly unrolled: boolean
  /** Number of vectors that the update needs for temporary values. */
  readonly scratch: number
  /** Number of drift matrices that each vector of lanes stores. */
  readonly ownMatrices: number
  /** Whether any drift matrix is computed from theta. */
  readonly spectral: boolean
  readonly tables: number
  readonly exits: number
  readonly minima: number
  readonly classes: number
  readonly marks: number
  /** Whether each lane stores theta_0. If not, theta_0 is among the numbers of the cell. */
  readonly ownReference: boolean
  readonly descents: boolean
  /** Whether the end point of the descent from theta_0 is stored, for comparison with later end points. */
  readonly home: boolean
  /** Whether end points of descents are compared along a path between them. */
  readonly basins: boolean
  /** Whether trials reuse the result of the first descent from the start, because all trials start at one point. */
  readonly sharedStart: boolean
  /** Whether trials reuse the result of the first descent from theta_0, because all have the same theta_0. */
  readonly sharedHome: boolean
  readonly batches: boolean
  readonly tilts: boolean
  readonly splits: boolean
  /** Bytes of work memory of the landscape. */
  readonly work: number
}

export function basinPoint(places: ShapePlaces, name: keyof typeof basinPoints, dimension: number): number {
  return places.basinPoints + 8 * dimension * basinPoints[name]
}

/** The generated code exports these addresses and offsets as constants, and this package uses them too. */
export type ShapePlaces = ReturnType<typeof shapePlaces>

export function shapePlaces(sizes: ShapeSizes) {
  const { vectors, dimension, marks, exits, minima, classes } = sizes
  const lanes = 2 * vectors
  const coordinates = 16 * dimension
  const level = vectorPlaces.markArmed + 16 * marks
  const tilted = level + (sizes.splits ? 32 : 0)
  const theta = tilted + (sizes.tilts ? 32 : 0)
  const states = theta + coordinates
  const gradient = states + coordinates * sizes.states
  const noise = gradient + (sizes.unrolled ? 0 : coordinates)
  const matrices = noise + coordinates * sizes.scratch
  const matrix = coordinates * dimension
  const dataState = matrices + (matrix + 16) * sizes.ownMatrices
  const reference = dataState + (sizes.batches ? 96 : 0)
  const descent = reference + (sizes.ownReference ? coordinates : 0)
  const probe = descent + (sizes.descents ? descentPlaces.end : 0)
  const probeGradient = probe + (sizes.descents ? coordinates : 0)
  const home = probeGradient + (sizes.descents && !sizes.unrolled ? coordinates : 0)
  const stride = home + (sizes.home ? coordinates : 0)

  let end: number = places.shape
  const take = (bytes: number): number => {
    const at = end
    end += Math.ceil(bytes / 16) * 16
    return at
  }
  return Object.freeze({
    /**
     * With splitting: when the score of a lane first exceeds `level`, the lane changes to the noise of the stream
     * `branchTo`. `peak` is the highest score so far.
     */
    level,
    peak: level + 16,
    /** Mask of the lanes whose trials are tilted. `ratio` is the logarithm of the likelihood ratio so far. */
    tilted,
    ratio: tilted + 16,
    theta,
    states,
    gradient,
    noise,
    matrices,
    /**
     * State of the stream of random numbers that selects samples, then the position in the order of the samples, then
     * the address of this order.
     */
    dataState,
    reference,
    descent,
    probe,
    probeGradient,
    home,
    stride,
    trial: take(8 * lanes),
    steps: take(8 * lanes),
    escapedAt: take(8 * lanes),
    convergedAt: take(8 * lanes),
    exitOf: take(8 * lanes),
    convergedIn: take(8 * lanes),
    /** `stage`: the descent that a lane is running. `endOf`: how the trial ended, stored until its quench is over. */
    stage: take(sizes.descents ? 8 * lanes : 0),
    endOf: take(sizes.descents ? 8 * lanes : 0),
    /**
     * `switchAt`: the step after which the lane next changes its stream of noise. `switches`: the address of the entry
     * with this step and the new stream.
     */
    switchAt: take(sizes.splits ? 8 * lanes : 0),
    switches: take(sizes.splits ? 8 * lanes : 0),
    branchTo: take(sizes.splits ? 8 * lanes : 0),
    branchedAt: take(sizes.splits ? 8 * lanes : 0),
    /**
     * `snapshotFrom`: the address of the snapshot from which the lane continues; 0 if it begins at its start.
     * `snapshotTo`: the address at which the lane must store a snapshot; 0 if it must store none.
     */
    snapshotFrom: take(sizes.splits ? 8 * lanes : 0),
    snapshotTo: take(sizes.splits ? 8 * lanes : 0),
    keptStart: take(sizes.sharedStart ? 8 + 8 * dimension : 0),
    keptHome: take(sizes.sharedHome ? 8 + 8 * dimension : 0),
    markSteps: take(8 * lanes * marks),
    markMasks: take(16 * marks),
    record: take(48 + 8 * marks),
    events: take(16 * vectors),
    exitCounts: take(8 * exits),
    settledCounts: take(8 * (minima + 1)),
    classCounts: take(classes === 0 ? 0 : 8 * (classes + 1)),
    markCounts: take(8 * marks),
    jointCounts: take(64 * (minima + 2)),
    markSums: take(markBytes * marks),
    countsEnd: take(0),
    vectorsAt: take(stride * vectors),
    /** Work memory for computing a matrix from theta (`assembly/shape.ts`), and the matrix at theta_n. */
    shapeWork: take(sizes.spectral ? 2 * matrix + 3 * coordinates : 0),
    currentMatrix: take(sizes.spectral ? matrix : 0),
    /**
     * Work memory for finding a path between two end points. The search stores its last steps, each paired with the
     * change of the gradient in this step. `basinScalars` contains two numbers for each of these pairs. `basinPair`
     * contains one point per lane, and `basinGradient` contains the gradients at these points.
     */
    basinPoints: take(sizes.basins ? 8 * dimension * basinPoints.end : 0),
    basinScalars: take(sizes.basins ? 16 * 5 : 0),
    basinPair: take(sizes.basins ? coordinates : 0),
    basinGradient: take(sizes.basins ? coordinates : 0),
    tables: take(8 * tableLength * sizes.tables),
    work: take(sizes.work),
    /** The numbers of a cell, followed by its samples. */
    numbers: take(0),
  })
}
