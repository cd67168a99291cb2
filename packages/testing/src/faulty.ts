/** Random numbers from a seed: what fails fails again. */
export function seeded(seed: number): () => number {
  let state = seed % 2147483647 || 1
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

export interface Faultiness {
  /** The part of all calls that fail, from 0 to 1: half of them before their effect, half after it. */
  readonly share: number
  readonly random: () => number
  /** Calls that never fail. */
  readonly except?: readonly string[]
  /** Told of each fault. */
  readonly onFault?: (call: string, when: 'before' | 'after') => void
}

/** A call of a port was made to fail. It says itself that it may be repeated, as a broken connection does. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code = 'ECONNRESET'
}

/**
 * A port (of the ledger, of the queue) whose calls fail with a probability, before or after they had their effect: what
 * a connection does that breaks on the way there, or on the way back. What gives a promise may fail; other calls, and
 * the port itself, are as they were.
 */
export function faulty<T extends object>(port: T, { share, random, except = [], onFault }: Faultiness): T {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...values: unknown[]) => {
        const call = String(name)
        if (except.includes(call)) return value.apply(target, values)
        const fails = random() < share
        const before = random() < 0.5
        if (fails && before) {
          onFault?.(call, 'before')
          return Promise.reject(new Fault(`${call}: lost on the way there`))
        }
        const answer: unknown = value.apply(target, values)
        if (!(answer instanceof Promise) || !fails) return answer
        return answer.then(() => {
          onFault?.(call, 'after')
          throw new Fault(`${call}: lost on the way back`)
        })
      }
    },
  })
}
