import type { SpecInput } from '@driftfarm/spec'

/** A sweep spec as it is written in YAML or JSON; docs/reference/spec.md is its reference. */
export type Spec = SpecInput

/**
 * A typed spec, as it is: plain data that `JSON.stringify` writes down. What types cannot tell (ranges, expressions,
 * names) is checked when it is run, all mistakes at once.
 *
 *     const spec = sweep({ version: 1, landscape: { preset: 'double-well' }, start: [-1], update: { eta: 0.1 },
 *       trial: { steps: 100, escape: 'x >= 0' }, trials: 1000 })
 */
export const sweep = (spec: Spec): Spec => spec
