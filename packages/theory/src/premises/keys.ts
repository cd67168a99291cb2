/** Cells of a sweep share their parts, so each part is serialised only once. */
const texts = new WeakMap<object, string>()

/**
 * Parts with equal keys are equal. Equal parts that list their properties in a different order get different keys, so
 * results that depend on them are computed twice.
 */
export function keyOfPart(part: object | null): string {
  if (part === null) return ''
  let text = texts.get(part)
  if (text === undefined) {
    text = JSON.stringify(part)
    texts.set(part, text)
  }
  return text
}
