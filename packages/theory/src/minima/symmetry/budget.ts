/** Branches that a search for a symmetry may try before two points are taken for different ones. */
export const mostBranches = 100_000

/** Counts the branches of one search. */
export class Budget {
  private left = mostBranches

  /** False once there are none left. */
  spend(): boolean {
    this.left -= 1
    return this.left >= 0
  }
}
