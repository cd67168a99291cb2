import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { nullIf } from '@driftfarm/formula'

/**
 * Distinguishes a process from a later process with the same process id. `born` is the start time in the kernel's units
 * if /proc provides it (Linux), else ''.
 */
export interface ProcessIdentity {
  readonly pid: number
  readonly born: string
}

export function identify(pid: number): ProcessIdentity {
  return { pid, born: bornOf(pid) }
}

export function isAlive({ pid, born }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const now = bornOf(pid)
  return now !== '0' && (born === '' || now === '' || born === now)
}

/** The text `<pid> <born>` for lock and client files. */
export const printIdentity = ({ pid, born }: ProcessIdentity): string => `${pid} ${born}`.trim()

export function parseIdentity(text: string): ProcessIdentity | null {
  const match = /^(\d+)(?: (\d+))?$/.exec(text.trim())
  return match === null ? null : { pid: Number(match[1]), born: match[2] ?? '' }
}

/** The command line of a living process; '' if it cannot be determined. */
export function commandOf(pid: number): string {
  const words = nullIf(Error, () => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
  if (words !== null || process.platform === 'linux' || process.platform === 'win32') return words?.trim() ?? ''
  const ps = ['-p', String(pid), '-o', 'command=']
  return nullIf(Error, () => execFileSync('ps', ps, { encoding: 'utf8', stdio: 'pipe' }).trim()) ?? ''
}

// The start time is field 22 of /proc/<pid>/stat. The second field may contain spaces and ends at the last ')'.
// A zombie has ended, so it gets the start time '0', which no living process has.
function bornOf(pid: number): string {
  const stat = nullIf(Error, () => readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? ''
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? '0' : (fields[19] ?? '')
}
