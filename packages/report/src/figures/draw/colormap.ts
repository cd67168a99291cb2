/**
 * The colour map viridis (van der Walt and Smith, matplotlib 2015) at ten equally spaced points. Its lightness
 * increases evenly, so pictures are also readable in grey.
 */
const anchors = [
  0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725,
] as const

export type Rgb = readonly [red: number, green: number, blue: number]

/** The colour of a share in 0 .. 1, from dark to light. Values outside are clamped. */
export function colorAt(share: number): Rgb {
  const place = Math.max(0, Math.min(1, share)) * (anchors.length - 1)
  const at = Math.min(Math.floor(place), anchors.length - 2)
  const part = place - at
  const channel = (shift: number) => {
    const from = (anchors[at]! >> shift) & 255
    const to = (anchors[at + 1]! >> shift) & 255
    return Math.round(from + part * (to - from))
  }
  return [channel(16), channel(8), channel(0)]
}

export function hex(color: Rgb): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}
