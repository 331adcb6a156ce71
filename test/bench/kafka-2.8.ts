/**
 * Not part of the tests: starts Kafka 2.8.2 with ZooKeeper and asks the real binary about it, whole and with a broker
 * gone. Usage: node --import tsx test/bench/kafka-2.8.ts [BASE_PORT]. Exits 1 when something is not as it should be.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StatusDocument } from '../../src/lib/report/status/status-document.js'
import { emptyFolder, runKlinic, type Run } from '../commands/run-klinic.js'
import { createTopic, startLab } from '../lab/index.js'

const VERSION = '2.8.2'
const SESSION_EXPIRES_MS = 12_000

const basePort = Number(process.argv[2] ?? 23_450)
const lab = await startLab({ mode: 'zookeeper', version: VERSION, brokers: 3, racks: 3, basePort })
try {
  const folder = emptyFolder()
  const config = join(folder, 'klinic.yaml')
  const servers = lab.bootstrapServers
  const zookeeper = `zookeeper: { connect: '${lab.zookeeperConnect ?? ''}' }`
  writeFileSync(config, `clusters:\n  old:\n    bootstrapServers: [${servers}]\n    ${zookeeper}\n`)
  await createTopic(lab, 'orders', [
    [1, 2],
    [2, 3],
    [3, 1],
  ])
  await createTopic(lab, 'solo', [[3]])

  const klinic = async (...args: readonly string[]): Promise<Run> => {
    const started = performance.now()
    const run = await runKlinic([...args, '--config', config])
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`\n$ klinic ${args.join(' ')}   (exit ${String(run.code)}, ${seconds} s)`)
    console.log(run.stdout + run.stderr)
    return run
  }

  const whole = await klinic('cluster', 'status')
  assert.equal(whole.code, 0)
  const status = JSON.parse((await klinic('cluster', 'status', '--json')).stdout) as StatusDocument
  assert.equal(status.healthy, true)
  assert.equal(status.cluster.metadata, 'zookeeper')
  assert.ok([1, 2, 3].includes(status.cluster.controller ?? -1))
  assert.deepEqual(status.warnings, [])
  const samples = join(folder, 'samples.jsonl')
  const collected = await klinic(
    'stats',
    'collect',
    '--once',
    '--interval',
    '10s',
    '--output',
    samples,
  )
  assert.equal(collected.code, 0)
  assert.equal((await klinic('balance', 'plan', '--observe', '10s')).code, 0)

  await lab.kill(3)
  await sleep(SESSION_EXPIRES_MS)
  const sick = await klinic('cluster', 'check', '--full')
  assert.equal(sick.code, 3)
  assert.match(sick.stdout, /OFFLINE_PARTITIONS.*solo-0/)
  console.log(`\nKafka ${VERSION} with ZooKeeper: all as it should be.`)
} finally {
  await lab.down()
}
