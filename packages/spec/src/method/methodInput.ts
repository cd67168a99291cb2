import type { Trial, Update } from '../cell.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'

export interface MethodInput {
  readonly update: Update
  readonly resolved: ResolvedLandscape
  readonly trial: Trial
}

/** Records which of the parts `update`, `resolved` and `trial` a method reads. Most methods do not read all of them. */
export class WatchedInput implements MethodInput {
  #parts: MethodInput
  readonly #seen = new Set<keyof MethodInput>()

  constructor(parts: MethodInput) {
    this.#parts = parts
  }

  get update(): Update {
    return this.#look('update')
  }

  get resolved(): ResolvedLandscape {
    return this.#look('resolved')
  }

  get trial(): Trial {
    return this.#look('trial')
  }

  /**
   * If a part that was read has changed, returns false and keeps the old parts. Otherwise replaces the parts and
   * returns true.
   */
  takes(parts: MethodInput): boolean {
    for (const key of this.#seen) if (parts[key] !== this.#parts[key]) return false
    this.#parts = parts
    return true
  }

  #look<Key extends keyof MethodInput>(key: Key): MethodInput[Key] {
    this.#seen.add(key)
    return this.#parts[key]
  }
}
