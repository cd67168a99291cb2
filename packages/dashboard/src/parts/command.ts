import { shellWord } from '@driftfarm/report'

/** The first 12 characters of an id, which are shown to people and identify the sweep. */
export const shortId = (id: string): string => id.slice(0, 12)

/**
 * A command as it is typed into a shell. Callers name a sweep by its id, because a name that several sweeps share
 * refers only to the newest of them.
 */
export function commandText(words: readonly string[], options: object = {}): string {
  const given = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return []
    return value === true ? [`--${name}`] : [`--${name}`, shellWord(String(value))]
  })
  return ['driftfarm', ...words.map(shellWord), ...given].join(' ')
}
