const texts = new WeakMap<object, string>()

/**
 * Returns a key for a part of a cell. Parts with the same key are equal. Each object is serialised once, because cells
 * of a sweep share their parts and several premises need the same key. If two equal parts list their properties in a
 * different order, their keys differ, and results that depend on these parts are computed twice.
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
