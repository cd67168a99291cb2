import { ApiError } from './error.ts'

/** Longest time in ms that a task waits for its turn. */
const maxWaitMs = 20_000

export class ConcurrencyLimit {
  readonly #most: number
  readonly #maxWaiting: number
  #busy = 0
  readonly #waiting: (() => void)[] = []

  constructor({ most, waiting }: { readonly most: number; readonly waiting: number }) {
    this.#most = most
    this.#maxWaiting = waiting
  }

  /**
   * Returns the function that ends the turn. Throws BUSY if too many tasks wait, or if the turn does not come in time.
   */
  async acquire(): Promise<() => void> {
    if (this.#busy >= this.#most) await this.#wait()
    this.#busy++
    let ended = false
    return () => {
      if (ended) return
      ended = true
      this.#busy--
      this.#waiting.shift()?.()
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting)
      return Promise.reject(new ApiError('BUSY', 'too many large answers are being sent'))
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1)
        reject(new ApiError('BUSY', 'too many large answers are being sent'))
      }, maxWaitMs)
      const turn = (): void => {
        clearTimeout(timer)
        resolve()
      }
      this.#waiting.push(turn)
    })
  }
}
