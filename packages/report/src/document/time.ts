import * as z from 'zod'

/** A time in ISO 8601, UTC. */
export const timeShape = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
