/**
 * This script is used instead of the bash script of the library `@bomb.sh/tab`. The library's script needs the package
 * bash-completion and never completes files; this script needs only bash 4.
 *
 * An answer of `driftfarm complete` has one line per candidate, with a description after a tab. The last line of the
 * answer is `:` and a number: 0 if file names are wanted, 4 if not.
 */
export const bashScript = `# bash completion for driftfarm
__driftfarm_complete() {
    local cur=\${COMP_WORDS[COMP_CWORD]} out directive line
    # "=" is a word of its own to bash.
    if [[ $cur == "=" ]]; then cur=; fi
    out=$(driftfarm complete -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$cur" 2>/dev/null)
    directive=\${out##*:}
    COMPREPLY=()
    while IFS= read -r line; do
        line=\${line%%$'\\t'*}
        if [[ $line != :* && $line == "$cur"* && -n $line ]]; then COMPREPLY+=("$(printf %q "$line")"); fi
    done <<< "$out"
    if [[ $directive == 4 ]]; then compopt +o default 2>/dev/null; fi
}
complete -o default -F __driftfarm_complete driftfarm
`

export const shells: readonly string[] = ['bash', 'zsh', 'fish']

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
