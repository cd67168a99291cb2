/**
 * The largest number of branches that a search for a symmetry tries. If the search needs more, the two points count as
 * different.
 */
export const maxBranches = 100_000

/** Counts the branches of one search. */
export class Budget {
  private left = maxBranches

  /** Uses up one branch. Returns false if none was left. */
  spend(): boolean {
    this.left -= 1
    return this.left >= 0
  }
}
