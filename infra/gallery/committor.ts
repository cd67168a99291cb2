/** A committor of the chain theta' = theta - eta grad L(theta) + step xi in the plane, with Gaussian xi. */
export interface Question {
  readonly gradient: (x: number, y: number) => readonly [number, number]
  readonly eta: number
  readonly step: number
  readonly start: readonly [number, number]
  /** The centres of two discs with this radius. */
  readonly from: readonly [number, number]
  readonly into: readonly [number, number]
  readonly radius: number
  /** The region of the grid. The error of leaving out other points is at most the probability of reaching them. */
  readonly within: {
    readonly x: readonly [number, number]
    readonly y: readonly [number, number]
    readonly alive: (x: number, y: number) => boolean
  }
}

export interface Resolution {
  /** Nodes per noise step in each direction, nodes along the radius of a disc, and the reach in noise steps. */
  readonly nodes: number
  readonly rings: number
  readonly reach: number
}

/**
 * The probability that the chain reaches the disc `into` before the disc `from`. Let q(x) be this probability from x.
 * Then q(x) = u(x - eta grad L(x)), where u(z) is the integral of the normal density about z times 1 on `into`, 0 on
 * `from` and q elsewhere. This q is smooth in the whole plane, so the integral is a sum over a square grid, whose error
 * falls faster than any power, minus the integrals over the two discs (Gauss's rule along the radius, even angles). The
 * iteration starts at q = 0, so it gives the probability within n steps. It ends when the increments are a geometric
 * series, whose remainder is known. Shares no code with Drift Farm, because Drift Farm is tested against it.
 */
export function committor(question: Question, { nodes, rings, reach }: Resolution): number {
  const { gradient, eta, step, start, from, into, radius, within } = question
  const h = step / nodes
  const [left, bottom] = [within.x[0], within.y[0]]
  const columns = Math.ceil((within.x[1] - left) / h) + 1
  const rows = Math.ceil((within.y[1] - bottom) / h) + 1
  const grid = new Float64Array(columns * rows)

  // The points where q is computed: the grid, the two discs, and the start.
  const points: (readonly [x: number, y: number, place: number])[] = []
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [x, y] = [left + column * h, bottom + row * h]
      if (within.alive(x, y)) points.push([x, y, row * columns + column])
    }
  const gridded = points.length
  const disc = discRule(radius, rings)
  for (const [cx, cy] of [from, into]) for (const [dx, dy] of disc) points.push([cx + dx, cy + dy, -1])
  points.push([...start, -1])

  const norm = 1 / (Math.sqrt(2 * Math.PI) * step)
  const density = (distance: number): number => norm * Math.exp((-0.5 * distance * distance) / (step * step))
  const far = reach * step
  const width = 2 * Math.ceil(reach * nodes) + 1
  const firstColumn = new Int32Array(points.length)
  const firstRow = new Int32Array(points.length)
  const across = new Float64Array(points.length * width)
  const along = new Float64Array(points.length * width)
  /** The weights of the nodes of each disc, for points from which a step can reach it. */
  const throughDisc: (Float64Array | null)[] = []
  points.forEach(([x, y], at) => {
    const [gx, gy] = gradient(x, y)
    const [mx, my] = [x - eta * gx, y - eta * gy]
    firstColumn[at] = Math.round((mx - left) / h) - (width - 1) / 2
    firstRow[at] = Math.round((my - bottom) / h) - (width - 1) / 2
    for (let i = 0; i < width; i++) {
      across[at * width + i] = h * density(left + (firstColumn[at]! + i) * h - mx)
      along[at * width + i] = h * density(bottom + (firstRow[at]! + i) * h - my)
    }
    for (const [cx, cy] of [from, into])
      throughDisc.push(
        Math.hypot(mx - cx, my - cy) > radius + far
          ? null
          : Float64Array.from(disc, ([dx, dy, weight]) => weight * density(cx + dx - mx) * density(cy + dy - my)),
      )
  })

  const q = new Float64Array(points.length)
  const next = (at: number): number => {
    const [c0, r0] = [firstColumn[at]!, firstRow[at]!]
    let sum = 0
    const [iFrom, iTo] = [Math.max(0, -c0), Math.min(width, columns - c0)]
    for (let j = Math.max(0, -r0); j < Math.min(width, rows - r0); j++) {
      const base = (r0 + j) * columns + c0
      let line = 0
      for (let i = iFrom; i < iTo; i++) line += across[at * width + i]! * grid[base + i]!
      sum += along[at * width + j]! * line
    }
    const [fromWeights, intoWeights] = [throughDisc[2 * at]!, throughDisc[2 * at + 1]!]
    if (fromWeights !== null) for (let k = 0; k < disc.length; k++) sum -= fromWeights[k]! * q[gridded + k]!
    if (intoWeights !== null)
      for (let k = 0; k < disc.length; k++) sum += intoWeights[k]! * (1 - q[gridded + disc.length + k]!)
    return sum
  }

  const fresh = new Float64Array(points.length)
  const last = points.length - 1
  let [added, ratio, limit] = [0, 0, 0]
  for (let steps = 1; steps < 1e6; steps++) {
    for (let at = 0; at < points.length; at++) fresh[at] = next(at)
    const more = fresh[last]! - q[last]!
    const factor = added > 0 ? more / added : 0
    q.set(fresh)
    for (let at = 0; at < gridded; at++) grid[points[at]![2]] = q[at]!
    const total = q[last]! + (more * factor) / (1 - factor)
    const still = Math.abs(factor - ratio) < 1e-9 && Math.abs(total - limit) < 1e-12 * total
    if (more > 0 && factor < 1 && still) return total
    ;[added, ratio, limit] = [more, factor, total]
  }
  throw new Error('the increments do not become a geometric series')
}

/** Nodes and weights of a disc about 0: Gauss's rule in the squared radius, and twice as many even angles. */
function discRule(radius: number, rings: number): readonly (readonly [x: number, y: number, weight: number])[] {
  const angles = 2 * rings
  return gauss(rings).flatMap(([place, weight]) => {
    const r = radius * Math.sqrt((1 + place) / 2)
    return Array.from({ length: angles }, (_, k) => {
      const angle = (2 * Math.PI * (k + 0.5)) / angles
      return [r * Math.cos(angle), r * Math.sin(angle), (weight / 2) * ((Math.PI * radius * radius) / angles)] as const
    })
  })
}

/** The Gauss-Legendre rule on [-1, 1]. */
function gauss(count: number): readonly (readonly [place: number, weight: number])[] {
  return Array.from({ length: count }, (_, k) => {
    let x = Math.cos((Math.PI * (k + 0.75)) / (count + 0.5))
    let slope = 0
    for (let round = 0; round < 50; round++) {
      let [before, value] = [1, x]
      for (let n = 2; n <= count; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n]
      slope = (count * (x * value - before)) / (x * x - 1)
      x -= value / slope
    }
    return [x, 2 / ((1 - x * x) * slope * slope)] as const
  })
}
