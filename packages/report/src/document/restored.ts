/** Replaces the text `Infinity`, which represents a number in JSON, by the number at every level, in place. */
export function restored<Data extends object>(data: Data): Data {
  for (const [key, value] of Object.entries(data)) {
    if (value === 'Infinity') Object.assign(data, { [key]: Number.POSITIVE_INFINITY })
    else if (typeof value === 'object' && value !== null) restored(value)
  }
  return data
}
