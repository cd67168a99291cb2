import type { Routes } from '../context.ts'

/** Health probes, outside `/api`. */
export const healthRoutes: Routes = (app, { database }) => {
  app.get('/healthz', { config: { role: 'anyone' }, schema: { hide: true } }, async (_, reply) =>
    reply.type('text/plain; charset=utf-8').send('alive\n'),
  )
  app.get('/readyz', { config: { role: 'anyone' }, schema: { hide: true } }, async (_, reply) => {
    try {
      await database.pool.query('select 1')
      return reply.type('text/plain; charset=utf-8').send('ready\n')
    } catch {
      return reply.code(503).type('text/plain; charset=utf-8').send('the database cannot be reached\n')
    }
  })
}
