interface Visitor {
  readonly alone: boolean
  enter(leave: () => void): void
}

/**
 * A batch on its last attempts runs as the only one in the worker, so that it cannot harm others. Visitors are admitted
 * in the order of arrival, so neither kind starves.
 */
export class Gate {
  private inside = 0
  private closed = false
  private readonly line: Visitor[] = []

  /** Resolves to a function that the visitor must call when it leaves. */
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
