/**
 * Limit for a search for a symmetry between two points. If the search needs more branches, the points count as
 * different.
 */
export const maxBranches = 100_000

export class Budget {
  private left = maxBranches

  spend(): boolean {
    this.left -= 1
    return this.left >= 0
  }
}
