const texts = new WeakMap<object, string>()

/**
 * A key of a part of a cell: equal only for equal parts. Each object is printed once, as cells of a sweep share their
 * parts and several premises need the same one. Two parts with their keys in different order have different keys,
 * and what depends on them is computed twice.
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
