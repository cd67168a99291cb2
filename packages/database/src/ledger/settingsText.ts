import { beginningOf, type Cell, plainSettings } from '@driftfarm/spec'

/** Settings other than `update` are cached, because most cells differ only in `update`. */
let latest: { readonly key: string; readonly text: string } | null = null

/** The text of a JSON object whose keys are the paths of settings; see `plainSettings`. */
export function settingsText(canonical: string, { update, ...rest }: Cell): string {
  const key = beginningOf(canonical)
  if (latest?.key !== key) latest = { key, text: textOf(rest) }
  return `${latest.text.slice(0, -1)},${textOf({ update }).slice(1)}`
}

const textOf = (parts: object): string => JSON.stringify(Object.fromEntries(plainSettings(parts)))
