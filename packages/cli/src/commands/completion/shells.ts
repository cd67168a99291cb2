export const shells: readonly string[] = ['bash', 'zsh', 'fish']
