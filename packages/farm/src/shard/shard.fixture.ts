import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { batchesOfShard, type Shard } from '@driftfarm/coordinator'
import type { ResolvedSpec } from '@driftfarm/report'
import { compute, specText } from '@driftfarm/testing/ledger'
import { sweepOfFiles } from '../sweepText.ts'
import { batchFrame, headFrames, shardLease } from './compute.ts'
import { type FrameWithBytes, type ShardFile, shardBytes } from './frame.ts'

export const never = { signal: new AbortController().signal, onProgress: () => undefined }

/** The estimated cost of a trial is so high that a shard has tens of trials. Most escape within a hundred steps. */
const costly = { trial: { steps: 20_000, escape: 'x >= 0' } }

export function resolvedSpec(
  change: Record<string, unknown> = {},
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): ResolvedSpec {
  const text = specText({ ...costly, ...change })
  return { sweep: sweepOfFiles(text, { files, fileName: 'spec.json' }), text, set: [], trials: undefined, files }
}

/** The frames of a shard, computed by the reference in this thread. */
export function* framesOf(spec: ResolvedSpec, shard: Shard): Generator<FrameWithBytes> {
  yield* headFrames(spec, shard, '0.0.0')
  for (const piece of batchesOfShard(spec.sweep, shard))
    yield batchFrame(piece, compute({ ...shardLease(piece.cell, piece, spec.sweep) }))
}

/** Writes shard files into a folder. */
export class Shards {
  constructor(readonly folder: string) {}

  async write(name: string, frames: Iterable<FrameWithBytes>): Promise<ShardFile> {
    const path = join(this.folder, name)
    await pipeline(shardBytes(each(frames)), createWriteStream(path))
    return { path, name }
  }

  /** Some shards of a sweep. */
  async of(spec: ResolvedSpec, of: number, indices: readonly number[]): Promise<ShardFile[]> {
    const files: ShardFile[] = []
    for (const index of indices)
      files.push(await this.write(`${spec.sweep.id().slice(0, 8)}-${index}-of-${of}`, framesOf(spec, { index, of })))
    return files
  }

  raw(name: string, bytes: Uint8Array): ShardFile {
    const path = join(this.folder, name)
    writeFileSync(path, bytes)
    return { path, name }
  }
}

async function* each(frames: Iterable<FrameWithBytes>): AsyncGenerator<FrameWithBytes> {
  yield* frames
}
