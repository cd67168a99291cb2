// What outcomes mean: estimates, intervals, stopping, contrasts, fits. Pure.
export { DriftfarmError } from '@driftfarm/formula'
export * from '@driftfarm/statistics'
