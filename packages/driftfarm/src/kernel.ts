// Compiles a cell to WebAssembly and computes the outcomes of its trials. This module also runs in a browser.
export { DriftfarmError } from '@driftfarm/formula'
export * from '@driftfarm/kernel'
export { type Cell, parseSweep, type ResolvedCell, type Sweep } from '@driftfarm/spec'
export { type Outcomes, type SimulateOptions, simulate } from './simulate.ts'
export { type Spec, sweep } from './sweep.ts'
