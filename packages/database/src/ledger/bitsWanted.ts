import { canonicalJson, type Demand, type ResolvedCell } from '@driftfarm/spec'

/**
 * SQL: a JSON list of the estimates for which a request needs one event bit per trial. `d`, `s` and `c` are the SQL
 * names of the request's row, the sweep's row and the cell's row. If the cell shares its noise with other cells, the
 * list contains the estimates that contrasts compare in the cell. Otherwise the list is empty.
 *
 * Canonical JSON escapes the quotes inside strings. So `strpos` can find only the key `streams`, never the same text
 * inside a string.
 */
export const bitsWanted = (d: string, s: string, c: string): string =>
  `(select coalesce(jsonb_agg(distinct x -> 'of'), '[]') from jsonb_array_elements(${s}.demand -> 'contrasts') x
     where ${d}.params -> (x ->> 'path') in (x -> 'between' -> 0, x -> 'between' -> 1)
     and strpos(${c}.canonical, '"streams":"common"') > 0)`

/** Computes the list of `bitsWanted` without a database. The list is sorted and has no duplicates. */
export const bitsOfCell = (
  { cell, params }: Pick<ResolvedCell, 'cell' | 'params'>,
  { contrasts }: Pick<Demand, 'contrasts'>,
): readonly string[] => {
  if (cell.streams !== 'common') return []
  const compared = contrasts.filter(
    ({ path, between }) => path in params && between.map(canonicalJson).includes(canonicalJson(params[path])),
  )
  return [...new Set(compared.map((contrast) => contrast.of))].sort()
}
