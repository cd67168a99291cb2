import { recordBytes } from '../outcome/recordFields.ts'
import { descentPlaces, markPlaces, pair, placed, places, vectorPlaces, word } from './map.ts'

/** Scales that change with n are tabulated for this number of steps. In later steps the kernel computes the scales. */
export const tableLength = 65_536

/** Largest number of steps of Lanczos' method for the sharpness. */
export const lanczosSteps = 200

export interface ShapeSizes {
  readonly vectors: number
  readonly dimension: number
  readonly states: number
  readonly unrolled: boolean
  /** Number of vectors that the update needs for temporary values. */
  readonly scratch: number
  /** Number of drift matrices that each vector of lanes stores. */
  readonly ownMatrices: number
  /** Whether any drift matrix is computed from theta, or the index from a dense Hessian. */
  readonly spectral: boolean
  /** Whether an expression uses sharpness, trace or index. */
  readonly curvature: boolean
  readonly tables: number
  readonly exits: number
  readonly minima: number
  readonly classes: number
  readonly marks: number
  /** Number of conditions with `every`. */
  readonly timedConditions: number
  /** Number of marks at which each lane keeps theta. */
  readonly sinceCount: number
  /** Whether each lane keeps the loss of the samples of its last step. */
  readonly keepsBatchLoss: boolean
  /** Whether each lane stores theta_0. If not, theta_0 is among the numbers of the cell. */
  readonly ownReference: boolean
  readonly descents: boolean
  /** Whether the end point of the descent from theta_0 is stored, for comparison with later end points. */
  readonly basin: boolean
  /** Whether end points of descents are compared along a path between them. */
  readonly basins: boolean
  /** Number of units of the largest layer whose units are matched; 0 if no units are matched. */
  readonly matchedUnits: number
  /** Whether an expression uses `linearbarrier` or `matchedbarrier`. */
  readonly barrier: boolean
  /** Whether trials reuse the result of the first descent from the start, because all trials start at one point. */
  readonly sharedStart: boolean
  /** Whether trials reuse the result of the first descent from theta_0, because all have the same theta_0. */
  readonly sharedHome: boolean
  /** Whether losses are compared with a limit, samples with large losses first. */
  readonly ranks: boolean
  readonly batches: boolean
  readonly dropout: boolean
  readonly labelNoise: boolean
  /** Whether a step evaluates its samples more than once. */
  readonly repeats: boolean
  /** Bytes for the samples that one lane draws in a step. */
  readonly batchBytes: number
  /** Number of lanes that have these samples at the same time. */
  readonly batchLanes: number
  readonly tilts: boolean
  readonly splits: boolean
  /** Bytes of work memory of the landscape. */
  readonly work: number
}

/** The addresses and offsets that depend on the shape of a cell. */
export type ShapePlaces = ReturnType<typeof shapePlaces>

export function shapePlaces(sizes: ShapeSizes) {
  const { vectors, dimension, marks } = sizes
  const coordinates = pair * dimension
  const matrix = coordinates * dimension
  const vector = placed(vectorPlaces.markArmed + pair * marks, {
    /** For each condition with `every`, the mask of the lanes in which it held when it was last evaluated. */
    timed: pair * sizes.timedConditions,
    since: coordinates * sizes.sinceCount,
    batchLoss: sizes.keepsBatchLoss ? pair : 0,
    /**
     * With splitting: when the score of a lane first exceeds `level`, the lane changes to the noise of the stream
     * `branchTo`. `peak` is the highest score so far.
     */
    level: sizes.splits ? pair : 0,
    peak: sizes.splits ? pair : 0,
    /** Mask of the lanes whose trials are tilted. `ratio` is the logarithm of the likelihood ratio so far. */
    tilted: sizes.tilts ? pair : 0,
    ratio: sizes.tilts ? pair : 0,
    theta: coordinates,
    statesAt: coordinates * sizes.states,
    gradient: sizes.unrolled ? 0 : coordinates,
    noise: coordinates * sizes.scratch,
    matrices: (matrix + pair) * sizes.ownMatrices,
    /** State of the stream of random numbers that selects samples. */
    dataState: sizes.batches ? 4 * pair : 0,
    dropoutState: sizes.dropout ? 4 * pair : 0,
    labelState: sizes.labelNoise ? 4 * pair : 0,
    /** The position in the order of the samples, and the address of this order. */
    position: sizes.batches ? pair : 0,
    order: sizes.batches ? pair : 0,
    /** The address of the next sample among those that were drawn at the beginning of the step. */
    chosenNext: sizes.repeats ? pair : 0,
    reference: sizes.ownReference ? coordinates : 0,
    descent: sizes.descents ? descentPlaces.end : 0,
    probe: sizes.descents ? coordinates : 0,
    probeGradient: sizes.descents && !sizes.unrolled ? coordinates : 0,
    home: sizes.basin ? coordinates : 0,
    stride: 0,
  })
  const lanes = 2 * vectors * word
  const point = word * dimension
  const keptBytes = sizes.repeats ? vector.position - vector.dropoutState : 0
  const classes = sizes.classes === 0 ? 0 : sizes.classes + 1
  const shape = placed(
    places.shape,
    {
      trial: lanes,
      steps: lanes,
      escapedAt: lanes,
      convergedAt: lanes,
      exitOf: lanes,
      convergedIn: lanes,
      /** The descent that a lane is running, and how the trial ended, stored until its quench is over. */
      stageOf: sizes.descents ? lanes : 0,
      endOf: sizes.descents ? lanes : 0,
      /**
       * `switchAt`: the step after which the lane next changes its stream of noise. `switches`: the address of the
       * entry with this step and the new stream.
       */
      switchAt: sizes.splits ? lanes : 0,
      switches: sizes.splits ? lanes : 0,
      branchTo: sizes.splits ? lanes : 0,
      branchedAt: sizes.splits ? lanes : 0,
      /**
       * `snapshotFrom`: the address of the snapshot from which the lane continues; 0 if it begins at its start.
       * `snapshotTo`: the address at which the lane must store a snapshot; 0 if it must store none.
       */
      snapshotFrom: sizes.splits ? lanes : 0,
      snapshotTo: sizes.splits ? lanes : 0,
      keptStart: sizes.sharedStart ? word + point : 0,
      keptHome: sizes.sharedHome ? word + point : 0,
      markSteps: lanes * marks,
      markMasks: pair * marks,
      /** How often the order of the samples may still be used (`assembly/ranking.ts`). */
      ranking: sizes.ranks ? word : 0,
      record: recordBytes(marks),
      events: pair * vectors,
      exitCounts: word * sizes.exits,
      settledCounts: word * (sizes.minima + 1),
      classCounts: word * classes,
      markCounts: word * marks,
      jointCounts: 8 * word * (sizes.minima + 2),
      markSums: markPlaces.end * marks,
      countsEnd: 0,
      vectorsAt: vector.stride * vectors,
      /** Work memory for computing a matrix from theta (`assembly/shape.ts`), and the matrix at theta_n. */
      shapeWork: sizes.spectral ? 2 * matrix + 3 * coordinates : 0,
      currentMatrix: sizes.spectral ? matrix : 0,
      /** The point, three vectors of Lanczos' method, two for a product, and the tridiagonal matrix. */
      curvaturePoint: sizes.curvature ? coordinates : 0,
      curvatureVectors: sizes.curvature ? 3 * coordinates : 0,
      productVectors: sizes.curvature ? 2 * coordinates : 0,
      tridiagonal: sizes.curvature ? 2 * pair * lanczosSteps : 0,
      basinPoints: sizes.basins ? 32 * point : 0,
      basinScalars: sizes.basins ? 5 * pair : 0,
      basinPair: sizes.basins ? coordinates : 0,
      basinGradient: sizes.basins ? coordinates : 0,
      /** The points to be matched, copies of one, costs, and rows of words for the assignment. */
      symmetryLeft: sizes.matchedUnits > 0 ? point : 0,
      symmetryRight: sizes.matchedUnits > 0 ? point : 0,
      symmetryOther: sizes.matchedUnits > 0 ? point : 0,
      symmetryCopy: sizes.matchedUnits > 0 ? point : 0,
      symmetryCosts: word * sizes.matchedUnits ** 2,
      symmetryRows: sizes.matchedUnits > 0 ? 6 * word * (sizes.matchedUnits + 1) : 0,
      barrierStart: sizes.barrier ? coordinates : 0,
      barrierEnd: sizes.barrier ? coordinates : 0,
      barrierPoint: sizes.barrier ? coordinates : 0,
      tables: word * tableLength * sizes.tables,
      work: sizes.work,
      /** The samples of a step, if it evaluates them more than once: one lane after the other. */
      chosen: sizes.repeats ? sizes.batchLanes * sizes.batchBytes : 0,
      /** The streams of its masks and labels at its beginning. */
      keptStates: keptBytes,
      /** The numbers of a cell, followed by its samples. */
      numbers: 0,
    },
    pair,
  )
  /**
   * Points that are stored while a path between two end points is sought. The search stores its last steps, each paired
   * with the change of the gradient in this step. `basinScalars` contains two numbers for each of these pairs.
   * `basinPair` contains one point per lane, and `basinGradient` contains the gradients at these points.
   */
  const basin = placed(shape.basinPoints, {
    basinLeft: point,
    basinPoint: point,
    basinSlope: point,
    basinDirection: point,
    basinNext: point,
    basinNextSlope: point,
    basinPairs: 10 * point,
    /** Points between the end points that the path has yet to reach. */
    basinWaiting: 16 * point,
  })
  return Object.freeze({ ...vector, ...shape, ...basin, keptBytes })
}
