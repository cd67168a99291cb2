import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { root } from '@driftfarm/testing/command'
import { findBinaries } from '../../../packages/database/src/embedded/binaries.ts'
import type { Made } from './document.ts'

/** Describes the present run on this machine. */
export function madeNow(run: Pick<Made, 'seed' | 'scale' | 'minutes'>): Made {
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim()
  const dirty = git('status', '--porcelain', '--', 'packages', 'test', 'infra') === '' ? '' : ' with changes'
  const processors = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return {
    ...run,
    date: new Date().toISOString().slice(0, 10),
    commit: `${git('rev-parse', '--short', 'HEAD')}${dirty}`,
    node: process.versions.node,
    postgres: findBinaries().version.split('-')[0] ?? '',
    redis: redisVersion(),
    machine: `${processors.length} processors (${processors[0]?.model.trim()}), ${gigabytes} GB, ${process.platform}`,
  }
}

function redisVersion(): string {
  for (const program of ['redis-server', 'valkey-server']) {
    try {
      return /v=(\S+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[1] ?? program
    } catch {}
  }
  return 'none'
}
