import type { Landscape } from '../cell.ts'
import type { DataTable } from '../data.ts'
import type { Fault } from './fault.ts'
import type { Slopes } from './slopes.ts'

const mostRemembered = 1000

/** What checks of minima share over a sweep. */
export class MinimumChecks {
  spent = 0
  /** Whether cells that are made are checked: not those that were before. */
  wanted: boolean
  readonly slopesOf: (landscape: Landscape, data: DataTable | null) => Slopes | null
  readonly #faults = new Map<string, Fault | null>()

  constructor(wanted: boolean, slopesOf: MinimumChecks['slopesOf']) {
    this.wanted = wanted
    this.slopesOf = slopesOf
  }

  remembered(key: string, make: () => Fault | null): Fault | null {
    const known = this.#faults.get(key)
    if (known !== undefined) return known
    if (this.#faults.size >= mostRemembered) this.#faults.clear()
    const fault = make()
    this.#faults.set(key, fault)
    return fault
  }
}
