/** Replaces every string `Infinity` in an object by the number that it represents. Changes the object in place. */
export function restored<Data extends object>(data: Data): Data {
  for (const [key, value] of Object.entries(data)) {
    if (value === 'Infinity') Object.assign(data, { [key]: Number.POSITIVE_INFINITY })
    else if (typeof value === 'object' && value !== null) restored(value)
  }
  return data
}
