/** A probability, rate or time with its interval and the method that made it. Plain JSON. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly confidence: number
  /**
   * clopper-pearson, wilson, jeffreys, inverse-binomial, gbas, gbas-bounded, beta-binomial for probabilities; poisson, beta-binomial for
   * escapeRate; student, asymptotic-sequence, bounded for escapeStep. `/42`: at (1 - confidence) / 42, which
   * allows for 42 looks at the data.
   */
  readonly method: string
  /** How many trials had the event. */
  readonly events: number
  /** Which event, where a name has two meanings: 'first escape' or 'escape before converging'. */
  readonly event?: string
  /** Cells that share 1 - confidence, where intervals are simultaneous. */
  readonly simultaneous?: number
  /** escapeRate: steps at risk, decimal. */
  readonly atRisk?: string
  /** escapeStep: by share of all trials, the steps [from, to] between which that share had escaped; null where it never had. */
  readonly quantiles?: Readonly<Record<string, readonly [from: number, to: number] | null>>
}
