import { type Prefix, type SweepHead, tallyOf } from '@driftfarm/database'
import type { RecordLayout } from '@driftfarm/kernel'
import type { Demand } from '@driftfarm/spec'
import { type Estimate, estimatesOf, orderOfEstimates } from '@driftfarm/statistics'

type Estimates = Readonly<Record<string, Estimate>>

/** The stored estimates of a cell or, if it is not finished, those from the newest tallies. */
export function estimatesNow(prefix: Prefix): Estimates {
  if (prefix.state !== 'open') return prefix.estimates ?? {}
  return estimatesOf(tallyOf(prefix), prefix.layout, prefix.demand, prefix.choice)
}

type Names = Pick<Demand, 'horizons' | 'observe'>

/** Documents have one order of estimates, and of the fields of each. A spec may name its estimates in any order. */
export function orderEstimates(estimates: Estimates, layout: RecordLayout, demand: Names): Estimates {
  const given = orderKeys(estimates, namesOf(layout, demand))
  const ordered: Record<string, Estimate> = {}
  for (const name in given) ordered[name] = orderKeys(given[name]!, fields)
  return ordered
}

const fields = ['value', 'low', 'high', 'confidence', 'method', 'events', 'event'] as const

let latest: { readonly layout: RecordLayout; readonly demand: Names; readonly names: readonly string[] } | undefined

/**
 * Computing the names takes long, and most consecutive cells have the same layout and request. So the names are
 * computed again only if the layout or the request has changed.
 */
function namesOf(layout: RecordLayout, demand: Names): readonly string[] {
  if (latest?.layout !== layout || latest.demand !== demand)
    latest = { layout, demand, names: orderOfEstimates(layout, demand) }
  return latest.names
}

/** The index, id and swept values of a cell, as documents name them. */
export const originOf = ({ index, id, params }: Pick<Prefix, 'index' | 'id' | 'params'>, { axes }: SweepHead) => ({
  index,
  id,
  params: orderKeys(params, axes),
})

/**
 * Returns the record with its keys in the wanted order; keys that are not in `wanted` come last. A plain loop is used
 * because it is fast, and a document may have 10^5 such records.
 */
export function orderKeys<T extends object>(record: T, wanted: readonly string[]): T {
  const ordered: Record<string, unknown> = {}
  const given = record as Readonly<Record<string, unknown>>
  for (const key of wanted) {
    const value = given[key]
    if (value !== undefined) ordered[key] = value
  }
  for (const key in given) if (!(key in ordered)) ordered[key] = given[key]
  return ordered as T
}

/** The cells of pages, one after another. */
export async function* cellsIn<Cell>(pages: AsyncIterable<readonly Cell[]>): AsyncGenerator<Cell> {
  for await (const page of pages) yield* page
}
