// Part of `npm run generate`: writes the lists of terms and commands, which the other generated files need. With
// --check it writes nothing, and fails if one of them is stale.

import { addressList } from './addresses.ts'
import { collections } from './collections.ts'
import { commandList } from './commands.ts'
import { documentList } from './documents.ts'
import { writeGenerated } from './generated.ts'

await writeGenerated({
  ...collections,
  'packages/report/src/addresses.generated.ts': addressList,
  'packages/report/src/documents.generated.ts': documentList,
  'packages/cli/src/commands.generated.ts': commandList,
})
