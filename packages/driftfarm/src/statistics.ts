// Statistics of outcomes: estimates, intervals, stopping rules, contrasts, fits. Pure.
export { DriftfarmError } from '@driftfarm/formula'
export * from '@driftfarm/statistics'
