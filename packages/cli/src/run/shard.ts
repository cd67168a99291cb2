import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  bundledEntry,
  cacheFolder,
  computeShard,
  identify,
  isShard,
  requireKernel,
  requireShards,
  type ShardCounts,
  shardBytes,
  threadsOf,
} from '@driftfarm/farm'
import { documents, integer, type ResolvedSpec } from '@driftfarm/report'
import { threadsOfJob } from '../environment.ts'
import { CliError, exitCodes, usageError } from '../failure.ts'
import { untilInterrupted } from '../interrupt.ts'
import { printData, writeAll } from '../output.ts'
import { progressOf } from '../progress.ts'
import { homeOf } from '../session.ts'
import type { Shell } from '../shell.ts'
import { readSweep } from '../specFile.ts'
import { version } from '../version.ts'
import type { RunOptions } from './options.ts'

type ShardOptions = RunOptions & Required<Pick<RunOptions, 'shard'>>

/**
 * Needs no database and no farm. The file appears only when it is complete. The exit code is 3 if some trials of the
 * shard could not be computed.
 */
export async function runShard(shell: Shell, path: string, options: ShardOptions): Promise<number> {
  const file = fileOf(options)
  refuseOtherOptions(options)
  const spec = await readSweep(shell, path, options)
  requireShards(spec.sweep)
  requireKernel(spec.sweep)
  const work = async (signal: AbortSignal): Promise<number> => {
    await identify(spec.sweep, { signal, onCells: progressOf(shell, 'reading cell', spec.sweep.cellCount) })
    await refuseOtherShard(shell, file, spec, options)
    return compute(shell, file, spec, options, signal)
  }
  return untilInterrupted(shell, work, 'interrupted: the shard is not stored; run the command again to start over')
}

async function compute(
  shell: Shell,
  file: string,
  spec: ResolvedSpec,
  options: ShardOptions,
  signal: AbortSignal,
): Promise<number> {
  const { sweep } = spec
  const { shard, engine, json = false } = options
  const began = performance.now()
  const threads = threadsOf({ threads: options.threads ?? threadsOfJob(shell.env) })
  const home = homeOf(shell)
  const about = Math.ceil(Number(sweep.maxTrials) / shard.of)
  const showProgress = progressOf(shell, `shard ${shard.index} of ${shard.of}, trial`, about)
  let counts: Readonly<ShardCounts> = { pieces: 0, trials: 0, cpuSeconds: 0, failed: [] }
  const frames = computeShard({
    spec,
    shard,
    version,
    threads,
    engine,
    signal,
    cacheFolder: cacheFolder(home),
    threadFile: bundledEntry('thread') ?? undefined,
    onCounts(now) {
      counts = now
      showProgress(now.trials)
    },
  })
  await writeAll(shell, shardBytes(frames), file)
  const { failed, pieces, trials, cpuSeconds } = counts
  const data = {
    sweep: { id: sweep.id(), name: sweep.name },
    shard,
    file,
    bytes: statSync(resolve(shell.cwd, file)).size,
    pieces,
    trials: integer(trials),
    failed,
    seconds: (performance.now() - began) / 1000,
    cpuSeconds,
  }
  await printData(shell, documents.Shard, data, { json })
  return failed.length > 0 ? exitCodes.incomplete : exitCodes.done
}

function fileOf({ output, shard: { index, of } }: ShardOptions): string {
  if (output !== undefined) return output
  throw usageError(`--shard needs a file to write to`, `add -o shard-${index}-of-${of}.driftfarm`)
}

function refuseOtherOptions({ detach, timeout, accept, figure, all, batch, bundle, native }: ShardOptions): void {
  const given = {
    detach,
    timeout,
    accept: accept?.length === 0 ? undefined : accept,
    figure,
    all,
    batch,
    bundle,
    native,
  }
  const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (name !== undefined)
    throw usageError(
      `--${name} cannot be combined with --shard, which computes one shard without a farm`,
      'omit one of them',
    )
}

/** An existing file may be replaced only if it contains this shard of this sweep. */
async function refuseOtherShard(
  shell: Shell,
  file: string,
  spec: ResolvedSpec,
  { shard }: ShardOptions,
): Promise<void> {
  const path = resolve(shell.cwd, file)
  if (!existsSync(path) || !statSync(path).isFile() || (await isShard({ path, name: file }, spec, shard))) return
  throw new CliError(
    'CONFLICT',
    `${file} exists, but it is not shard ${shard.index}/${shard.of} of ${spec.sweep.name}`,
    'remove this file, or name another file with -o',
  )
}
