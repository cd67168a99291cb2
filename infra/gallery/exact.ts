import { committor, type Question, type Resolution } from './committor.ts'

/** The loss and its gradient. */
type Surface = (x: number, y: number) => { readonly loss: number; readonly gradient: readonly [number, number] }

/** The sum of amount exp(a dx^2 + b dx dy + c dy^2) with dx = x - x0 and dy = y - y0. */
const hills =
  (terms: readonly (readonly [amount: number, a: number, b: number, c: number, x0: number, y0: number])[]): Surface =>
  (x, y) => {
    let [loss, gx, gy] = [0, 0, 0]
    for (const [amount, a, b, c, x0, y0] of terms) {
      const [dx, dy] = [x - x0, y - y0]
      const hill = amount * Math.exp(a * dx * dx + b * dx * dy + c * dy * dy)
      loss += hill
      gx += hill * (2 * a * dx + b * dy)
      gy += hill * (b * dx + 2 * c * dy)
    }
    return { loss, gradient: [gx, gy] }
  }

const muellerBrown = hills([
  [-200, -1, 0, -10, 1, 0],
  [-100, -1, 0, -10, 0, 0.5],
  [-170, -6.5, 11, -6.5, -0.5, 1.5],
  [15, 0.7, 0.6, 0.7, -1, 1],
])

const holes = hills([
  [3, -1, 0, -1, 0, 1 / 3],
  [-3, -1, 0, -1, 0, 5 / 3],
  [-5, -1, 0, -1, 1, 0],
  [-5, -1, 0, -1, -1, 0],
])
const threeHole: Surface = (x, y) => {
  const { loss, gradient } = holes(x, y)
  const [x3, y3] = [x ** 3, (y - 1 / 3) ** 3]
  return { loss: loss + 0.2 * (x * x3 + (y - 1 / 3) * y3), gradient: [gradient[0] + 0.8 * x3, gradient[1] + 0.8 * y3] }
}

interface Setting {
  readonly surface: Surface
  readonly question: Omit<Question, 'gradient' | 'step' | 'within'>
  readonly box: Pick<Question['within'], 'x' | 'y'>
  /** The loss at the highest saddle on the way. */
  readonly pass: number
}

const settings = {
  'mueller-brown': {
    surface: muellerBrown,
    question: {
      eta: 0.0001,
      start: [-0.6, 1.3],
      from: [-0.5582236346330243, 1.4417258418046686],
      into: [0.6234994049308765, 0.02803775852868567],
      radius: 0.1,
    },
    box: { x: [-3, 2], y: [-1.5, 3.5] },
    pass: -40,
  },
  'two-channels': {
    surface: threeHole,
    question: { eta: 0.05, start: [-0.9, 0], from: [-1, 0], into: [1, 0], radius: 0.05 },
    box: { x: [-3, 3], y: [-2.5, 3.5] },
    pass: -1,
  },
} satisfies Record<string, Setting>

type Name = keyof typeof settings

/** The question of a page at inverse temperature beta, without points more than `temperatures` T above the saddle. */
export function questionOf(name: Name, beta: number, temperatures: number): Question {
  const { surface, question, box, pass }: Setting = settings[name]
  const highest = pass + temperatures / beta
  return {
    ...question,
    gradient: (x, y) => surface(x, y).gradient,
    step: Math.sqrt((2 * question.eta) / beta),
    within: { ...box, alive: (x, y) => surface(x, y).loss < highest },
  }
}

/** The resolution of the tests. */
export const coarse: Resolution = { nodes: 1, rings: 6, reach: 5 }
/** Two resolutions that must agree. */
const rounds = [
  { resolution: { nodes: 1.5, rings: 8, reach: 7 }, temperatures: 20 },
  { resolution: { nodes: 2, rings: 12, reach: 8 }, temperatures: 30 },
] as const

/** Prints the exact values of the pages. Each takes minutes. */
export function printExact(): void {
  const questions: readonly (readonly [Name, readonly number[]])[] = [
    ['two-channels', [4.67, 6.67, 8.67]],
    ['mueller-brown', [0.05, 0.1, 0.15, 0.2]],
  ]
  for (const [name, betas] of questions)
    for (const beta of betas) {
      const found = rounds.map(({ resolution, temperatures }) =>
        committor(questionOf(name, beta, temperatures), resolution).toPrecision(10),
      )
      process.stdout.write(`${name}, beta ${beta}: ${found.join(' and ')}\n`)
    }
}
