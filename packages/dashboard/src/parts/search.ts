/** Invalid values in the address are ignored, so that old links still work. */

type Raw = Readonly<Record<string, unknown>>

export const word = (raw: Raw, key: string): string | undefined => {
  const value = raw[key]
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined
}

export const oneOf = <const T extends string>(raw: Raw, key: string, choices: readonly T[]): T | undefined =>
  choices.find((choice) => choice === raw[key])

export const severalOf = <const T extends string>(raw: Raw, key: string, choices: readonly T[]): T[] | undefined => {
  const given = raw[key]
  const list = Array.isArray(given) ? given : [given]
  const found = choices.filter((choice) => list.includes(choice))
  return found.length === 0 ? undefined : found
}

export const index = (raw: Raw, key: string): number | undefined => {
  const value = Number(raw[key])
  return raw[key] !== undefined && Number.isInteger(value) && value >= 0 ? value : undefined
}

export const yes = (raw: Raw, key: string): true | undefined =>
  raw[key] === true || raw[key] === 'true' ? true : undefined

/** Leaves out undefined values, so that addresses stay short. */
export const present = <T extends object>(search: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as never
