import { describe, expect, it } from 'vitest'

import { describeTunables } from '../../../src/lib/config/keys.js'
import { effectiveKeys, resolveSettings, variableOf } from '../../../src/lib/config/settings.js'

const nest = (path: readonly string[], value: unknown): Record<string, unknown> =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Record<string, unknown>

/** Three values of the right kind for each key, and what becomes of the last two. */
const samples: Readonly<Record<string, readonly [unknown, unknown, string]>> = {
  'topics.stats': ['a', 'b', 'c'],
  'topics.actions': ['a', 'b', 'c'],
  'topics.state': ['a', 'b', 'c'],
  'capacity.in': ['1MB/s', '2MB/s', '3MB/s'],
  'capacity.out': ['1MB/s', '2MB/s', '3MB/s'],
  'capacity.disk': ['1GB', '2GB', '3GB'],
  'capacity.brokers': [{ '1': { in: '1MB/s' } }, { '2': { in: '1MB/s' } }, ''],
  'policy.limit': ['70%', '80%', '90%'],
  'policy.band': ['7%', '8%', 'off'],
  'policy.resources': [['in'], ['out'], 'disk,leaders'],
  'policy.rackPolicy': ['spread', 'strict', 'even'],
  'policy.window': ['1h', '2h', '3h'],
  'policy.statistic': ['max', 'p95', 'mean'],
  'policy.excludeTopics': ['a', 'b', 'c'],
  'policy.excludeBrokers': [[1], [2], '3,4'],
  'policy.minReplicationFactor': [1, 2, '3'],
  'policy.minDeadFor': ['1m', '2m', '3m'],
  'policy.maxDead': [1, 2, '3'],
  'policy.throttle': ['1MB/s', 'none', '3MB'],
  'timeouts.request': ['1s', '2s', '3s'],
  'timeouts.connect': ['1s', '2s', '3s'],
  'coordination.kind': ['kafka', 'zookeeper', ''],
  'coordination.chroot': ['/a', '/b', ''],
  'alerts.cooldown': ['1m', '2m', ''],
  'alerts.timeout': ['1s', '2s', ''],
  'alerts.retries': [0, 1, ''],
  'alerts.webhook': [{ url: { env: 'A' } }, { url: { file: 'b' } }, ''],
  'alerts.slack': [{ url: { env: 'A' } }, { url: { file: 'b' } }, ''],
  'alerts.mail': [
    { host: 'a', from: 'a@example.com', to: ['b@example.com'] },
    { host: 'b', from: 'a@example.com', to: 'b@example.com,c@example.com' },
    '',
  ],
  'alerts.command': [['/bin/a'], ['/bin/b', 'c'], ''],
  'heal.cooldown': ['1m', '2m', '3m'],
  'heal.urpAlertAfter': ['1h', '2h', '3h'],
  'replace.command': [['/bin/a'], ['/bin/b', 'c'], ''],
  'replace.timeout': ['1m', '2m', '3m'],
  'replace.cooldown': ['1h', '2h', '3h'],
  'ssh.user': ['a', 'b', 'c'],
  'ssh.config': ['a', 'b', 'c'],
  'ssh.identityFiles': [['a'], ['b'], 'c,d'],
  'ssh.knownHosts': [['a'], ['b'], 'c,d'],
  'ssh.transport': ['ssh2', 'openssh', 'ssh2'],
  'service.manager': ['systemd', 'runit', 'custom'],
  'service.name': ['a', 'b', 'c'],
  'service.controllerName': ['a', 'b', 'c'],
  'service.sudo': [true, false, ''],
  'service.stopCommand': ['a', 'b', 'c'],
  'service.startCommand': ['a', 'b', 'c'],
  'service.statusCommand': ['a', 'b', 'c'],
  'execution.windows': [
    [{ days: ['mon-fri'], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' }],
    [{ days: ['sat'], from: '01:00', to: '24:00', timezone: 'UTC' }],
    '',
  ],
  'inventory.hosts': [{ '1': 'a' }, { '2': 'b' }, ''],
}

describe('precedence of each key', () => {
  it.each(describeTunables().map((key) => [key.path.join('.'), key] as const))(
    '%s: environment, then cluster, then defaults, then built in',
    (name, key) => {
      const [ofDefaults, ofCluster, ofEnv] = samples[name] ?? []
      expect(ofDefaults).toBeDefined()
      const variable = variableOf(key)
      const of = (env: Record<string, string>, cluster?: unknown, defaults?: unknown) => {
        const sources = {
          env,
          cluster: cluster === undefined ? undefined : nest(key.path, cluster),
          defaults: defaults === undefined ? undefined : nest(key.path, defaults),
        }
        resolveSettings(sources)
        const found = effectiveKeys(sources).find((entry) => entry.path.join('.') === name)
        return [found?.value, found?.origin.kind]
      }
      expect(of({})).toEqual([key.default, 'built-in'])
      expect(of({}, undefined, ofDefaults)).toEqual([ofDefaults, 'defaults'])
      expect(of({}, ofCluster, ofDefaults)).toEqual([ofCluster, 'cluster'])
      if (variable !== null) {
        expect(of({ [variable]: ofEnv ?? '' }, ofCluster, ofDefaults)).toEqual([
          ofEnv,
          'environment',
        ])
        expect(of({ [variable]: '' }, ofCluster)).toEqual([ofCluster, 'cluster'])
      }
    },
  )
})

describe('settings', () => {
  it('have their units read', () => {
    const settings = resolveSettings({
      env: { KLINIC_BAND: 'off', KLINIC_RESOURCES: 'out, disk', KLINIC_EXCLUDE_BROKERS: '7,8' },
      defaults: { capacity: { in: '100MB/s', disk: '4TiB' }, policy: { window: '36h' } },
    })
    expect(settings.capacity).toMatchObject({ in: 1e8, disk: 4 * 2 ** 40 })
    expect(settings.policy).toMatchObject({
      window: 36 * 3_600_000,
      band: 'off',
      limit: 1,
      resources: ['out', 'disk'],
      excludeBrokers: [7, 8],
    })
  })

  it('name the variable that does not fit', () => {
    expect(() => resolveSettings({ env: { KLINIC_WINDOW: 'long' } })).toThrow(
      'KLINIC_WINDOW: expected a duration',
    )
  })
})
