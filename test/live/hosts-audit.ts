import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import type { ReassignStatus } from '../../src/lib/plan/reassign-status.js'
import { createTopic } from '../lab/index.js'
import { CONFIRMED, openHost, type Stage } from './hosts-support.js'

const isRoot = process.getuid?.() === 0

/** Executions that end in every way, on hosts that share a log. */
export function keepsTheAudit(stage: () => Stage): void {
  it('goes on from another host with what was killed on the first, and the log has no gap', async () => {
    const { a, b } = stage()
    const { file, id } = await stage().newPlan(2)
    const killed = await stage().startSlowly(a, 'reassign', 'execute', file)
    killed.kill('SIGKILL')
    await killed.ended
    const [again, status] = await Promise.all([
      b.run('reassign', 'execute', file, ...CONFIRMED),
      b.run('reassign', 'status', '--json'),
    ])
    expect([4, 75], again.stderr).toContain(again.code)
    expect(again.stderr).toContain(id)
    const { executions } = JSON.parse(status.stdout) as ReassignStatus
    expect(executions).toContainEqual(
      expect.objectContaining({ planId: id, journal: 'topic klinic.actions' }),
    )
    const resumed = await stage().resume(b, id)
    expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0)
    expect(JSON.parse(resumed.stdout)).toMatchObject({ outcome: 'finished', moves: { done: 2 } })
    expect(await stage().throttles()).toEqual([])
    const [log, local] = await Promise.all([a.log(id), b.log(id, '--local')])
    expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_entry, index) => index))
    expect(log[0]?.what).toBe(`reassign execute ${id}`)
    expect(log.some(({ what }) => what === `reassign resume ${id}`)).toBe(true)
    expect(log.at(-1)?.outcome).toContain('finished')
    // What the second host has written down itself is the same.
    expect(local.map(({ record }) => record)).toEqual(log.map(({ record }) => record))
  })

  it('ends cleanly on every signal with no throttle left, and goes on when nobody reads what it says', async () => {
    const { a } = stage()
    const { file, id } = await stage().newPlan(4)
    const signals = [
      ['SIGINT', 130, ['reassign', 'execute', file]],
      ['SIGTERM', 143, ['reassign', 'resume', id]],
      ['SIGHUP', 129, ['reassign', 'resume', id]],
    ] as const
    for (const [signal, code, command] of signals) {
      const started = await stage().startSlowly(a, ...command)
      started.kill(signal)
      const ran = await started.ended
      expect([signal, ran.code], ran.stderr).toEqual([signal, code])
      expect(await stage().throttles()).toEqual([])
    }
    const unread = a.start('reassign', 'resume', id, ...CONFIRMED, '--json-events')
    unread.child.stdout?.destroy()
    unread.child.stderr?.destroy()
    expect((await unread.ended).code).toBe(0)
    expect((await a.log(id)).at(-1)?.outcome).toContain('finished')
    expect(await stage().throttles()).toEqual([])
  })

  it('refuses with --require-audit while the topic cannot be written, and warns without', async () => {
    const { cluster, lab } = stage()
    // One that knows no more than what is in the topic that it is told of, as those do that are configured alike.
    const host = openHost(lab.bootstrapServers)
    // No record is as small as that.
    await createTopic(lab, 'unwritable', [[3]], { 'max.message.bytes': '10' })
    const { file } = await stage().newPlan(1)
    const before = [await cluster.state(), stage().changes()]
    const execute = ['reassign', 'execute', file, ...CONFIRMED, '--json'] as const
    const topic = ['--actions-topic', 'unwritable'] as const
    const refused = await host.run(...execute, ...topic, '--require-audit')
    expect([refused.code, refused.stdout]).toEqual([
      69,
      expect.stringContaining('AUDIT_UNWRITABLE'),
    ])
    expect([await cluster.state(), stage().changes()]).toEqual(before)
    const warned = await host.run(...execute, ...topic)
    expect(warned.code, warned.stdout).toBe(0)
    expect(warned.stderr).toContain('Topic unwritable cannot be written')
  })

  it.runIf(isRoot)('begins nothing when the state directory is full', async () => {
    const { cluster, lab } = stage()
    const full = mkdtempSync(join(tmpdir(), 'klinic-full-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', full])
    try {
      const host = openHost(lab.bootstrapServers, { state: full })
      const { file } = await stage().newPlan()
      const before = [await cluster.state(), stage().changes()]
      expect(() => writeFileSync(join(full, 'filler'), Buffer.alloc(1_000_000))).toThrow('ENOSPC')
      const ran = await host.run('reassign', 'execute', file, ...CONFIRMED)
      expect(ran.code, ran.stderr).toBe(1)
      expect(ran.stderr).toMatch(/ENOSPC|no space/)
      expect([await cluster.state(), stage().changes()]).toEqual(before)
    } finally {
      execFileSync('umount', [full])
    }
  })
}
