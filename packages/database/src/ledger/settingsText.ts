import { beginningOf, type Cell, plainSettings } from '@driftfarm/spec'

/** The settings of the last cell, except for `update`. They are cached, because most cells differ only in `update`. */
let latest: { readonly key: string; readonly text: string } | null = null

/** The settings of a cell as the text of a JSON object whose keys are their paths; see `plainSettings`. */
export function settingsText(canonical: string, { update, ...rest }: Cell): string {
  const key = beginningOf(canonical)
  if (latest?.key !== key) latest = { key, text: textOf(rest) }
  return `${latest.text.slice(0, -1)},${textOf({ update }).slice(1)}`
}

const textOf = (parts: object): string => JSON.stringify(Object.fromEntries(plainSettings(parts)))
