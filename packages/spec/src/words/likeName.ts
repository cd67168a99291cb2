/** A name for a sweep like this text; empty where nothing of it can stand in one. */
export function likeSweepName(text: string): string {
  const name = text.replace(/[^\p{L}\p{N} ._-]/gu, '-').replace(/^[^\p{L}\p{N}]+/u, '')
  return name.slice(0, 128)
}

/**
 * A name for expressions like this text; null where there is none that says the same: letters of other scripts have no
 * counterpart among a to z.
 */
export function likeIdentifier(text: string): string | null {
  const name = text.replace(/[^A-Za-z0-9_]/g, '_')
  return /^[ -~]*[A-Za-z][ -~]*$/.test(text) && /^[A-Za-z_]/.test(name) && name !== text ? name.slice(0, 64) : null
}
