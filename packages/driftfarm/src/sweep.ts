import type { SpecInput } from '@driftfarm/spec'

/** A sweep spec as an object, with the same keys as in YAML or JSON. docs/reference/spec.md describes the keys. */
export type Spec = SpecInput

/**
 * Returns the spec unchanged. The call only lets the compiler check the type of the spec. The spec is plain data,
 * which `JSON.stringify` can write. Types cannot check ranges, expressions and names. These are checked when the
 * spec is run, and all errors are reported at once.
 *
 *     const spec = sweep({ version: 1, landscape: { preset: 'double-well' }, start: [-1], update: { eta: 0.1 },
 * trial: { steps: 100, escape: 'x >= 0' }, trials: 1000 })
 */
export const sweep = (spec: Spec): Spec => spec
