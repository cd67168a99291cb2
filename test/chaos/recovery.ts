import { Broken } from './check.ts'
import type { Farm } from './farm.ts'

interface Hit {
  readonly atMs: number
  readonly victim: string
}

/** Measures the time from the death of a worker to the commit of its batches by another one. */
export class Recovery {
  readonly seconds: number[] = []
  /** For the same batches, the time until the other worker started. */
  readonly begunSeconds: number[] = []
  /** Batches whose next worker also died before they were finished; they are measured from the last death. */
  again = 0
  readonly #hit = new Map<string, Hit>()

  constructor(private readonly farm: Farm) {
    farm.beforeAudit.push(() => this.collect())
  }

  /**
   * Call this immediately after a worker was killed, with its id. It also checks that the jobs of the bundles it held
   * are still in the queue: a job may leave the queue only after its bundle is stored.
   */
  async killed(victim: string, atMs: number): Promise<number> {
    const held = await this.farm.query<{ key: string; bundle: number }>(
      `select p.cell_id || ' ' || p.first as key, u.id::float8 as bundle from farm.pending p
         join farm.bundle u on u.id = p.bundle where u.worker_id = $1`,
      [victim],
    )
    await this.collect()
    for (const { key } of held) {
      if (this.#hit.has(key)) this.again++
      this.#hit.set(key, { atMs, victim })
    }
    const { waiting, active } = await this.farm.queue.producer().keys()
    const there = new Set([...waiting, ...active].map(({ bundle }) => bundle))
    for (const bundle of new Set(held.map((each) => each.bundle)))
      if (!there.has(bundle)) throw new Broken([`bundle ${bundle} is not stored, but its job has left the queue`])
    return held.length
  }

  async collect(): Promise<void> {
    if (this.#hit.size === 0) return
    const done = await this.farm.query<{ key: string; worker: string; begunMs: number; doneMs: number }>(
      `select cell_id || ' ' || first as key, worker_id as worker,
              extract(epoch from started_at)::float8 * 1000 as "begunMs",
              extract(epoch from finished_at)::float8 * 1000 as "doneMs"
         from farm.batch where cell_id || ' ' || first = any($1)`,
      [[...this.#hit.keys()]],
    )
    for (const { key, worker, begunMs, doneMs } of done) {
      const { atMs, victim } = this.#hit.get(key)!
      this.#hit.delete(key)
      // A commit that was under way when its worker was killed took effect.
      if (worker === victim) continue
      this.seconds.push((doneMs - atMs) / 1_000)
      this.begunSeconds.push((begunMs - atMs) / 1_000)
    }
  }
}
