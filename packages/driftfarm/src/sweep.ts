import type { SpecInput } from '@driftfarm/spec'

/** A sweep spec, as in YAML or JSON. Its reference is docs/reference/spec.md. */
export type Spec = SpecInput

/**
 * Returns the spec unchanged, with its type checked. It is plain data for `JSON.stringify`. Types cannot check ranges,
 * expressions and names. These are checked when the spec is run, and all errors are reported at once.
 *
 *     const spec = sweep({ version: 1, landscape: { preset: 'double-well' }, start: [-1], update: { eta: 0.1 },
 * trial: { steps: 100, escape: 'x >= 0' }, trials: 1000 })
 */
export const sweep = (spec: Spec): Spec => spec
