/** Bits of the dots of a braille character, by column and row; U+2800 has no dots. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

/**
 * Lines and signs on a grid of characters. With Unicode, each character has eight dots. With ASCII, each character has
 * one dot, drawn as `.`.
 */
export class BrailleCanvas {
  /** Number of dots across and down in one character. */
  readonly across: number
  readonly down: number
  readonly #bits: Uint8Array
  readonly #series: Int16Array
  readonly #signs = new Map<number, string>()

  constructor(
    private readonly columns: number,
    private readonly rows: number,
    private readonly unicode: boolean,
  ) {
    this.across = unicode ? 2 : 1
    this.down = unicode ? 4 : 1
    this.#bits = new Uint8Array(columns * rows)
    this.#series = new Int16Array(columns * rows)
  }

  /** A point is a column and a row of the grid of dots. If `every` is n, only every n-th dot is set. */
  path(points: readonly (readonly [number, number])[], series: number, every: number): void {
    let count = 0
    const dot = (x: number, y: number): void => {
      if (count++ % every === 0) this.#dot(Math.round(x), Math.round(y), series)
    }
    for (const [at, [x, y]] of points.entries()) {
      const [a, b] = points[at - 1] ?? [x, y]
      const steps = Math.max(1, Math.abs(x - a), Math.abs(y - b))
      for (let i = 1; i <= steps; i++) dot(a + ((x - a) * i) / steps, b + ((y - b) * i) / steps)
    }
  }

  put(x: number, y: number, sign: string, series: number): void {
    const place = this.#placeOf(x, y)
    if (place === null) return
    this.#signs.set(place, sign)
    this.#series[place] = series
  }

  lines(paint: (text: string, series: number) => string): readonly string[] {
    return Array.from({ length: this.rows }, (_, row) => {
      const parts: { text: string; series: number | null }[] = []
      for (let column = 0; column < this.columns; column++) {
        const place = row * this.columns + column
        const text = this.#textAt(place)
        const series = text === ' ' ? null : this.#series[place]!
        const last = parts.at(-1)
        if (last !== undefined && last.series === series) last.text += text
        else parts.push({ text, series })
      }
      return parts.map(({ text, series }) => (series === null ? text : paint(text, series))).join('')
    })
  }

  #textAt(place: number): string {
    const sign = this.#signs.get(place)
    if (sign !== undefined) return sign
    const bits = this.#bits[place]!
    if (bits === 0) return ' '
    return this.unicode ? String.fromCodePoint(0x2800 + bits) : '.'
  }

  #placeOf(x: number, y: number): number | null {
    const [column, row] = [Math.floor(x / this.across), Math.floor(y / this.down)]
    return column < 0 || row < 0 || column >= this.columns || row >= this.rows ? null : row * this.columns + column
  }

  #dot(x: number, y: number, series: number): void {
    const place = this.#placeOf(x, y)
    if (place === null) return
    this.#bits[place]! |= this.unicode ? dots[x % 2]![y % 4]! : 1
    this.#series[place] = series
  }
}
