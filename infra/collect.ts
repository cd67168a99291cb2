// Part of `npm run generate`: writes the lists of terms and commands, which the other generated files need. With
// --check it writes nothing, and fails if one of them is stale.
import { collections } from './collections.ts'
import { commandList } from './commands.ts'
import { writeGenerated } from './generated.ts'

await writeGenerated({ 'packages/cli/src/commands.generated.ts': commandList, ...collections })
