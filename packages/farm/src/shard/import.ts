import { settleImported } from '@driftfarm/coordinator'
import {
  adoptSweep,
  type CellTrials,
  type Database,
  finishedBatchesIn,
  type ImportedBatch,
  type ImportTarget,
  importBatches,
  importTargetOf,
  interruptSweep,
  LedgerError,
  stopForConflictingImport,
  submitSweep,
} from '@driftfarm/database'
import { groupedBy } from '@driftfarm/formula'
import { formatDigest } from '@driftfarm/kernel'
import { type DocumentData, integer } from '@driftfarm/report'
import { canonicalJson, KERNEL_VERSION, liveStates, type Sweep, specTextWithOptions } from '@driftfarm/spec'
import { FarmError } from '../error.ts'
import { processId } from '../session.ts'
import { identify, requireKernel, sweepOfFiles } from '../sweepText.ts'
import { audit, type DigestedRange, digestedRange } from './audit.ts'
import { type FailedBatch, requireShards } from './compute.ts'
import { damagedFileError, readShard, type ShardFile } from './frame.ts'
import { FrameReader } from './frameReader.ts'
import { type MissingTrials, missingTrialsOf } from './missing.ts'
import { belongTogether, type Head } from './shape.ts'

interface FileCounts {
  imported: number
  /** Number of trials that were already stored, with equal results. */
  audited: number
  /**
   * Number of trials that were not compared. They are already stored or dispatched, but the file divides them into
   * other ranges than the database.
   */
  leftOut: number
}

export type ImportResult = Omit<DocumentData<'Imported'>, 'sweep'> & { readonly id: string }

export interface ImportOptions {
  readonly signal: AbortSignal
  /**
   * Called from time to time with a description of the current work, which includes the name of the file, and with a
   * count of the work done.
   */
  readonly onProgress: (words: string, done: number) => void
}

interface CheckedFile {
  readonly file: ShardFile
  readonly head: Head
  readonly sha256: string
  readonly failed: readonly FailedBatch[]
}

/**
 * Stores the trials of shards of one sweep as if workers had computed them, and ends the sweep if no trials are
 * missing. Trials that are already stored are compared with the imported ones. The import may be repeated, even after
 * it was killed, and a farm may compute the sweep at the same time. Throws a LedgerError DETERMINISM_VIOLATION if
 * stored trials differ from the imported ones.
 */
export async function importShards(
  database: Database,
  { sweep, text, checked }: Awaited<ReturnType<typeof checkShards>>,
  { signal, onProgress }: ImportOptions,
): Promise<ImportResult> {
  const id = sweep.id()
  await submit(database, sweep, text, signal)
  const files: (ImportResult['files'][number] & FileCounts)[] = []
  const apart = new MisalignedRanges()
  for (const each of checked) {
    const { file, head, failed } = each
    const worker = `shard-${head.shard.index}-of-${head.shard.of}`
    const counts = { file: file.name, shard: head.shard, imported: 0, audited: 0, leftOut: 0, failed }
    files.push(counts)
    for await (const chunk of chunksOf(each, sweep)) {
      signal.throwIfAborted()
      const endings = await importBatches(database, id, worker, chunk)
      for (const [place, ending] of endings.entries()) {
        const { count } = chunk[place]!.lease
        if (ending.ending === 'violation') throw new LedgerError('DETERMINISM_VIOLATION', ending.message)
        if (ending.ending === 'committed') counts.imported += count
        else if (ending.ending === 'duplicate') counts.audited += count
        else {
          counts.leftOut += count
          apart.add(chunk[place]!, worker, counts)
        }
      }
      onProgress(`importing ${file.name}: trial`, counts.imported + counts.audited)
    }
  }
  await apart.compare(database)
  const shards = new Set(checked.map(({ head }) => head.shard.of))
  const of = shards.size === 1 ? [...shards][0]! : null
  const missing = await settle(database, sweep, of, (cells) => onProgress('merging cell', cells))
  const sum = (of: keyof FileCounts) => integer(files.reduce((total, counts) => total + BigInt(counts[of]), 0n))
  const sums = { imported: sum('imported'), audited: sum('audited'), leftOut: sum('leftOut') }
  return { id, files, ...sums, missing: { ...missing, trials: integer(missing.trials) } }
}

/**
 * Reads all files to their end before anything is stored. All files must belong to one sweep, with the same request in
 * each. Throws a FarmError SHARD_FILE for a file that is not a shard,
 * is damaged or does not belong to the sweep that it names. Throws CONFLICT if files belong to several sweeps, and a
 * SpecError if this version cannot read the spec.
 */
export async function checkShards(files: readonly ShardFile[], options: ImportOptions) {
  const checked: CheckedFile[] = []
  let given: Given | null = null
  for (const file of files) {
    try {
      const { own, ...rest } = await checkFile(file, given, options)
      given = own
      checked.push(rest)
    } catch (error) {
      // If the file is damaged, report that instead, because damage explains all other errors.
      if (!options.signal.aborted) for await (const _ of readShard(file));
      throw error
    }
  }
  const { sweep, text } = given!
  return { sweep, text, checked }
}

interface Given {
  readonly sweep: Sweep
  readonly text: string
  readonly head: Head
}

/** `first`: the sweep of the first file; null for the first file itself, whose sweep is returned as `own`. */
async function checkFile(file: ShardFile, first: Given | null, { signal, onProgress }: ImportOptions) {
  const { name } = file
  const files = new Map<string, Uint8Array>()
  const failed: FailedBatch[] = []
  let head: Head | null = null
  let done = 0
  let reading: { readonly own: Given; readonly reader: FrameReader } | null = null
  for await (const { frame, bytes } of readShard(file)) {
    signal.throwIfAborted()
    if (frame.is === 'head') {
      head = frame
      if (first !== null) requireSame(head, first.head, name)
    } else if (frame.is === 'file') files.set(frame.name, bytes)
    else {
      // The files of the spec precede all other frames.
      if (reading === null) {
        const own: Given = first ?? (await sweepOfHead(head!, files, name, signal))
        reading = { own, reader: new FrameReader(own.sweep, head!.shard.of, name) }
      }
      const { own, reader } = reading
      if (frame.is === 'end') return { file, head: head!, sha256: frame.sha256, failed, own }
      if (frame.is === 'batch') reader.batch(frame, bytes)
      if (frame.is === 'failed') {
        reader.failed(frame)
        const { is: _, ...piece } = frame
        failed.push(piece)
      }
      onProgress(`checking ${name}: part`, done++)
    }
  }
  throw damagedFileError(name, 'it is truncated')
}

async function sweepOfHead(
  head: Head,
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  signal: AbortSignal,
): Promise<Given> {
  const { spec: text, set, trials, kernel } = head
  const foreign = new FarmError(
    'SHARD_FILE',
    kernel === KERNEL_VERSION
      ? `${name} contains trials of sweep ${head.sweep.slice(0, 12)}, but the spec in it defines another sweep`
      : `${name} was computed by kernel version ${kernel}, but this Drift Farm has kernel version ${KERNEL_VERSION}`,
    { hint: 'compute the shards and import them with the same version of Drift Farm' },
  )
  if (kernel > KERNEL_VERSION) throw foreign
  const fileName = `the spec in ${name}`
  const sweep = sweepOfFiles(text, { files, fileName, set, trials: trials ?? undefined })
  requireShards(sweep)
  await identify(sweep, { signal })
  if (sweep.id() !== head.sweep) throw foreign
  requireKernel(sweep)
  return { sweep, text: specTextWithOptions(text, { set, trials: trials ?? undefined }), head }
}

function requireSame(head: Head, first: Head, name: string): void {
  if (belongTogether(head, first)) return
  const [what, hint] =
    head.sweep === first.sweep
      ? ['and the files before it request different trials of the same sweep', 'import the files of one spec at a time']
      : [`belongs to sweep ${head.name}, but the files before it belong to ${first.name}`, 'import one sweep at a time']
  throw new FarmError('CONFLICT', `${name} ${what}`, { hint })
}

/**
 * Stores the sweep as `run` would. A farm or live process that is already computing the sweep stays responsible for it.
 * Otherwise the sweep is assigned to a process that never starts, so that no process computes it. A stored sweep with
 * the same request, or with more trials, is not changed.
 */
async function submit(database: Database, sweep: Sweep, text: string, signal: AbortSignal): Promise<void> {
  const known = await importTargetOf(database, sweep.id())
  if (known !== null && !requestsMore(sweep, known)) return
  const isAttended = known?.attended === true && (liveStates as readonly string[]).includes(known.state)
  await submitSweep(database, sweep, text, { runner: isAttended ? known.runner : absentRunner(), signal })
}

const absentRunner = (): string => processId('import')

/**
 * Whether the imported sweep requests more than the stored sweep. If the stored sweep has a stopping rule, this is
 * false, because that rule decides how many trials are needed.
 */
function requestsMore({ demand }: Sweep, known: ImportTarget): boolean {
  const [there, here] = [known.demand, demand].map(({ trials, replicas }) => [trials, replicas ?? trials])
  if (there!.some((trials, place) => trials === null || trials > here![place]!)) return false
  return canonicalJson(known.demand) !== canonicalJson(demand)
}

/** Limits per transaction: the number of batches, and the number of bytes in their rows. */
const most = { batches: 500, bytes: 16_777_216 } as const

async function* chunksOf({ file, head, sha256 }: CheckedFile, sweep: Sweep): AsyncGenerator<readonly ImportedBatch[]> {
  const received = new FrameReader(sweep, head.shard.of, file.name)
  let chunk: ImportedBatch[] = []
  let size = 0
  for await (const { frame, bytes } of readShard(file)) {
    if (frame.is === 'end' && frame.sha256 !== sha256)
      throw new FarmError('SHARD_FILE', `${file.name} changed while it was imported`, {
        hint: 'import it again: trials that are already stored are compared, and the missing trials are added',
      })
    if (frame.is !== 'batch') continue
    chunk.push(received.batch(frame, bytes))
    size += bytes.length
    if (chunk.length < most.batches && size < most.bytes) continue
    yield chunk
    chunk = []
    size = 0
  }
  if (chunk.length > 0) yield chunk
}

/** Maximum number of imported ranges that are kept in memory for a comparison. They take a few hundred MB. */
const maxMisaligned = 1_000_000

/**
 * Imported ranges whose first or last trial differs from that of the stored ranges. They are compared after the last
 * file, because several adjacent ranges together may begin and end where stored ranges do (see `audit`).
 */
class MisalignedRanges {
  readonly #ranges: (DigestedRange & CellTrials & { readonly worker: string; readonly counts: FileCounts })[] = []

  add({ lease: { cell, first, count }, result }: ImportedBatch, worker: string, counts: FileCounts): void {
    if (this.#ranges.length >= maxMisaligned) return
    this.#ranges.push({ cell, first, count, digest: result.parts[0]!.digest, worker, counts })
  }

  async compare(database: Database): Promise<void> {
    for (const [cell, ranges] of groupedBy(this.#ranges, (range) => range.cell)) {
      const first = Math.min(...ranges.map((range) => range.first))
      const until = Math.max(...ranges.map((range) => range.first + range.count))
      const stored = (await finishedBatchesIn(database, cell, { first, count: until - first })).map(digestedRange)
      const { compared, differs } = audit(ranges, stored)
      if (differs !== null) {
        const was = formatDigest(differs.stored)
        const { worker } = ranges[0]!
        const message = await stopForConflictingImport(database, worker, { cell, ...differs }, was, differs.digest)
        throw new LedgerError('DETERMINISM_VIOLATION', message)
      }
      for (const { counts, first: from, count } of ranges) {
        if (!compared.some((range) => range.first <= from && from + count <= range.first + range.count)) continue
        counts.leftOut -= count
        counts.audited += count
      }
    }
  }
}

/**
 * Merges the stored batches, and ends the sweep if no trials are missing. If trials are missing, the sweep waits for
 * another import or run. Returns the missing trials.
 */
async function settle(
  database: Database,
  sweep: Sweep,
  of: number | null,
  onCells: (done: number) => void,
): Promise<MissingTrials> {
  const id = sweep.id()
  for (;;) {
    const missing = await missingTrialsOf(database, sweep, of)
    const before = await importTargetOf(database, id)
    if (before === null || !maySettle(before)) return missing
    // Missing trials must not be computed now, because the next import may contain them.
    const runner = missing.trials > 0n ? absentRunner() : null
    await adoptSweep(database, id, runner)
    await settleImported(database, { id, cells: sweep.cellCount }, onCells)
    if (runner === null) return missing
    // This has no effect if another import has stored the rest in the meantime and is ending the sweep.
    await interruptSweep(
      database,
      id,
      `${missing.trials} ${missing.trials === 1n ? 'trial is' : 'trials are'} missing after an import`,
      runner,
    )
    // If another import stored the rest and finished before `adoptSweep`, the next pass of this loop ends the sweep.
    const after = await missingTrialsOf(database, sweep, of)
    if (after.trials > 0n) return after
  }
}

/** Whether the import may change the state of the sweep. A sweep that its user paused or ended keeps its state. */
const maySettle = ({ state }: ImportTarget): boolean =>
  (liveStates as readonly string[]).includes(state) || state === 'interrupted'
