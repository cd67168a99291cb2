/** A probability, rate, time or cost with its interval and the method that made it. Plain JSON but for infinities, which documents print as text. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly confidence: number
  /**
   * replicas, extinct, alike, asymptotic-sequence for the mean of replicas of splitting; weights, original-noise, no-weight,
   * alike, asymptotic-sequence for trials of a tilt;
   * clopper-pearson, wilson, jeffreys, inverse-binomial, gbas, gbas-bounded, beta-binomial for probabilities; poisson, beta-binomial for
   * escapeRate; student, asymptotic-sequence, bounded for escapeStep; delta, bonferroni for costs. `/42`: at
   * (1 - confidence) / 42, which allows for 42 looks at the data.
   */
  readonly method: string
  /** How many trials had the event; escapeRate: after the burn-in. */
  readonly events: number
  /** Which event, where a name has two meanings: 'first escape' or 'escape before converging'. */
  readonly event?: string
  /** Cells that share 1 - confidence, where intervals are simultaneous. */
  readonly simultaneous?: number
  /** escapeRate: steps at risk, decimal. */
  readonly atRisk?: string
  /** Of splitting: how far the replicas lie apart. */
  readonly replicas?: Spread
  /** Of a tilt: what its weights are worth. */
  readonly weights?: Weights
  /** escapeRate: steps of the burn-in, whose escapes and steps at risk are left out. */
  readonly after?: number
  /** escapeRate: whether the escapes after the burn-in come at one rate; null where the tally cannot tell. */
  readonly exponentiality?: Exponentiality | null
  /** escapeStep: by share of all trials, the steps [from, to] between which that share had escaped; null where it never had. */
  readonly quantiles?: Readonly<Record<string, readonly [from: number, to: number] | null>>
  /** escapeStep: limits of the same quantiles; no upper one where it lies beyond the horizon, null where both do. */
  readonly quantileLimits?: Readonly<Record<string, readonly [low: number, high: number | null] | null>>
  /** Costs: the same in gradients of single samples. */
  readonly gradients?: { readonly value: number; readonly low: number; readonly high: number }
}

/** A chi-square test of fit. */
export interface Exponentiality {
  readonly statistic: number
  readonly degreesOfFreedom: number
  readonly pValue: number
}

/** Independent replicas of splitting, whose mean is an estimate. */
export interface Spread {
  readonly count: number
  /** Those that died out before the event; they count as 0. */
  readonly extinct: number
  /** Sample variance of their estimates over the square of the mean. */
  readonly relativeVariance: number
  /** Of the sum of all, the largest. */
  readonly largestShare: number
  /** Levels of a replica, on average. */
  readonly levels: number
  /** How high the score is exceeded with probability 1/10, 1/100, ..: probability, replicas that came so far, mean of their scores. */
  readonly ladder: readonly (readonly [probability: number, replicas: number, score: number])[]
}

/** Trials of a tilt, each of which counts with a weight. */
export interface Weights {
  /** Sample variance of the values over the square of their mean: 1 / p - 1 for plain trials. */
  readonly relativeVariance: number
  /** Of the sum of all, the largest. */
  readonly largestShare: number
  /** So many events of equal weight would tell as much: (sum w)^2 / sum w^2 over those that escaped. */
  readonly effectiveEvents: number
}
