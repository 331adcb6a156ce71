import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

import { custom } from '@oclif/core/flags'

/**
 * A file to be written at the end of a command: its folder is looked at when the flags are read, since a minute of
 * measuring is too long a wait for a misspelt path. `-` is left to the command.
 */
export const outputFileFlag = custom({
  parse: async (file) => {
    if (file === '-') return file
    const folder = dirname(file)
    const isFolder = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isFolder) throw new Error(`${file} cannot be written: there is no folder ${folder}`)
    await access(folder, constants.W_OK).catch(() => {
      throw new Error(`${file} cannot be written: the folder ${folder} is not yours to write in`)
    })
    return file
  },
})
