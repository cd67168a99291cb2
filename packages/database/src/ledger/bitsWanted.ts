import { canonicalJson, type Demand, type ResolvedCell } from '@driftfarm/spec'

/**
 * SQL: a JSON list of the estimates for which a request needs one event bit per trial. `d`, `s` and `c` name the rows
 * of the request, the sweep and the cell. If the cell shares its noise with other cells, the list contains the
 * estimates that contrasts compare in the cell. Otherwise the list is empty. `strpos` finds only the key `streams`,
 * because canonical JSON escapes the quotes inside strings.
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
