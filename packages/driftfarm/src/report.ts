// Documents, tables, figures and reports from a `Source`. This module also runs in a browser, and draws with its
// `document`.
export { DriftfarmError } from '@driftfarm/formula'
export * from '@driftfarm/report'
