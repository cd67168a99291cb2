// Theory of a cell: premises, minima, exact answers, asymptotics, Theorem 1. Pure.
export { DriftfarmError } from '@driftfarm/formula'
export * from '@driftfarm/theory'
