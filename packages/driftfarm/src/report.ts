// Documents, tables, figures and reports, from a `Source` of them. Pure: it runs in a page too, whose `document` draws.
export { DriftfarmError } from '@driftfarm/formula'
export * from '@driftfarm/report'
