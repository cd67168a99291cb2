/** Empty if no character of the text can be used. */
export function likeSweepName(text: string): string {
  const name = text.replace(/[^\p{L}\p{N} ._-]/gu, '-').replace(/^[^\p{L}\p{N}]+/u, '')
  return name.slice(0, 128)
}

/** Null if there is no similar name, for example for letters of a script other than Latin. */
export function likeIdentifier(text: string): string | null {
  const name = text.replace(/[^A-Za-z0-9_]/g, '_')
  return /^[ -~]*[A-Za-z][ -~]*$/.test(text) && /^[A-Za-z_]/.test(name) && name !== text ? name.slice(0, 64) : null
}
