import type { Shard, ShardBatch } from '@driftfarm/coordinator'
import type { CommitPart, CommitResult } from '@driftfarm/database'
import { formatDigest } from '@driftfarm/kernel'
import type { ResolvedSpec } from '@driftfarm/report'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { tallyToJson } from '@driftfarm/statistics'
import type { FrameWithBytes } from './frame.ts'
import { type FailedFrame, type Head, shardFormat } from './shape.ts'

const nothing = new Uint8Array()

export const shardHead = ({ sweep, text, set, trials }: ResolvedSpec, shard: Shard, driftfarm: string): Head => ({
  is: 'head',
  format: shardFormat.name,
  version: shardFormat.version,
  driftfarm,
  kernel: KERNEL_VERSION,
  sweep: sweep.id(),
  name: sweep.name,
  shard: { index: shard.index, of: shard.of },
  spec: text,
  set: set.map(([path, value]) => [path, value]),
  trials: trials ?? null,
})

export function* headFrames(spec: ResolvedSpec, shard: Shard, driftfarm: string): Generator<FrameWithBytes> {
  yield { frame: shardHead(spec, shard, driftfarm), bytes: nothing }
  for (const [name, bytes] of spec.files) yield { frame: { is: 'file', name }, bytes }
}

export const failedFrame = (failed: Omit<FailedFrame, 'is'>): FrameWithBytes => ({
  frame: { is: 'failed', ...failed },
  bytes: nothing,
})

export function batchFrame({ cell, first, count }: ShardBatch, result: CommitResult): FrameWithBytes {
  const [part] = result.parts as readonly [CommitPart]
  const frame = {
    is: 'batch' as const,
    cell: cell.index,
    id: cell.id,
    first,
    count,
    digest: formatDigest(part.digest),
    tally: { ...tallyToJson(part.tally) },
    cpuSeconds: result.cpuSeconds,
    seconds: result.seconds,
    premises: result.premises === null ? null : { ...result.premises },
    outcome: part.outcome?.length ?? null,
    bits: part.bits.map(({ estimate, bytes }) => ({ estimate, bytes: bytes.length })),
  }
  return { frame, bytes: Buffer.concat([part.outcome ?? nothing, ...part.bits.map(({ bytes }) => bytes)]) }
}
