import { command } from '../command.ts'
import { choice, flag, negated, text } from '../options/option.ts'

export const access = command({
  name: 'access',
  arguments: [],
  summary: 'write the file that lets workers of other machines in (DRIFTFARM_ACCESS), with a login of its own',
  options: {
    role: choice('<role>', 'worker: lease, commit and report, and nothing else', ['worker']),
    name: text('<name>', 'name of the login, by which it is revoked (default: a random one)'),
    server: text('<host:port>', 'where other machines reach the database (default: as in DATABASE_URL)'),
    ca: text(
      '<file>',
      'certificate of the authority that signed that of the database; workers need it in the folder of the access file',
    ),
    tls: negated('without encryption: for a network that belongs to the farm alone'),
    list: flag('print the names of the logins there are'),
    revoke: text('<name>', 'end a login for good, with its connections'),
  },
  examples: [
    'access --role worker --server db.example.org:5432 > access.json',
    'access --list',
    'access --revoke cluster',
  ],
  kinds: [],
  act: async (...given) => (await import('./access/access.ts')).access(...given),
})
