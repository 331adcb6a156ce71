import { describe, expect, it } from 'vitest'

import { connectionWords } from '../../../src/lib/cli/connection-words.js'

describe('connectionWords', () => {
  it('repeats what the next command needs, the client properties of a secured cluster included', () => {
    const flags = { 'bootstrap-server': 'k1:9093,k2:9093', 'command-config': 'client.properties' }
    expect(connectionWords(flags)).toBe(
      ' --bootstrap-server k1:9093,k2:9093 --command-config client.properties',
    )
    expect(connectionWords({ cluster: 'prod' })).toBe(' --cluster prod')
    expect(connectionWords({ config: 'other.yaml', cluster: 'prod' })).toBe(
      ' --config other.yaml --cluster prod',
    )
    expect(connectionWords({})).toBe('')
  })

  it('quotes what a shell would take apart', () => {
    const flags = { cluster: 'prod', 'command-config': "my client's.properties" }
    expect(connectionWords(flags)).toBe(
      String.raw` --cluster prod --command-config 'my client'\''s.properties'`,
    )
  })
})
