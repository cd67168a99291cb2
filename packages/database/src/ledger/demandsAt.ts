/** Selects requests of a sweep by their indices. `to` is not included. */
export type IndexSelection = { readonly from: number; readonly to: number } | { readonly indices: readonly number[] }

/** SQL for the requests d of sweep $1 at the selected indices. `values` contains the parameters $2 and $3. */
export function demandsAt(places: IndexSelection): { readonly sql: string; readonly values: readonly unknown[] } {
  if ('indices' in places)
    return {
      sql: `unnest($2::int[]) u (index) cross join lateral (
              select * from farm.request d where $3::int is null and d.sweep_id = $1 and d.index = u.index limit 1) d`,
      values: [places.indices, null],
    }
  return {
    sql: `(select * from farm.request d where d.sweep_id = $1 and d.index >= $2 and d.index < $3
            order by d.index limit $3::int - $2::int) d`,
    values: [places.from, places.to],
  }
}
