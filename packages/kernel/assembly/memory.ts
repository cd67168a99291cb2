// Fixed places of the linear memory. Below 0x10000 the compiler keeps its own static data; what depends on the
// shape of a cell (numbers, lanes, counters by name) follows at SHAPE, at addresses that the generated
// landscape.ts declares. `src/run/memory.ts` names the same places for the host.

/** Control block: 64-bit words. */
export const CONTROL: usize = 0x10000
/** Key of the trial streams: two key words of Philox and one word of its counter, each in the low half of 8 bytes. */
export const KEY0: usize = CONTROL + 0
export const KEY1: usize = CONTROL + 8
export const KEY2: usize = CONTROL + 16
/** The horizon N. */
export const HORIZON: usize = CONTROL + 24
/** Next trial to begin, and the first that is not wanted. */
export const NEXT: usize = CONTROL + 32
export const LIMIT: usize = CONTROL + 40
/** Lanes that hold a trial. */
export const ACTIVE: usize = CONTROL + 48
/** Log of finished records (trial index, record): address, capacity in entries (0: not kept), entries used. */
export const LOG: usize = CONTROL + 56
export const LOG_CAPACITY: usize = CONTROL + 64
export const LOG_USED: usize = CONTROL + 72
/** Extra horizons: how many, and where their steps and counts are. */
export const HORIZONS: usize = CONTROL + 80
export const HORIZONS_AT: usize = CONTROL + 88
/** Whether the log holds the last theta too, behind the record. */
export const KEEP_THETA: usize = CONTROL + 96
/** Lanes in a noise-free descent; whether vectors have yet to be looked at when these are over. */
export const DESCENDING: usize = CONTROL + 104
export const LOOKING: usize = CONTROL + 112
/** Splitting: where the particles are that lanes take up (`assembly/branch.ts`). */
export const PARTICLES: usize = CONTROL + 120

/** Digest, low and high half. */
export const DIGEST: usize = CONTROL + 128
/**
 * Tally: trials, 4 ends, escaped, steps, escape steps, their squares (low, high), steps at risk, trials left undecided
 * by a descent.
 */
export const TALLY: usize = CONTROL + 256
export const TALLY_TRIALS: usize = TALLY + 0
export const TALLY_ENDS: usize = TALLY + 8
export const TALLY_ESCAPED: usize = TALLY + 40
export const TALLY_STEPS: usize = TALLY + 48
export const TALLY_ESCAPE_STEPS: usize = TALLY + 56
export const TALLY_ESCAPE_SQUARES: usize = TALLY + 64
export const TALLY_AT_RISK: usize = TALLY + 80
export const TALLY_UNREACHED: usize = TALLY + 88
export const TALLY_END: usize = TALLY + 96

/** What `inspect` and `finish` say of the two lanes of a vector: 64-bit numbers or masks, two by two. */
export const SCRATCH: usize = CONTROL + 512
export const STEP: usize = SCRATCH + 0
export const FINITE: usize = SCRATCH + 16
export const EXIT: usize = SCRATCH + 32
export const DIVERGED: usize = SCRATCH + 48
export const CONVERGED: usize = SCRATCH + 64
export const CENTRE: usize = SCRATCH + 80
export const LOSS: usize = SCRATCH + 96
export const DISTANCE: usize = SCRATCH + 112
export const CLASS: usize = SCRATCH + 128
export const SETTLED: usize = SCRATCH + 144
/** State of the start stream while a start is drawn: four words, 16 bytes apart. */
export const START_STREAM: usize = SCRATCH + 160
/** Score of both lanes. */
export const SCORE: usize = SCRATCH + 224

/** Ziggurat: 1,024 pairs (ratio, width), then 1,025 densities. */
export const LAYERS: usize = 0x11000
export const DENSITIES: usize = 0x15000
/** Two histograms of steps, 1,280 bins each. */
export const ESCAPE_HISTOGRAM: usize = 0x18000
export const CONVERGE_HISTOGRAM: usize = 0x1a800
export const HISTOGRAMS_END: usize = 0x1d000
/** The table of tanh (`elementary.ts`) comes next; from here on places depend on the shape. */
export const SHAPE: usize = 0x27000

/** Offsets inside a vector of two lanes. */
export const STATE: usize = 0
export const HOLD: usize = 64
export const ESCAPE_ARMED: usize = 80
export const CONVERGE_ARMED: usize = 96
export const MARK_ARMED: usize = 112

/**
 * Offsets from DESCENT of a vector: mask of the lanes that descend, eta, tolerance^2, steps left; masks of those that
 * have arrived, of those whose descent ended outside the basin, and of those that arrived with |grad L| <= tolerance;
 * whether the descent from theta_0 did, and which descents that did not left something of the trial undecided.
 */
export const DESCENT_ACTIVE: usize = 0
export const DESCENT_ETA: usize = 16
export const DESCENT_TOLERANCE: usize = 32
export const DESCENT_LEFT: usize = 48
export const DESCENT_ARRIVED: usize = 64
export const DESCENT_OUTSIDE: usize = 80
export const DESCENT_REACHED: usize = 96
export const DESCENT_HOME: usize = 112
export const DESCENT_UNDECIDED: usize = 128
export const DESCENT_END: usize = 144
