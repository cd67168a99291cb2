interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

/** Erases the line that the cursor is on. */
export const erase = '\r\x1b[2K'

/**
 * The last line of a terminal, which is overwritten repeatedly. A picture can be shown above it. All other output is
 * printed above the picture. If the stream is not a terminal, nothing is shown.
 */
export class StatusLine {
  #shown = ''
  #picture: readonly string[] = []
  #paused = false

  constructor(private readonly screen: Screen) {}

  get exists(): boolean {
    return this.screen.isTTY === true
  }

  /** Maximum number of characters of the status line. A longer line would wrap and could not be overwritten. */
  get width(): number {
    return Math.max(1, (this.screen.columns || 80) - 1)
  }

  /**
   * Shows `text`, which may contain colour codes; `letters` is its visible part. If `letters` is longer than `width`,
   * it is cut and shown without colours.
   */
  show(text: string, letters = text): void {
    if (!this.exists || this.#paused) return
    this.#shown = letters.length > this.width ? letters.slice(0, this.width) : text
    this.screen.write(`${erase}${this.#shown}`)
  }

  /**
   * Maximum number of lines of a picture. A taller picture would scroll out of the window, where it cannot be
   * overwritten.
   */
  get room(): number {
    return this.exists ? Math.max(0, (this.screen.rows || 24) - 2) : 0
  }

  /** No line of the picture may be wider than `width`. */
  picture(lines: readonly string[]): void {
    if (!this.exists || this.#paused || lines.length > this.room) return
    this.#erase()
    this.#picture = lines
    this.#draw()
  }

  clear(): void {
    this.#erase()
    this.#shown = ''
    this.#picture = []
  }

  /**
   * Hides the status line and the picture until `resume` is called. Used while other text is printed piece by piece,
   * because the status line would otherwise appear in the middle of a line of text.
   */
  pause(): void {
    this.clear()
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
  }

  above(print: () => void): void {
    this.#erase()
    print()
    this.#draw()
  }

  #erase(): void {
    const { length } = this.#picture
    if (length > 0) this.screen.write(`\r\x1b[${length}A\x1b[J`)
    else if (this.#shown !== '') this.screen.write(erase)
  }

  #draw(): void {
    const picture = this.#picture.map((line) => `${line}\n`).join('')
    if (picture !== '' || this.#shown !== '') this.screen.write(picture + this.#shown)
  }
}
