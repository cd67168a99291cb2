/** The shells that have a completion script. */
export const shells: readonly string[] = ['bash', 'zsh', 'fish']
