/** The program that a shell line begins with, past assignments such as `A=b`; null where only a shell could tell. */
export function firstProgram(line: string): string | null {
  const words = line.trim().split(/\s+/)
  const program = words.find((word) => !/^[A-Za-z_][A-Za-z0-9_]*=[A-Za-z0-9_./:-]*$/.test(word))
  return program !== undefined && /^[A-Za-z0-9_./-]+$/.test(program) ? program : null
}
