import type { SweepStatus } from '@driftfarm/database'
import { wantsColor } from './output.ts'

/** One line on a terminal that is written over; nothing where standard error is no terminal. */
export interface Progress {
  show(status: SweepStatus, nowMs: number): void
  say(text: string): void
  clear(): void
}

const barWidth = 16

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (stream.isTTY !== true) return { show: () => undefined, say: () => undefined, clear: () => undefined }
  let samples: { atMs: number; trials: number; steps: number }[] = []
  const fit = (line: string) => line.slice(0, Math.max(20, (stream.columns || 100) - 1))
  const write = (line: string) => stream.write(`\r\x1b[2K${line}`)
  return {
    say: (text) => write(fit(text)),
    clear: () => void stream.write('\r\x1b[2K'),
    show(status, nowMs) {
      const done = Number(status.trials.done)
      const demanded = Number(status.trials.demanded)
      const sample = { atMs: nowMs, trials: done, steps: Number(status.steps) }
      // Speed counts from the first trials on, over the last ten seconds: a worker that came or went is noticed.
      if (done === 0) samples = []
      samples.push(sample)
      while (samples.length > 2 && nowMs - (samples[0]?.atMs ?? 0) > 10_000) samples.shift()
      const oldest = samples[0] ?? sample
      const seconds = (nowMs - oldest.atMs) / 1000
      const speed = seconds < 0.2 ? 0 : (done - oldest.trials) / seconds
      const steps = seconds < 0.2 ? 0 : (sample.steps - oldest.steps) / seconds
      const share = demanded > 0 ? Math.min(1, done / demanded) : 0
      const rest = [
        ` ${Math.floor(share * 100)} %`,
        `${short(done)} of ${status.stopsByRule ? '<= ' : ''}${short(demanded)} trials`,
        ...(speed > 0
          ? [`${short(speed)}/s`, `${short(steps)} steps/s`, `ETA ${clock((demanded - done) / speed)}`]
          : []),
        `${short(status.events)} events`,
        ...(status.worst === null ? [] : [`worst ±${(status.worst.relative * 100).toPrecision(2)} %`]),
      ].join('  ')
      const full = Math.round(share * barWidth)
      const bar = `${'━'.repeat(full)}${'─'.repeat(barWidth - full)}`
      const line = fit(bar + rest)
      write(
        wantsColor(stream)
          ? `\x1b[36m${line.slice(0, full)}\x1b[2m${line.slice(full, barWidth)}\x1b[0m${line.slice(barWidth)}`
          : line,
      )
    },
  }
}

/** 1234567 -> 1.23M */
export function short(value: number | bigint): string {
  const units = ['', 'k', 'M', 'G', 'T', 'P']
  let unit = 0
  let rest = Number(value)
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000
    unit += 1
  }
  return unit === 0 ? String(Math.round(rest)) : `${rest.toPrecision(3)}${units[unit]}`
}

function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?'
  const whole = Math.max(0, Math.ceil(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`
}
