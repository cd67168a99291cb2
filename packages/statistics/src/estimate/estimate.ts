/** A probability, rate, time or cost with its interval and the method that made it. Plain JSON but for infinities, which documents print as text. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly confidence: number
  /**
   * clopper-pearson, wilson, jeffreys, inverse-binomial, beta-binomial for probabilities; poisson, beta-binomial for
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
