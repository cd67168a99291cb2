import * as z from 'zod'

/**
 * The format of a shard file. Increase the version with every change that earlier versions of Drift Farm would misread.
 */
export const shardFormat = { name: 'driftfarm shard', version: 1 } as const

const whole = z.int().min(0)
const positive = z.int().min(1)

const headShape = z.strictObject({
  is: z.literal('head'),
  format: z.literal(shardFormat.name),
  version: positive,
  /** The version of Drift Farm that wrote the file. */
  driftfarm: z.string(),
  /** The version of the kernel that computed the trials. */
  kernel: positive,
  sweep: z.string(),
  name: z.string(),
  shard: z.strictObject({ index: positive, of: positive }),
  /** The text of the spec. `set` and `trials` are the changes from the command line. */
  spec: z.string(),
  set: z.array(z.tuple([z.string(), z.string()])),
  trials: positive.nullable(),
})
export type Head = z.infer<typeof headShape>

export function belongTogether(a: Head, b: Head): boolean {
  const requested = ({ sweep, spec, set, trials, kernel }: Head): string =>
    JSON.stringify([sweep, spec, set, trials, kernel])
  return requested(a) === requested(b)
}

/** A file that the spec names. The bytes of the frame are the content of the file. */
const fileShape = z.strictObject({ is: z.literal('file'), name: z.string() })

/**
 * The trials first .. first + count - 1 of a cell. The bytes of the frame are the row of outcomes (COPY BINARY),
 * followed by the event bits.
 */
const batchShape = z.strictObject({
  is: z.literal('batch'),
  /** The index of the cell in the sweep; `id` is the id of the cell. */
  cell: whole,
  id: z.string(),
  first: whole,
  count: positive,
  digest: z.string(),
  tally: z.record(z.string(), z.unknown()),
  cpuSeconds: z.number().min(0),
  seconds: z.number().min(0),
  premises: z.looseObject({ version: positive }).nullable(),
  /** Size of the row of outcomes in bytes; null if no row is recorded. */
  outcome: whole.nullable(),
  bits: z.array(z.strictObject({ estimate: z.string(), bytes: whole })),
})
export type BatchFrame = z.infer<typeof batchShape>

const failedShape = z.strictObject({
  is: z.literal('failed'),
  cell: whole,
  first: whole,
  count: positive,
  message: z.string(),
})
export type FailedFrame = z.infer<typeof failedShape>

const endShape = z.strictObject({ is: z.literal('end'), frames: whole, sha256: z.string() })

export const frameShape = z.discriminatedUnion('is', [headShape, fileShape, batchShape, failedShape, endShape])
export type Frame = z.infer<typeof frameShape>
