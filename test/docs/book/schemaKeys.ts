/** Names of all keys that a JSON Schema knows. */
export function keysOf(schema: unknown, keys = new Set<string>()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return keys
  const { properties } = schema as { properties?: Record<string, unknown> }
  for (const key of Object.keys(properties ?? {})) keys.add(key)
  for (const inner of Object.values(schema)) keysOf(inner, keys)
  return keys
}
