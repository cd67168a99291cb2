// The answers of this package as documents: each shape yields a type, a JSON Schema and a validator.
import { count, nonNegative, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'

export * from './oracle.ts'

const notApplicable = z.strictObject({ reason: z.string() })

/** `real` describes a number that may be infinite. JSON lacks such numbers, so documents write them as text. */
const curvature = <Real extends z.ZodType>(real: Real) =>
  z.strictObject({
    radius: real,
    // On the ball, every eigenvalue of Hess L is between mu and Lambda.
    mu: real,
    lambda: real,
    // Bounds on the eigenvalues of the mean Hessian between the minimum and any point theta of the ball. The mean
    // Hessian is the integral over 0 <= t <= 1 of Hess L(theta* + t (theta - theta*)). The product of the mean Hessian
    // H and the vector theta - theta* is grad L(theta). A step without noise therefore multiplies this vector by
    // I - eta H, so the bounds on H determine how strongly the step contracts.
    meanMu: real,
    meanLambda: real,
    how: z.enum(['interval arithmetic', 'estimate']),
  })
/** The curvature of the landscape in a ball about its minimum. */
export type Curvature = Plain<z.infer<ReturnType<typeof curvature<z.ZodNumber>>>>

const explicit = <Real extends z.ZodType>(real: Real) =>
  z.strictObject({
    // The factor beta in the exponent, in units of 1 / loss (`beta`) and as a multiple of 1 / T (`betaT`).
    beta: nonNegative,
    betaT: nonNegative,
    // The least L_eff at the edge of the escape set, where W is 1.
    level: real,
    // The largest increase of the mean of W in one step from a node, as a share of T - W. T is the largest value of W
    // or up to 1.2 times that value (see `extrapolated`).
    growth: share,
    // The bound on the probability of escape.
    escape: share,
  })
/** The certificate in closed form, W = min(1, exp(beta (L_eff - c))) with L_eff = L - (eta / 4) |grad L|^2. */
export type Explicit = Plain<z.infer<ReturnType<typeof explicit<z.ZodNumber>>>>

const certificate = <Real extends z.ZodType>(real: Real) =>
  z.strictObject({
    escape: share.describe('Proven upper bound on the probability of escape within the horizon.'),
    // The function W that gives the bound. 'solution': W is computed from the chain step by step, and rounded up to a
    // bound. 'exponential': W has a closed form. 'ball': there is no W, because the product s_N of Theorem 1 gives the
    // better bound.
    by: z.enum(['solution', 'exponential', 'ball']),
    // The indices (from 0) of the coordinates whose chain the bound describes: all coordinates or, if the loss is
    // separable, those of the blocks that decide the escape.
    among: z.array(count),
    // The number of nodes of W, and their distance in units of the step scale; 0 if there is no W.
    nodes: count,
    spacing: nonNegative,
    // The number of steps whose effect on W was computed one by one. `growth` bounds the effect of the other steps; it
    // is 0 if no further steps remain.
    followed: count,
    growth: share.describe(
      'W is the function of Theorem 2: it is at least 1 where a trial has escaped. Each further step raises W by at ' +
        'most this share of T - W, where T is a number that no value of W exceeds. The share is sup (P W - W) / ' +
        '(T - W), where P W is the expectation of W after one step.',
    ),
    // null if eta or the drift changes with the step, or if the bound is not below 1.
    explicit: explicit(real)
      .nullable()
      .describe(
        'The best certificate in closed form: W = min(1, exp(beta (L_eff - level))) with ' +
          'L_eff = L - (eta / 4) |grad L|^2.',
      ),
  })
/**
 * The result of Theorem 2 for a cell: a proven upper bound on the probability that a trial escapes within the horizon.
 */
export type Certificate = Plain<z.infer<ReturnType<typeof certificate<z.ZodNumber>>>>

const bounds = z.strictObject({
  stay: share.nullable().describe('s_N, a lower bound on the probability of staying.'),
  escape: share.nullable().describe('1 - s_N, computed without a subtraction.'),
  upper: share.nullable().describe('1 - S_N(rho), an upper bound on the probability of leaving.'),
  lower: share.nullable().describe('1 - S_N((1 - eta Lambda)_+), a lower bound on the probability of leaving.'),
  // The relative error that quadrature causes in `upper` and `lower`.
  error: nonNegative,
  missing: z.string().nullable().describe('Why `upper` or `lower` is unknown.'),
  // Upper bounds on the probability of leaving that hold under weaker conditions: the sum of the tails, the bound for
  // any sub-Gaussian drift, and the bound for any drift with this variance.
  union: nonNegative.nullable(),
  exponential: share.nullable(),
  doob: nonNegative.nullable(),
  certificate: share
    .nullable()
    .describe(
      'Theorem 2: an upper bound on the probability of the escape that the cell defines. The other bounds are ' +
        'about leaving the ball of the theorem, or staying in it.',
    ),
})
/** Bounds on P(theta_n in the set for all n <= N) and on the probability of leaving the set; null if not known. */
export type AdditiveBounds = Plain<z.infer<typeof bounds>>

const convergence = z.strictObject({
  s: share,
  // 1 - s, computed without a subtraction.
  escape: share,
  // The horizon N. For the steps after N, the bound uses the infinite product s_inf(D_N), a lower bound on the
  // probability of converging without an escape.
  steps: count,
  // 1 - s_inf(0), for a trial that is at the minimum at the horizon: an upper bound on the probability that the trial
  // does not stay in the ball and converge.
  after: share,
})
/** A proven lower bound on the probability that theta_n converges to the minimum without ever having escaped. */
export type Convergence = Plain<z.infer<typeof convergence>>

const vanishing = <Real extends z.ZodType>(real: Real) =>
  z.strictObject({
    // The alpha with E (D'/D)^alpha <= 1 at every point of the ball; Infinity if no step can increase D.
    alpha: real,
    // s = 1 - (D_0/r)^alpha.
    stay: real,
    escape: real,
    // How alpha was found, in words.
    text: z.string(),
  })
/** The result of Theorem 1' for a drift that vanishes at the minimum. */
export type VanishingBound = Plain<z.infer<ReturnType<typeof vanishing<z.ZodNumber>>>>

const forever = z.strictObject({
  stay: share,
  // 1 - s_inf, computed without subtraction.
  escape: share,
  // The number of steps whose factors were multiplied, and a proven upper bound on the sum of the tails of all later
  // steps.
  terms: count,
  tail: nonNegative,
  // For the steps after the horizon: the lower bound s_inf(D_N) on the probability of staying in the ball and
  // converging.
  restart: z.strictObject({
    atZero: share,
    // The D_N at which the bound falls to 1/2; null if the bound is at most 1/2 even at D_N = 0 (`atZero`).
    half: nonNegative.nullable(),
    // The mean of the bound over the measured distances D_N, with Hoeffding's interval. The bound is 0 for distances
    // outside the ball.
    measured: z.strictObject({ rows: count, value: share, low: share, high: share }).nullable(),
  }),
})
/** The bound s_inf: P(theta_n in B for all n, and theta_n -> theta*) is at least `stay`. */
export type Forever = Plain<z.infer<typeof forever>>

const condition = <Real extends z.ZodType>(real: Real) =>
  z.strictObject({
    number: z.literal([1, 2, 3]),
    holds: z.boolean(),
    numbers: z.record(z.string(), real),
    text: z.string(),
  })
/** One of the three conditions of Theorem 1, or of Theorem 3, applied to a cell. */
export type TheoremCondition = Plain<z.infer<ReturnType<typeof condition<z.ZodNumber>>>>

/** The theoretical results for a cell, computed without running a trial: Theorem 1 and related bounds. */
export const theoremAnswerShape = <Real extends z.ZodType>(real: Real) =>
  z.strictObject({
    dimension: count,
    minimum: z.strictObject({
      point: z.array(z.number()),
      // null if the cell does not name the minimum.
      name: z.string().nullable(),
      loss: real,
      gradnorm: real,
      // |grad L| / mu, an upper bound on the distance to the exact minimum; null if mu <= 0.
      error: nonNegative.nullable(),
    }),
    // D_0, the distance of the start from the minimum. `random`: each trial starts at a different point, and
    // `distance` is that of trial 0.
    start: z.strictObject({ distance: nonNegative, random: z.boolean() }),
    set: z.strictObject({
      // 'tube': a ball in the coordinates on which the loss depends, with no restriction on the other coordinates.
      kind: z.enum(['ball', 'tube']),
      // The coordinates (from 0) in which the distance is measured.
      among: z.array(count),
      radius: nonNegative,
      // What determined the radius: an option, the cell's own escape, or the best bound.
      chosen: z.enum(['option', 'escape', 'best']),
    }),
    escape: z.strictObject({
      // 'ball': escape means leaving B(theta*, radius), so the lower and the upper bound on the probability of leaving
      // the ball both hold for the escape. 'misses': balls about the minimum up to `radius` miss (do not intersect)
      // the escape set, so a trial in such a ball has not escaped. 'settles': a descent decides whether a trial has
      // escaped. The descent also shows whether a ball misses the escape set. 'none': the cell has no escape.
      // 'unknown': no ball was found that misses the escape set.
      kind: z.enum(['ball', 'misses', 'settles', 'none', 'unknown']),
      // Which of the bounds on the probability of leaving the set also hold for the cell's own escape.
      ends: z.enum(['both', 'upper', 'none']),
      text: z.string(),
    }),
    curvature: curvature(real),
    statement: z
      .enum(['additive', 'vanishing', 'momentum', 'minibatch', 'none'])
      .describe("additive: Theorem 1. vanishing: Theorem 1'. momentum, minibatch: Theorem 3."),
    conditions: z.array(condition(real)).length(3),
    // The horizon N.
    steps: count,
    bounds: bounds.nullable(),
    // Theorem 2: the proven bound on the probability of the cell's own escape, wherever in the escape set it happens.
    certificate: z.union([certificate(real), notApplicable]),
    // Theorem 2 with the corollary of Theorem 1, for a schedule.
    convergence: z
      .union([convergence, notApplicable])
      .describe('s: proven lower bound on the probability of converging to this minimum without having escaped.'),
    vanishing: vanishing(real).nullable(),
    // The bound without a horizon.
    forever: z.union([forever, notApplicable]),
    // The proof requires constant eta and constant Gaussian drift, but not that the `conditions` hold.
    leaves: z.boolean().describe('Whether every trial leaves eventually: P(tau < infinity) = 1.'),
    // For constant eta and drift: the number of steps for which a trial stays in the set with a probability of
    // 1 - delta or more.
    horizon: z.strictObject({ delta: share, steps: real }).nullable(),
    // A fragment of a spec whose escape is the event that the bounds describe.
    measure: z.string(),
  })
export type TheoremAnswer = Plain<z.infer<ReturnType<typeof theoremAnswerShape<z.ZodNumber>>>>

/** A probability with an interval that holds simultaneously with the intervals of all other shares. */
export const shareShape = z.strictObject({ count, value: share, low: share, high: share })
export type Share = Plain<z.infer<typeof shareShape>>
