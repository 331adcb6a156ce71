import { describe, expect, it } from 'vitest'

import { describeKeys } from '../../../src/lib/config/keys.js'
import { checkConfigText } from '../../../src/lib/config/read-file.js'
import { tunablesSchema } from '../../../src/lib/config/schema.js'
import { valueAt } from '../../../src/lib/config/settings.js'
import { renderTemplate } from '../../../src/lib/config/template.js'

const tunables = Object.keys(tunablesSchema.shape)
const template = renderTemplate({ name: 'main', bootstrapServers: ['localhost:9092'] })

describe('the file that config init writes', () => {
  it('is valid as it is, and names one cluster', () => {
    const { raw } = checkConfigText(template, 'klinic.yaml')
    expect(raw).toEqual({ clusters: { main: { bootstrapServers: ['localhost:9092'] } } })
  })

  it('holds every key, each valid when its comment sign is taken away', () => {
    const open = template
      .replaceAll(/^#( *[A-Za-z0-9]+:)/gm, '$1')
      .replace('operationsCluster: ops', 'operationsCluster: main')
      .replace('defaultCluster: prod', 'defaultCluster: main')
    const { raw } = checkConfigText(open, 'klinic.yaml')
    const missing = describeKeys()
      .map((key) => key.path.map((part) => (part === 'NAME' ? 'main' : part)))
      .filter((path) => valueAt(raw, path) === undefined)
      .map((path) => path.join('.'))
      .filter((path) => !tunables.some((group) => path.startsWith(`clusters.main.${group}.`)))
    expect(missing).toEqual([])
  })

  it('explains every key', () => {
    for (const key of describeKeys()) expect(key.description.length).toBeGreaterThan(8)
  })
})
