import { expect } from 'vitest'

interface ReportedEnding {
  readonly code: string
  readonly message: string
  readonly hint: string | null
  readonly exit: number
  readonly retryable: boolean
}

export type Ending = readonly [code: string, exit: number, retryable: boolean]

/**
 * Matches what users must not see: texts of libraries, codes of SQL and Prisma, and snippets of the source of
 * libraries. Port numbers may look like codes and are excluded.
 */
const vocabulary = new RegExp(
  [
    '[Pp]risma|undici|UND_ERR|ioredis|BullMQ|max ?[Rr]etries|ReplyError|SQLSTATE|user_script',
    String.raw`(?<![:\w])(\d\d[0-9A-Z]{3}|P\d{4})\b|\n`,
  ].join('|'),
)

export const thrownBy = (work: () => Promise<unknown>): Promise<unknown> =>
  work().then(
    () => expect.unreachable('nothing was thrown'),
    (error: unknown) => error,
  )

/** Fails unless the message and the hint of the error are suitable for users. */
export function endingOf({ code, message, hint, exit, retryable }: ReportedEnding): Ending {
  expect(message).not.toMatch(vocabulary)
  expect(message).not.toBe('')
  // An unexpected error (exit code 1) needs no hint, because the only remedy is a bug report.
  if (exit !== 1) {
    expect(hint, message).not.toBeNull()
    expect(hint).not.toMatch(vocabulary)
    expect(hint!.split(/[.!?]\s/).length).toBeLessThanOrEqual(2)
  }
  return [code, exit, retryable]
}
