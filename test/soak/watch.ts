import type { Life } from '../chaos/page/document.ts'
import type { Member } from '../chaos/processes.ts'

const megabyte = 2 ** 20
/** Heaps are compared starting with this minute of a life, when caches are filled. */
const warmMinutes = 5

/** The lives of a process and their heaps. */
export class Watched {
  readonly #lives: { readonly life: number; readonly heapMb: number[]; readonly residentMb: number[] }[] = []

  constructor(
    readonly name: string,
    readonly member: Member,
  ) {
    member.onLine = (line) => {
      const [, heap, resident] = /^heap (\d+) (\d+)$/.exec(line) ?? []
      if (heap === undefined) return
      let life = this.#lives.at(-1)
      if (life === undefined || life.life !== member.lives) {
        life = { life: member.lives, heapMb: [], residentMb: [] }
        this.#lives.push(life)
      }
      life.heapMb.push(Number(heap) / megabyte)
      life.residentMb.push(Number(resident) / megabyte)
    }
  }

  ask(): void {
    this.member.signal('SIGUSR2')
  }

  get lives(): Life[] {
    return this.#lives.map(({ life, heapMb, residentMb }) => ({
      process: this.name,
      life,
      heapMb: heapMb.map(rounded),
      residentMb: residentMb.map(rounded),
      grownMb: grown(heapMb),
    }))
  }
}

const rounded = (value: number): number => Math.round(100 * value) / 100

/** Growth from the fifth minute to the end, using medians of three; null if the life is too short. */
function grown(heapMb: readonly number[]): number | null {
  if (heapMb.length < warmMinutes + 4) return null
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[1]!
  return rounded(median(heapMb.slice(-3)) - median(heapMb.slice(warmMinutes - 1, warmMinutes + 2)))
}

/** Whether a count grows: compares its maximum in the second half with its maximum in the first half. */
export function grows(values: readonly number[], slack: number): boolean {
  const warm = values.slice(warmMinutes - 1)
  if (warm.length < 4) return false
  const half = Math.floor(warm.length / 2)
  return Math.max(...warm.slice(half)) > 1.5 * Math.max(...warm.slice(0, half)) + slack
}
