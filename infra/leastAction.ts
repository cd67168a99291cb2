// The exponent of rare escapes of the chain x' = m(x) + s xi on the double well, m(x) = x - eta L'(x): the least action
// of a path from the minimum to the saddle, sum (x_{n+1} - m(x_n))^2 / (4 eta), in units of the loss.
const [minimum, saddle] = [-1, 0]
/** The distance of the points among which the cheapest path is first looked for. */
const grid = 0.002
const maxRounds = 2_000
const creeping = 12
/** Steps of the descent that follows, and what is added to its curvatures: a long path can be shifted at no cost. */
const descents = 400
const damping = 1e-3

/**
 * The least action over all paths that stay at `lowest` or above before they come to the saddle. From -1 the path may
 * only climb; from further out it may also be thrown up the outer wall, from where a long step leads across the well.
 */
export function leastAction(eta: number, lowest: number): number {
  return refined(eta, pathOnGrid(eta, lowest))
}

const meanAfter = (eta: number, x: number): number => x - eta * (x ** 3 - x)

/** The cheapest path on a grid, by dynamic programming. */
function pathOnGrid(eta: number, lowest: number): Float64Array {
  const points = Float64Array.from({ length: Math.round((saddle - lowest) / grid) + 1 }, (_, i) => lowest + i * grid)
  const means = points.map((x) => meanAfter(eta, x))
  const start = Math.round((minimum - lowest) / grid)
  const cost = points.map((_, i) => (i === start ? 0 : Number.POSITIVE_INFINITY))
  const from = points.map(() => -1)
  for (let round = 0, better = true; better && round < maxRounds; round++) {
    better = false
    for (let i = 0; i < points.length; i++) {
      if (cost[i] === Number.POSITIVE_INFINITY) continue
      for (let j = 0; j < points.length; j++) {
        const through = cost[i]! + (points[j]! - means[i]!) ** 2 / (4 * eta)
        if (through >= cost[j]! - 1e-15) continue
        cost[j] = through
        from[j] = i
        better = true
      }
    }
  }
  const path = [saddle]
  for (let at = points.length - 1; at !== start; at = from[at]!) path.unshift(points[from[at]!]!)
  // At both ends a path creeps, in steps that shrink as 1 - 2 eta and 1 / (1 + eta) do; the grid has cut that short.
  const more = Math.ceil(creeping / eta)
  return Float64Array.of(...Array(more).fill(minimum), ...path.slice(0, -1), ...Array(more).fill(-grid / 2), saddle)
}

/** The action at the minimum next to a path: Newton's method, damped, whose matrix has three diagonals. */
function refined(eta: number, start: Float64Array): number {
  let path = start
  let least = actionOf(eta, path)
  for (let round = 0; round < descents; round++) {
    const next = stepped(eta, path)
    const action = actionOf(eta, next)
    if (!(action < least)) break
    path = next
    least = action
  }
  return least
}

function actionOf(eta: number, path: Float64Array): number {
  let sum = 0
  for (let n = 1; n < path.length; n++) sum += (path[n]! - meanAfter(eta, path[n - 1]!)) ** 2
  return sum / (4 * eta)
}

function stepped(eta: number, path: Float64Array): Float64Array {
  const noise = (n: number) => path[n]! - meanAfter(eta, path[n - 1]!)
  const slope = (x: number) => 1 - eta * (3 * x * x - 1)
  const count = path.length - 2
  const [diagonal, besides, right] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)]
  for (let k = 0; k < count; k++) {
    const x = path[k + 1]!
    // The curvature of the squared noise after x: the part with m'' = -6 eta x is left out where it is negative.
    diagonal[k] = 1 + slope(x) ** 2 + Math.max(0, 6 * eta * x * noise(k + 2)) + damping
    besides[k] = -slope(x)
    right[k] = -(noise(k + 1) - slope(x) * noise(k + 2))
  }
  for (let k = 1; k < count; k++) {
    const share = besides[k - 1]! / diagonal[k - 1]!
    diagonal[k] = diagonal[k]! - share * besides[k - 1]!
    right[k] = right[k]! - share * right[k - 1]!
  }
  const next = path.slice()
  let above = 0
  for (let k = count - 1; k >= 0; k--) {
    above = (right[k]! - besides[k]! * above) / diagonal[k]!
    next[k + 1] = path[k + 1]! + above
  }
  return next
}
