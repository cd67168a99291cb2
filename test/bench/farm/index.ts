import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { driftfarm } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'

const threads = Math.min(2, availableParallelism())

/**
 * The whole farm on this machine, embedded, whole commands timed from start to exit:
 *  1. share of wall time x threads spent inside kernels, for at least 60 s of computing (goal >= 0.90);
 *  2. rows a second end to end: 10^7 trials of 20 steps, every row kept (goal >= 250,000);
 *  3. the same trials without rows, against bare kernels on as many threads (goal >= 0.85).
 */
export async function benchFarm(): Promise<void> {
  const share = await timed('share', {
    trials: 9_000_000,
    record: 'all',
    trial: { steps: 4500, escape: 'x >= 1e6' },
    sweep: {},
  })
  console.log(
    `inside kernels   ${(share.cpuSeconds / (share.wall * threads)).toFixed(3)} of wall x ${threads} threads ` +
      `(${share.cpuSeconds.toFixed(1)} s of ${share.wall.toFixed(1)} s x ${threads}; ${share.batches} batches)`,
  )

  const short = { trial: { steps: 20, escape: 'x >= 0' }, sweep: {} }
  const rows = await timed('rows', { ...short, trials: 10_000_000, record: 'all' })
  console.log(
    `rows recorded    ${Math.round(10_000_000 / rows.wall).toLocaleString('en')} rows/s end to end (10,000,000 ` +
      `rows in ${rows.wall.toFixed(1)} s)`,
  )

  const trials = 600_000_000
  const before = await bareKernel({ ...short, trials: 1 })
  const none = await timed('none', { ...short, trials, record: 'none' })
  const after = await bareKernel({ ...short, trials: 1 })
  const bare = (before + after) / 2
  console.log(
    `record: none     ${((trials * bare) / threads / none.wall).toFixed(3)} of kernel speed (bare kernel ` +
      `${(bare * 1e9).toFixed(1)} ns per trial and thread; farm ${((none.wall * threads * 1e9) / trials).toFixed(1)})`,
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

/**
 * Seconds a trial and thread of bare kernels, tally and digest included, while as many processes compute as the farm
 * has threads: two threads of one core share it, with or without a farm around them.
 */
async function bareKernel(change: Record<string, unknown>): Promise<number> {
  const spec = JSON.stringify(doubleWell({ name: 'bare', seed: 4, ...change }))
  const file = fileURLToPath(new URL('./bare.ts', import.meta.url))
  const runs = Array.from({ length: threads }, () =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', file, spec]),
  )
  const seconds = (await Promise.all(runs)).map(({ stdout }) => Number(stdout))
  return seconds.reduce((sum, one) => sum + one, 0) / seconds.length
}
