import { type CheckName, checkNames, type Finding } from '@driftfarm/statistics'
import { exitCodes, usageError } from '../failure.ts'
import { note } from '../output.ts'
import type { Shell } from '../shell.ts'

export function acceptedChecks(names: readonly string[] = []): ReadonlySet<CheckName> {
  const unknown = names.find((name) => !(checkNames as readonly string[]).includes(name))
  if (unknown !== undefined)
    throw usageError(
      `--accept: there is no check ${unknown}`,
      `use one of ${checkNames.join(', ')}; --accept may be repeated`,
    )
  return new Set(names as readonly CheckName[])
}

export function exitCodeOfFindings(
  shell: Shell,
  findings: readonly Finding[],
  accepted: ReadonlySet<CheckName>,
): number {
  const wrong = findings.filter(({ name, verdict }) => verdict === 'wrong' && !accepted.has(name))
  if (wrong.length === 0) return exitCodes.done
  const names = [...new Set(wrong.map(({ name }) => name))]
  note(
    shell,
    `wrong (${names.join(', ')}): the numbers do not measure what was requested. Fix the cause as described above, ` +
      `or accept the numbers with ${names.map((name) => `--accept ${name}`).join(' ')}`,
  )
  return exitCodes.incomplete
}
