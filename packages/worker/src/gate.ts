interface WaitingBundle {
  readonly alone: boolean
  enter(leave: () => void): void
}

/**
 * Decides when a bundle may run. If one of its batches has used nearly all of its attempts, the bundle runs alone in
 * the worker, so that the batch cannot harm other bundles. Bundles are admitted in the order of arrival, so none waits
 * forever.
 */
export class Gate {
  private inside = 0
  private closed = false
  private readonly line: WaitingBundle[] = []

  /** Waits until the bundle may run. The caller must call the returned function when the bundle has ended. */
  enter(alone: boolean): Promise<() => void> {
    return new Promise((resolve) => {
      this.line.push({ alone, enter: resolve })
      this.admit()
    })
  }

  private admit(): void {
    for (let next = this.line[0]; next !== undefined; next = this.line[0]) {
      if (this.closed || (next.alone && this.inside > 0)) return
      this.line.shift()
      this.inside++
      this.closed = next.alone
      let left = false
      next.enter(() => {
        if (left) return
        left = true
        this.inside--
        if (next.alone) this.closed = false
        this.admit()
      })
    }
  }
}
