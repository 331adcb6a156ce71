import { access } from 'node:fs/promises'

/** Whether there is anything at a path that we may see. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
