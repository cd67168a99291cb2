import { statfsSync } from 'node:fs'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { databaseInfo } from '@driftfarm/database'
import { compile, Kernel, prepare } from '@driftfarm/kernel'
import { renderRecords } from '@driftfarm/report'
import { parseSweep } from '@driftfarm/spec'
import { exitCodes, failureOf } from '../failure.ts'
import { print, printJson, terminalWidth } from '../output.ts'
import { openSession } from '../session.ts'

interface Finding {
  readonly what: string
  readonly good: boolean
  readonly found: string
  readonly hint: string | null
}

export async function doctor(options: { json?: boolean }): Promise<void> {
  const findings: Finding[] = []
  const look = async (what: string, find: () => Promise<string> | string) => {
    try {
      findings.push({ what, good: true, found: await find(), hint: null })
    } catch (error) {
      const { message, hint } = failureOf(error)
      findings.push({ what, good: false, found: message, hint })
    }
  }
  await look('node', () => `${process.version} on ${process.platform} ${process.arch}`)
  await look(
    'machine',
    () => `${availableParallelism()} cores, ${gigabytes(freemem())} of ${gigabytes(totalmem())} memory free`,
  )
  await look('kernel', kernelCheck)
  await look('database', async () => {
    const session = await openSession()
    try {
      const { version, sizeBytes, migrations } = await databaseInfo(session.database)
      findings.push({
        what: 'home',
        good: true,
        found: session.mode === 'farm' ? `${session.home} (cache only)` : session.home,
        hint: null,
      })
      await look('disk', () => diskFree(session.home))
      await look('queue', async () => {
        const queue = session.queue()
        if (session.mode === 'embedded') await queue.migrate()
        await queue.check()
        return process.env.REDIS_URL ? 'Redis' : 'on the database'
      })
      return `PostgreSQL ${version}, ${session.mode === 'farm' ? 'by DATABASE_URL' : 'embedded'}, ${gigabytes(sizeBytes)}, migrations ${migrations}`
    } finally {
      await session.close()
    }
  })
  const bad = findings.filter((finding) => !finding.good)
  if (options.json === true) await printJson('Doctor', { healthy: bad.length === 0, findings })
  else
    await print(
      renderRecords(
        ['', '', ''],
        findings.map(({ what, good, found, hint }) => [
          good ? 'ok' : 'FAIL',
          what,
          hint === null ? found : `${found} (${hint})`,
        ]),
        { width: terminalWidth() },
      ),
    )
  process.exitCode =
    bad.length === 0
      ? exitCodes.done
      : bad.some((finding) => finding.what === 'database' || finding.what === 'queue')
        ? exitCodes.unreachable
        : exitCodes.unexpected
}

/** Compiles the double well's kernel and computes a few trials: what every run needs. */
async function kernelCheck(): Promise<string> {
  const spec =
    'version: 1\nname: doctor\nseed: 1\nlandscape: {preset: double-well}\nstart: [-1]\nupdate: {rule: gradient, eta: 0.1, drift: {sigma: 1}}\ntrial: {steps: 100, escape: "x >= 0"}\ntrials: 1\n'
  const started = performance.now()
  const prepared = prepare(parseSweep(spec, { fileName: 'doctor' }).cell(0).cell)
  const bytes = await compile(prepared.source)
  const kernel = Kernel.create(new WebAssembly.Module(bytes as BufferSource), prepared)
  kernel.run(0, 100, { keep: false, horizons: [] })
  return `WebAssembly with SIMD, compiled and run in ${Math.round(performance.now() - started)} ms`
}

function diskFree(home: string): string {
  const { bavail, bsize } = statfsSync(home)
  return `${gigabytes(bavail * bsize)} free`
}

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 2 : 1)} GiB`
