/**
 * SQL: of which estimates demand d of sweep s needs a bit a trial of its cell c, as a JSON list: of those that a
 * contrast compares in it, if it shares its noise. (In canonical JSON these bytes stand nowhere else: inside a text
 * quotes are escaped.)
 */
export const bitsWanted = (d: string, s: string, c: string): string =>
  `(select coalesce(jsonb_agg(distinct x -> 'of'), '[]') from jsonb_array_elements(${s}.demand -> 'contrasts') x
     where ${d}.params -> (x ->> 'path') in (x -> 'between' -> 0, x -> 'between' -> 1)
     and strpos(${c}.canonical, '"streams":"common"') > 0)`
