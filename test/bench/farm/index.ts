import { availableParallelism } from 'node:os'
import { compile, Kernel, prepare } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { doubleWell, driftfarm, temporaryFolder, writeSpec } from '../../support/cli.ts'

const threads = Math.min(2, availableParallelism())

/**
 * The whole farm on this machine, embedded, whole commands timed from start to exit:
 *  1. share of wall time x threads spent inside kernels, for at least 60 s of computing (goal >= 0.90);
 *  2. rows a second end to end: 10^7 trials of 20 steps, every row kept (goal >= 250,000);
 *  3. the same trials without rows, against a bare kernel in this process (goal >= 0.85).
 */
export async function benchFarm(): Promise<void> {
  const share = await timed('share', {
    trials: 9_000_000,
    record: 'all',
    trial: { steps: 3000, escape: 'x >= 1e6' },
    sweep: {},
  })
  console.log(
    `inside kernels   ${(share.cpuSeconds / (share.wall * threads)).toFixed(3)} of wall x ${threads} threads (${share.cpuSeconds.toFixed(1)} s of ${share.wall.toFixed(1)} s x ${threads}; ${share.batches} batches)`,
  )

  const short = { trial: { steps: 20, escape: 'x >= 0' }, sweep: {} }
  const rows = await timed('rows', { ...short, trials: 10_000_000, record: 'all' })
  console.log(
    `rows kept        ${Math.round(10_000_000 / rows.wall).toLocaleString('en')} rows/s end to end (10,000,000 rows in ${rows.wall.toFixed(1)} s)`,
  )

  const trials = 300_000_000
  const before = await bareKernel({ ...short, trials: 1 })
  const none = await timed('none', { ...short, trials, record: 'none' })
  const after = await bareKernel({ ...short, trials: 1 })
  const bare = Math.min(before, after)
  console.log(
    `record: none     ${((trials * bare) / threads / none.wall).toFixed(3)} of kernel speed (bare kernel ${(bare * 1e9).toFixed(1)} ns a trial and thread; farm ${((none.wall * threads * 1e9) / trials).toFixed(1)})`,
  )
}

async function timed(
  name: string,
  change: Record<string, unknown>,
): Promise<{ wall: number; cpuSeconds: number; batches: number }> {
  const folder = temporaryFolder('driftfarm-bench-')
  try {
    // The server's first start makes its files; a farm does that once, so it is not timed.
    await driftfarm(['db', 'status'], { home: folder.path })
    const file = writeSpec(folder.path, name, doubleWell({ name, seed: 4, ...change }))
    const started = performance.now()
    const { code, stderr } = await driftfarm(['run', file, '--threads', String(threads), '--json'], {
      home: folder.path,
    })
    const wall = (performance.now() - started) / 1000
    if (code !== 0) throw new Error(`exit ${code}: ${stderr}`)
    const { stdout } = await driftfarm(
      ['sql', 'select sum(cpu_seconds) as cpu, count(*)::int as batches from batch', '--format', 'json'],
      { home: folder.path },
    )
    const [row] = (JSON.parse(stdout) as { data: { rows: [{ cpu: number; batches: number }] } }).data.rows
    return { wall, cpuSeconds: Number(row.cpu), batches: row.batches }
  } finally {
    folder.remove()
  }
}

/** Seconds a trial of one thread, tally and digest included: the median of some runs. */
async function bareKernel(change: Record<string, unknown>): Promise<number> {
  const { cell } = parseSweep(JSON.stringify(doubleWell({ name: 'bare', seed: 4, ...change })), {
    fileName: 'bare',
  }).cell(0)
  const prepared = prepare(cell)
  const kernel = Kernel.create(new WebAssembly.Module((await compile(prepared.source)) as BufferSource), prepared)
  const count = 2_000_000
  const seconds: number[] = []
  for (let round = 0; round < 7; round += 1) {
    const started = performance.now()
    kernel.run(round * count, count, { keep: false, horizons: [] })
    seconds.push((performance.now() - started) / 1000 / count)
  }
  return seconds.sort((a, b) => a - b)[3] ?? Number.NaN
}
