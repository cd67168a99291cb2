const longest = 48

interface WrittenLandscape {
  readonly preset?: string | undefined
  readonly formula?: { readonly expression?: string | undefined } | undefined
  readonly network?: { readonly layers?: readonly unknown[] | undefined } | undefined
}

/** A short text that tells landscapes apart: `double-well`, `(x^2 - 1)^2/4` or `network 64-32-10`. */
export function landscapeLabel({ preset, formula, network }: WrittenLandscape): string {
  const text = preset ?? formula?.expression ?? `network ${network?.layers?.join('-')}`
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}
