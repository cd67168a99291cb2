/** Places of the linear memory that every module shares; `assembly/memory.ts` says what they hold. */
export const places = {
  control: 0x10000,
  key: 0x10000,
  horizon: 0x10018,
  log: 0x10038,
  logCapacity: 0x10040,
  logUsed: 0x10048,
  horizons: 0x10050,
  horizonsAt: 0x10058,
  digest: 0x10080,
  tally: 0x10100,
  layers: 0x11000,
  densities: 0x15000,
  escapeHistogram: 0x18000,
  convergeHistogram: 0x1a800,
  histogramBins: 1280,
  shape: 0x1d000,
} as const

/** Offsets inside a vector of two lanes. */
export const vectorPlaces = { state: 0, hold: 64, escapeArmed: 80, convergeArmed: 96, markArmed: 112 } as const

/** Scales that change with n are tabulated for this many steps; beyond, the kernel computes them. */
export const tableLength = 65_536

export interface ShapeSizes {
  readonly vectors: number
  readonly dimension: number
  readonly momentum: boolean
  readonly unrolled: boolean
  readonly driftEntries: number
  readonly tables: number
  readonly exits: number
  readonly minima: number
  readonly classes: number
  readonly marks: number
  /** Whether lanes draw samples. */
  readonly batches: boolean
  /** Bytes of the landscape's own work. */
  readonly work: number
}

/** Where things are in a module of a shape: exported by the generated code as constants and used by the host. */
export type ShapePlaces = ReturnType<typeof shapePlaces>

export function shapePlaces(sizes: ShapeSizes) {
  const { vectors, dimension, marks, exits, minima, classes } = sizes
  const lanes = 2 * vectors
  const coordinates = 16 * dimension
  const theta = vectorPlaces.markArmed + 16 * marks
  const velocity = theta + coordinates
  const gradient = velocity + (sizes.momentum ? coordinates : 0)
  const noise = gradient + (sizes.unrolled ? 0 : coordinates)
  const dataState = noise + (sizes.unrolled ? 0 : coordinates * Math.max(0, sizes.driftEntries - 1))
  const stride = dataState + (sizes.batches ? 96 : 0)

  let end: number = places.shape
  const take = (bytes: number): number => {
    const at = end
    end += Math.ceil(bytes / 16) * 16
    return at
  }
  return Object.freeze({
    theta,
    velocity,
    gradient,
    noise,
    /** State of the data stream, then position in the order of the samples, then address of that order. */
    dataState,
    stride,
    trial: take(8 * lanes),
    steps: take(8 * lanes),
    escapedAt: take(8 * lanes),
    convergedAt: take(8 * lanes),
    exitOf: take(8 * lanes),
    convergedIn: take(8 * lanes),
    markSteps: take(8 * lanes * marks),
    markMasks: take(16 * marks),
    record: take(48 + 8 * marks),
    events: take(16 * vectors),
    exitCounts: take(8 * exits),
    settledCounts: take(8 * (minima + 1)),
    classCounts: take(classes === 0 ? 0 : 8 * (classes + 1)),
    markCounts: take(8 * marks),
    countsEnd: take(0),
    vectorsAt: take(stride * vectors),
    tables: take(8 * tableLength * sizes.tables),
    work: take(sizes.work),
    /** The numbers of a cell; its samples follow. */
    numbers: take(0),
  })
}
