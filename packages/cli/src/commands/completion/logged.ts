/** `work` must be synchronous, because `console.log` is restored as soon as `work` returns. */
export function captureLog(work: () => void): string {
  const { log } = console
  const lines: string[] = []
  console.log = (...words: unknown[]) => void lines.push(words.join(' '))
  try {
    work()
  } finally {
    console.log = log
  }
  return lines.map((line) => `${line}\n`).join('')
}
