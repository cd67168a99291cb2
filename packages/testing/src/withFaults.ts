/** Seeded random numbers make failures reproducible. */
export function seeded(seed: number): () => number {
  let state = seed % 2147483647 || 1
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

export interface FaultOptions {
  /** The share of calls that fail, from 0 to 1: half of them before their effect, half after it. */
  readonly share: number
  readonly random: () => number
  /** Calls that never fail. */
  readonly except?: readonly string[]
  readonly onFault?: (call: string, when: 'before' | 'after') => void
}

/** The error of a call that fails on purpose. Callers may retry the call, as they do after a connection breaks. */
export class InjectedFault extends Error {
  override readonly name = 'Fault'
  readonly code = 'ECONNRESET'
}

/**
 * Returns a port (the interface of the ledger or the queue) whose calls fail with a given probability, before or after
 * their effect, as if a connection lost the request or the response. Only calls that return a promise fail. The given
 * `port` is not changed.
 */
export function withFaults<T extends object>(port: T, { share, random, except = [], onFault }: FaultOptions): T {
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
          return Promise.reject(new InjectedFault(`${call}: the request was lost`))
        }
        const answer: unknown = value.apply(target, values)
        if (!(answer instanceof Promise) || !fails) return answer
        return answer.then(() => {
          onFault?.(call, 'after')
          throw new InjectedFault(`${call}: the response was lost`)
        })
      }
    },
  })
}
