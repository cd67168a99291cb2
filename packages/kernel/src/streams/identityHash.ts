import { beginningOf, canonicalJson } from '@driftfarm/spec'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * `canonicalJson`, at the speed of `JSON.stringify` where the value is in canonical order already, as one is that was
 * parsed from canonical bytes.
 */
export function canonicalText(value: object): string {
  return isCanonical(value) ? JSON.stringify(value) : canonicalJson(value)
}

/** Whether all keys are in order, and all values such that JSON holds them. */
function isCanonical(value: unknown): boolean {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value)
    case 'string':
    case 'boolean':
      return true
    case 'object':
      return value === null || (Array.isArray(value) ? value.every(isCanonical) : isInOrder(value))
    default:
      return false
  }
}

function isInOrder(value: object): boolean {
  let last = ''
  for (const key in value) {
    if (key < last || !isCanonical((value as Record<string, unknown>)[key])) return false
    last = key
  }
  return true
}

/** The beginning of the text hashed last, and the state of the hash after it. */
let known = { beginning: '', state: sha256.create() }

/** SHA-256 of a text. Cells of a sweep begin alike: a text that begins as the last one did is hashed from there on. */
export function hashOfIdentity(text: string): Uint8Array {
  // A slice that is compared is ten times as fast as `startsWith`.
  if (known.beginning === '' || text.slice(0, known.beginning.length) !== known.beginning) {
    const beginning = beginningOf(text)
    known = { beginning, state: sha256.create().update(utf8ToBytes(beginning)) }
  }
  const { beginning, state } = known
  return state
    .clone()
    .update(utf8ToBytes(text.slice(beginning.length)))
    .digest()
}
