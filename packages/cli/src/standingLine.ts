/** What is used of a terminal's stream. */
interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Empties the line in which the cursor is. */
export const erase = '\r\x1b[2K'

/**
 * The last line of a terminal, written over again and again. Whatever else is printed comes above it, on lines of its
 * own. Where the stream is no terminal there is none.
 */
export class StandingLine {
  readonly #screen: Screen
  #shown = ''

  constructor(screen: Screen) {
    this.#screen = screen
  }

  get exists(): boolean {
    return this.#screen.isTTY === true
  }

  /** Letters that fit: a line that is wrapped cannot be written over. */
  get width(): number {
    return Math.max(1, (this.#screen.columns || 80) - 1)
  }

  /** `text` may hold colours where `letters`, what is seen of it, are at most `width`. Else it is cut. */
  show(text: string, letters = text): void {
    if (!this.exists) return
    this.#shown = letters.length > this.width ? letters.slice(0, this.width) : text
    this.#screen.write(`${erase}${this.#shown}`)
  }

  clear(): void {
    if (this.#shown === '') return
    this.#shown = ''
    this.#screen.write(erase)
  }

  /** Prints something else, then the line again. */
  above(print: () => void): void {
    const line = this.#shown
    this.clear()
    print()
    if (line === '') return
    this.#shown = line
    this.#screen.write(line)
  }
}
