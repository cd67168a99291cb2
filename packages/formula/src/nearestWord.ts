/** Damerau-Levenshtein distance (optimal string alignment): a swap of two neighbours counts as one edit. */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(previous[j]! + 1, current[j - 1]! + 1, substitution)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) best = Math.min(best, beforePrevious[j - 2]! + 1)
      current.push(best)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length]!
}

/** Longer words are not compared: the comparison takes quadratic time. */
const longestWord = 100

/**
 * The candidate that was probably meant by `word`, for "did you mean"; undefined if none is near. A candidate is
 * near if the number of edits is at most a third of the number of letters in `word`. If `word` has fewer than three
 * letters, one edit still counts as near. Letter case is ignored. Of equally near candidates the first wins.
 */
export function nearestWord(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > longestWord) return undefined
  const wanted = word.toLowerCase()
  let nearest: string | undefined
  let nearestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= nearestDistance) continue
    const distance = editDistance(wanted, candidate.toLowerCase())
    // Words whose distance is the length of the longer word do not resemble each other: `q` is not a mistyped `x`.
    if (distance >= Math.max(word.length, candidate.length)) continue
    if (distance < nearestDistance) {
      nearest = candidate
      nearestDistance = distance
    }
  }
  return nearest
}
