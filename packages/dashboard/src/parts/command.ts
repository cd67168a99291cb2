import { shellWord } from '@driftfarm/report'

/** The beginning of an id that people see, and that names its sweep. */
export const shortId = (id: string): string => id.slice(0, 12)

/**
 * A command as it is typed into a shell. Sweeps stand in it by their ids: a name means the newest sweep of that name,
 * which may be another one.
 */
export function commandText(words: readonly string[], options: object = {}): string {
  const given = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return []
    return value === true ? [`--${name}`] : [`--${name}`, shellWord(String(value))]
  })
  return ['driftfarm', ...words.map(shellWord), ...given].join(' ')
}
