import type { Shard } from '@driftfarm/coordinator'
import type { ResolvedSpec } from '@driftfarm/report'
import { readShard } from './frame.ts'
import type { ShardFile } from './import.ts'
import { belongTogether } from './shape.ts'
import { shardHead } from './shardFrames.ts'

/** Whether the head (the first frame) of a file describes this shard of the spec. False if the file cannot be read. */
export async function isShard({ path, name }: ShardFile, spec: ResolvedSpec, shard: Shard): Promise<boolean> {
  const frames = readShard(path, name)
  try {
    const { value } = await frames.next()
    if (value === undefined || !('frame' in value) || value.frame.is !== 'head') return false
    const { index, of } = value.frame.shard
    return index === shard.index && of === shard.of && belongTogether(value.frame, shardHead(spec, shard, ''))
  } catch {
    return false
  } finally {
    await frames.return({ sha256: '' })
  }
}
