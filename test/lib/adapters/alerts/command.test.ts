import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { beforeEach, describe, expect, it } from 'vitest'

import { openCommand } from '../../../../src/lib/adapters/alerts/command.js'
import { openAlertJournal } from '../../../../src/lib/adapters/alerts/journal.js'
import { runProgram } from '../../../../src/lib/adapters/local/run-program.js'
import { hasty, limits, message } from './alert-message.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klinic-alerts-'))
})

const script = (source: string): readonly string[] => {
  const path = join(folder, 'script.mjs')
  writeFileSync(path, source)
  return [process.execPath, path]
}
const channel = (argv: readonly string[], within = limits) => openCommand(argv, within, runProgram)

describe('an alert command', () => {
  it('finds the document on its standard input, and the alert in its environment', async () => {
    const out = join(folder, 'out.json')
    const argv = script(`
      import { readFileSync, writeFileSync } from 'node:fs'
      const { KLINIC_ALERT_KIND: kind, KLINIC_ALERT_EVENT: event, KLINIC_ALERT_CLUSTER: cluster } = process.env
      writeFileSync(process.argv[2], JSON.stringify({ input: JSON.parse(readFileSync(0, 'utf8')), kind, event, cluster }))
    `)
    await channel([...argv, out]).deliver(message)
    const heard: unknown = JSON.parse(readFileSync(out, 'utf8'))
    expect(heard).toEqual({ input: message, kind: 'BROKER_DEAD', event: 'raised', cluster: 'prod' })
  })

  it('is given words as they are: no shell reads them', async () => {
    const out = join(folder, 'out.txt')
    const argv = script(
      `import { writeFileSync } from 'node:fs'; writeFileSync(process.argv[2], process.argv[3])`,
    )
    await channel([...argv, out, '$(touch x); "a  b"']).deliver(message)
    expect(readFileSync(out, 'utf8')).toBe('$(touch x); "a  b"')
  })

  it('may ignore its input', async () => {
    await channel(['/bin/true']).deliver(message)
  })

  it('that fails is run again, and told by its last line', async () => {
    const count = join(folder, 'count')
    const argv = script(`
      import { appendFileSync } from 'node:fs'
      appendFileSync(${JSON.stringify(count)}, 'x')
      console.error('no route to the pager'); process.exit(3)
    `)
    await expect(channel(argv).deliver(message)).rejects.toThrow(
      'it exited 3: no route to the pager',
    )
    expect(readFileSync(count, 'utf8')).toBe('xx')
  })

  it('that hangs is ended with all it started', async () => {
    await expect(
      channel(['/bin/sh', '-c', 'sleep 60 & sleep 60'], hasty).deliver(message),
    ).rejects.toThrow('it did not end in time')
  })

  it('that is not there is a failure like any other', async () => {
    await expect(channel([join(folder, 'missing')]).deliver(message)).rejects.toThrow(
      'it could not be started',
    )
  })
})

describe('the journal of alerts', () => {
  it('has a line for each, for its owner only', async () => {
    const path = join(folder, 'alerts.jsonl')
    const journal = openAlertJournal(path)
    await journal.deliver(message)
    await journal.deliver({ ...message, event: 'resolved' })
    const lines = readFileSync(path, 'utf8').trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as typeof message).event)).toEqual([
      'raised',
      'resolved',
    ])
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })
})
