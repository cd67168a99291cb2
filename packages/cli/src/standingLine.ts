/** The part of a terminal's stream that is used. */
interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Erases the line of the cursor. */
export const erase = '\r\x1b[2K'

/**
 * The last line of a terminal, which is overwritten again and again. Everything else is printed above it, on lines of
 * its own. It does not exist if the stream is not a terminal.
 */
export class StandingLine {
  readonly #screen: Screen
  #shown = ''
  #paused = false

  constructor(screen: Screen) {
    this.#screen = screen
  }

  get exists(): boolean {
    return this.#screen.isTTY === true
  }

  /** Number of characters that fit: a line that wraps cannot be overwritten. */
  get width(): number {
    return Math.max(1, (this.#screen.columns || 80) - 1)
  }

  /**
   * Shows `text`, which may contain colour codes; `letters` is its visible text. If that is longer than `width`, it is
   * cut and shown without colours.
   */
  show(text: string, letters = text): void {
    if (!this.exists || this.#paused) return
    this.#shown = letters.length > this.width ? letters.slice(0, this.width) : text
    this.#screen.write(`${erase}${this.#shown}`)
  }

  clear(): void {
    if (this.#shown === '') return
    this.#shown = ''
    this.#screen.write(erase)
  }

  /** Shows nothing until `resume`: something else is being printed on the same terminal, in pieces of lines. */
  pause(): void {
    this.clear()
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
  }

  /** Prints something above the line, then shows the line again. */
  above(print: () => void): void {
    const line = this.#shown
    this.clear()
    print()
    if (line === '') return
    this.#shown = line
    this.#screen.write(line)
  }
}
