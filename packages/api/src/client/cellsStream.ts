import { silentServer, unreachable } from './error.ts'

/** The longest silence between two chunks of a response. */
const idleMs = 60_000

export async function* textOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return
  const url = response.url.replace(/\/api\/v1\/.*/, '')
  const decoder = new TextDecoder()
  const reader = response.body.getReader()
  try {
    for (;;) {
      const { done, value } = await nextPiece(reader, url).catch((error: unknown) => {
        // fetch reports a broken connection as a TypeError.
        throw error instanceof TypeError ? unreachable(url, error) : error
      })
      if (done) break
      yield decoder.decode(value, { stream: true })
    }
    yield decoder.decode()
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Throws SILENT if the next chunk does not come in time. */
async function nextPiece(reader: ReadableStreamDefaultReader<Uint8Array>, url: string) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silentServer(url, idleMs)), idleMs)
  })
  try {
    return await Promise.race([reader.read(), late])
  } finally {
    clearTimeout(timer)
  }
}

export async function* linesOf(response: Response): AsyncGenerator<Record<string, unknown>> {
  let rest = ''
  for await (const piece of textOf(response)) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop()!
    for (const line of lines) if (line !== '') yield JSON.parse(line)
  }
  if (rest !== '') yield JSON.parse(rest)
}

/**
 * Reads a document whose data contains a list `cells`. The elements are read one by one as they arrive, because the
 * text of a million cells would not fit into a string. The text before and after the list is held until the end of the
 * response.
 */
export class CellsStream<Around, Cell> {
  readonly #pieces: AsyncIterator<string>
  #text = ''
  #at = 0
  #around: string[] = []

  constructor(response: Response) {
    this.#pieces = textOf(response)[Symbol.asyncIterator]()
  }

  /** The data before the list. */
  async head(): Promise<Around> {
    const mark = '"cells":['
    while (!this.#text.includes(mark)) if (!(await this.#more())) throw new SyntaxError('the answer has no cells')
    this.#at = this.#text.indexOf(mark) + mark.length
    const before = this.#text.slice(0, this.#at)
    this.#around.push(before)
    return (JSON.parse(`${before}]}}`) as { data: Around }).data
  }

  /** `head` must be read first. */
  async *cells(): AsyncGenerator<Cell> {
    for (;;) {
      await this.#fill(this.#at)
      const sign = this.#text[this.#at]
      if (sign === ',') this.#at++
      else if (sign === '{') yield JSON.parse(await this.#object()) as Cell
      else return
    }
  }

  /** All cells must be read first. */
  async around(): Promise<Around & { readonly warnings: readonly string[] }> {
    while (await this.#more());
    const { data, warnings } = JSON.parse(this.#around.join('') + this.#text.slice(this.#at))
    return { ...data, warnings }
  }

  /** The text of the object that begins at the current position. */
  async #object(): Promise<string> {
    const from = this.#at
    let depth = 0
    let inText = false
    for (let at = from; ; at++) {
      if (at >= this.#text.length) await this.#fill(at)
      const sign = this.#text.charCodeAt(at)
      if (inText) {
        if (sign === 92) at++
        else if (sign === 34) inText = false
      } else if (sign === 34) inText = true
      else if (sign === 123) depth++
      else if (sign === 125 && --depth === 0) {
        const text = this.#text.slice(from, at + 1)
        this.#text = this.#text.slice(at + 1)
        this.#at = 0
        return text
      }
    }
  }

  /** Reads on until the text contains the character at this position. */
  async #fill(at: number): Promise<void> {
    while (at >= this.#text.length) if (!(await this.#more())) throw new SyntaxError('the response ended early')
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#pieces.next()
    if (done === true) return false
    this.#text += value
    return true
  }
}
