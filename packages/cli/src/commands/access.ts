import { command } from '../command.ts'
import { choice, flag, negated, text } from '../options/option.ts'

export const access = command({
  name: 'access',
  arguments: [],
  summary: 'create a database login for workers on other machines, and print its access file (for DRIFTFARM_ACCESS)',
  options: {
    role: choice(
      '<role>',
      'what the login may do. worker: only lease batches, commit results, and report failures and status',
      ['worker'],
    ),
    name: text('<name>', 'name of the login, needed to revoke it (default: a random name)'),
    server: text(
      '<host:port>',
      'address at which other machines reach the database (default: the address in DATABASE_URL)',
    ),
    ca: text(
      '<file>',
      'certificate of the CA that signed the certificate of the database. Workers need a copy of this file in the ' +
        'folder of the access file',
    ),
    tls: negated('connect without encryption. Use this only on a network reserved for the farm'),
    list: flag('list the names of all logins'),
    revoke: text('<name>', 'delete a login and close its connections'),
  },
  examples: [
    'access --role worker --server db.example.org:5432 > access.json',
    'access --list',
    'access --revoke cluster',
  ],
  kinds: [],
  act: async (...given) => (await import('./access/access.ts')).access(...given),
})
