import { describe, expect, it } from 'vitest'

import { startMaintenance, stopMaintenance } from '../../../src/lib/coordination/maintenance.js'
import { alertKey, maintenanceKey } from '../../../src/lib/coordination/state-keys.js'
import { viewState } from '../../../src/lib/coordination/view-state.js'

const NOW = Date.parse('2026-11-21T12:00:00.000Z')
const HOUR = 3_600_000

const anna = { user: 'anna', host: 'ops-1', reason: 'new disks' }
const document = (untilMs: number) => ({
  ...anna,
  since: '2026-11-21T11:00:00.000Z',
  until: new Date(untilMs).toISOString(),
})
const entries = (documents: Record<string, unknown>) =>
  new Map(Object.entries(documents).map(([key, value]) => [key, { value }]))

describe('what hosts have agreed on', () => {
  it('has the maintenance of the cluster and of brokers, in the order of their ids', () => {
    const view = viewState(
      entries({
        [maintenanceKey(70_000)]: document(NOW + HOUR),
        [maintenanceKey(7)]: document(NOW + HOUR),
        [maintenanceKey(null)]: document(NOW + HOUR),
      }),
      NOW,
    )
    expect([...view.maintenance.brokers.keys()]).toEqual([7, 70_000])
    expect(view.maintenance.cluster).toMatchObject(anna)
  })

  it('leaves out what ran out, and names it for the next writer to remove', () => {
    const view = viewState(entries({ [maintenanceKey(3)]: document(NOW) }), NOW)
    expect([view.maintenance.brokers.size, view.expired]).toEqual([0, ['maintenance/broker/3']])
  })

  it('names documents that it cannot read, instead of taking them for nothing', () => {
    const view = viewState(
      entries({
        'maintenance/cluster': { because: 'a later version wrote this' },
        'maintenance/broker/x': document(NOW + HOUR),
        'moon/phase': 'full',
      }),
      NOW,
    )
    expect(view.unreadable).toEqual(['maintenance/broker/x', 'maintenance/cluster', 'moon/phase'])
  })

  it('keeps cooldowns, first-seen times and alerts by name', () => {
    const sent = {
      kind: 'URP',
      subject: 'a/b',
      severity: 'warning',
      message: 'm',
      since: at(0),
      holds: true,
      channels: { mail: { told: true, at: at(0) } },
    }
    const view = viewState(
      entries({
        'cooldown/broker-replace': document(NOW + HOUR),
        'first-seen/broker/4/away': { since: at(-HOUR), lastSeen: at(0) },
        [alertKey('URP', 'a/b')]: sent,
      }),
      NOW,
    )
    expect([...view.cooldowns.keys()]).toEqual(['broker-replace'])
    expect([...view.firstSeen.keys()]).toEqual(['broker/4/away'])
    expect(view.alerts.get('alert/URP/a/b')).toEqual(sent)
  })
})

const at = (sinceNowMs: number): string => new Date(NOW + sinceNowMs).toISOString()

describe('starting and stopping maintenance', () => {
  const request = { ...anna, brokers: [3, 7], sinceMs: NOW, untilMs: NOW + HOUR }
  const written = (changes: ReadonlyMap<string, unknown>) => viewState(entries(kept(changes)), NOW)
  const kept = (changes: ReadonlyMap<string, unknown>) =>
    Object.fromEntries([...changes].filter(([, value]) => value !== null))

  it('writes once however often it is asked', () => {
    const first = startMaintenance(viewState(new Map(), NOW), request)
    expect([...first.keys()]).toEqual(['maintenance/broker/3', 'maintenance/broker/7'])
    const later = { ...request, sinceMs: NOW + 1000 }
    expect(startMaintenance(written(first), later).size).toBe(0)
  })

  it('keeps the beginning when the reason or the end changes', () => {
    const first = startMaintenance(viewState(new Map(), NOW), request)
    const longer = { ...request, sinceMs: NOW + 60_000, untilMs: NOW + 2 * HOUR }
    const changes = startMaintenance(written(first), longer)
    expect(changes.get('maintenance/broker/3')).toMatchObject({ since: at(0), until: at(2 * HOUR) })
  })

  it('removes what ran out with a write that is needed, and writes nothing for that alone', () => {
    const stale = viewState(entries({ [maintenanceKey(9)]: document(NOW - 1) }), NOW)
    expect(startMaintenance(stale, request).get('maintenance/broker/9')).toBeNull()
    expect(stopMaintenance(stale, [3]).size).toBe(0)
  })

  it('ends the cluster alone when no broker is named', () => {
    const view = viewState(
      entries({
        [maintenanceKey(null)]: document(NOW + 1),
        [maintenanceKey(3)]: document(NOW + 1),
      }),
      NOW,
    )
    expect([...stopMaintenance(view, null)]).toEqual([['maintenance/cluster', null]])
  })
})
