const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const

export type Paint = (color: keyof typeof codes, text: string) => string

export function painter(color: boolean): Paint {
  return color ? (name, text) => `\u001b[${codes[name]}m${text}\u001b[0m` : (_, text) => text
}
