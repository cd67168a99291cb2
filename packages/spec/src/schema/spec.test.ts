import { describe, expect, test } from 'vitest'
import { specSchema } from '../index.ts'

type Schema = {
  properties: Record<string, Schema>
  anyOf: Schema[]
  required: string[]
  additionalProperties: unknown
  enum: string[]
  description: string
}
const schema = specSchema() as unknown as Schema

describe('specSchema', () => {
  test('is plain JSON that knows every key of the top', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
    expect(schema.required).toEqual(['version', 'landscape', 'start', 'update', 'trial'])
    expect(schema.additionalProperties).toBe(false)
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(['let', 'sweep', 'until', 'record', 'horizons', 'tags']),
    )
  })

  test('describes every key that can be written', () => {
    const bare: string[] = []
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return
      const { properties } = value as { properties?: Record<string, { description?: string }> }
      if (properties !== undefined && !path.endsWith('/properties'))
        for (const [key, { description = '' }] of Object.entries(properties))
          if (description === '') bare.push(`${path}/${key}`)
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}/${key}`)
    }
    walk(schema, '')
    expect(bare).toEqual([])
  })

  test('lists presets, of landscapes and of data', () => {
    const landscape = schema.properties.landscape!.properties
    expect(landscape.preset!.enum).toContain('mueller-brown')
    expect(landscape.network!.properties.data!.properties.preset!.enum).toContain('iris')
    expect(schema.properties.update!.properties.rule!.anyOf[0]!.enum).toContain('adam')
  })

  test('a number has its range, and may be an expression', () => {
    const [number, text] = schema.properties.trial!.properties.steps!.anyOf
    expect(number).toMatchObject({ type: 'integer', minimum: 1, maximum: 1e12 })
    expect(text).toMatchObject({ type: 'string', pattern: '^\\s*=' })
  })
})
