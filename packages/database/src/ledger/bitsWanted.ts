/**
 * SQL: a JSON list of the estimates for which demand d of sweep s needs one event bit for each trial of its cell c:
 * those that a contrast compares in the cell, if the cell shares its noise. (In canonical JSON the searched bytes occur
 * nowhere else, since quotes inside texts are escaped.)
 */
export const bitsWanted = (d: string, s: string, c: string): string =>
  `(select coalesce(jsonb_agg(distinct x -> 'of'), '[]') from jsonb_array_elements(${s}.demand -> 'contrasts') x
     where ${d}.params -> (x ->> 'path') in (x -> 'between' -> 0, x -> 'between' -> 1)
     and strpos(${c}.canonical, '"streams":"common"') > 0)`
