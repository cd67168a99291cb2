import { LRUCache } from 'lru-cache'
import type { Landscape } from '../cell.ts'
import type { DataTable } from '../data.ts'
import type { Fault } from './fault.ts'
import type { Slopes } from './slopes.ts'

const maxRemembered = 1000

/**
 * State of the checks whether the points that a spec declares as minima really are minima. All cells of a sweep share
 * it.
 */
export class MinimumChecks {
  spent = 0
  /** False once all cells have been checked. */
  wanted: boolean
  readonly slopesOf: (landscape: Landscape, data: DataTable | null) => Slopes | null
  readonly #faults = new LRUCache<string, { readonly fault: Fault | null }>({ max: maxRemembered })

  constructor(wanted: boolean, slopesOf: MinimumChecks['slopesOf']) {
    this.wanted = wanted
    this.slopesOf = slopesOf
  }

  remembered(key: string, make: () => Fault | null): Fault | null {
    const known = this.#faults.get(key) ?? { fault: make() }
    this.#faults.set(key, known)
    return known.fault
  }
}
