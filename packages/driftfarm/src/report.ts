// Documents, tables, figures and reports from a `Source`. This module also runs in a browser, where it draws with the
// browser's `document`.
export { DriftfarmError } from '@driftfarm/formula'
export * from '@driftfarm/report'
