// Documents, tables, figures and reports from a `Source`. Pure: it also runs in a browser, whose `document` draws.
export { DriftfarmError } from '@driftfarm/formula'
export * from '@driftfarm/report'
