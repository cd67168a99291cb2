/** The shells that there is a script for. */
export const shells: readonly string[] = ['bash', 'zsh', 'fish']
