import type { TokenRole } from '@driftfarm/database'
import { type DocumentShape, documents, jsonSchema } from '@driftfarm/report'
import swagger from '@fastify/swagger'
import type { FastifySchema } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import type { App, Context } from './context.ts'

declare module 'fastify' {
  interface FastifySchema {
    summary?: string
    hide?: boolean
    /** The document that the answer contains. The schema of the document is published. */
    answers?: DocumentShape
    /** The HTTP status of a successful answer, if it is not 200. */
    status?: number
    /** The description of the request body, if it is not JSON. */
    takes?: string
    produces?: readonly string[]
  }
}

/** The options of a route. `role` is the lowest role that may send the request. */
export const described = <const Schema extends FastifySchema>(role: TokenRole | 'guest', schema: Schema) => ({
  schema,
  config: { role },
})

const json = 'application/json'

/** If the data has no published schema, only the envelope is described. */
const schemaOf = (answers: DocumentShape | undefined): object =>
  answers === undefined
    ? { type: 'object', properties: { kind: { type: 'string' }, data: {}, warnings: { type: 'array' } } }
    : { $ref: `#/components/schemas/${answers.kind}` }

export async function describeRoutes(app: App, { version, place }: Pick<Context, 'version' | 'place'>): Promise<void> {
  const schemas = Object.fromEntries(
    Object.values(documents).map((document) => [document.kind, jsonSchema(document) as object]),
  )
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Drift Farm',
        version,
        description:
          'How likely is Stochastic Drift Gradient (gradient descent with injected noise, "drift") to escape a ' +
          'minimum? Answers contain the same documents that the commands print with `--json`.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: place.publicUrl?.pathname ?? '/' }],
      components: {
        schemas: schemas as never,
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'driftfarm_session' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform(route) {
      const { answers, status = 200, takes, produces, ...schema } = route.schema ?? {}
      const { schema: made, url } = jsonSchemaTransform({ ...route, schema } as never)
      const content = produces === undefined ? { [json]: { schema: schemaOf(answers) } } : {}
      const streamed = Object.fromEntries((produces ?? []).map((type) => [type, { schema: { type: 'string' } }]))
      const failed = {
        description: 'Error',
        content: { [json]: { schema: { $ref: '#/components/schemas/Error' } } },
      }
      return {
        schema: {
          ...made,
          ...(takes === undefined ? {} : { body: { type: 'string', description: takes } }),
          response: {
            [status]: {
              description: answers === undefined ? 'Done' : `The document ${answers.kind}`,
              content: { ...content, ...streamed },
            },
            default: failed,
          },
        } as never,
        url,
      }
    },
  })
  app.get('/openapi.json', { config: { role: 'guest' }, schema: { hide: true } }, async () => app.swagger())
}
