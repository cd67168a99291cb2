/**
 * The script for bash. That of the library needs the package bash-completion, and never completes files; this one needs
 * bash 4 alone. An answer is a line for each candidate, with a description after a tab, then `:` and a number: 4 where
 * there is nothing else, 0 where files are meant.
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
