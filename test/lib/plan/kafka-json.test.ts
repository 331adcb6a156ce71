import { describe, expect, it } from 'vitest'

import { importKafkaJson } from '../../../src/lib/plan/import-kafka-json.js'
import { toKafkaJson, wantedLists } from '../../../src/lib/plan/kafka-json.js'
import { looksLikeKafkaJson } from '../../../src/lib/plan/parse-kafka-json.js'
import { formatPlan } from '../../../src/lib/plan/format-plan.js'
import { aCluster, aPlan } from './a-plan.js'

const strict = { allowReplicationFactorChange: false }
const read = (text: string, options = strict) =>
  importKafkaJson(text, 'k.json', aCluster(), options)
const lists = (text: string) => wantedLists(read(text), 'target')
const json = (...replicas: unknown[]) =>
  JSON.stringify({ partitions: [{ topic: 'orders', partition: 1, replicas }] })
const wanted = [{ topic: 'orders', partition: 1, replicas: [2, 4] }]

describe("Kafka's reassignment JSON, written", () => {
  it('is what its own command accepts, sorted, with the way back in the same form', () => {
    expect(toKafkaJson(wantedLists(aPlan(), 'target'))).toBe(
      `{"version":1,"partitions":[
{"topic":"orders","partition":0,"replicas":[2,1],"log_dirs":["any","any"]},
{"topic":"orders","partition":1,"replicas":[2,4],"log_dirs":["any","any"]}
]}
`,
    )
    expect(wantedLists(aPlan(), 'original').map(({ replicas }) => replicas)).toEqual([
      [2, 3],
      [1, 2],
    ])
  })
})

describe("Kafka's reassignment JSON, read", () => {
  it('may lack its version, have a byte order mark and keys that nobody knows', () => {
    expect(lists(json(2, 4))).toEqual(wanted)
    expect(lists(`\uFEFF${json(2, 4)}`)).toEqual(wanted)
    const extra = { ...(JSON.parse(json(2, 4)) as object), version: 1, note: 'by hand' }
    expect(lists(JSON.stringify(extra, null, 2))).toEqual(wanted)
  })

  it('may be the whole output of --generate: the proposed part counts', () => {
    const output = `Current partition replica assignment\n${json(2, 3)}\n\nProposed partition reassignment configuration\n${json(2, 4)}\n`
    expect(looksLikeKafkaJson(output)).toBe(true)
    expect(lists(output)).toEqual(wanted)
    expect(() => read(`Current partition replica assignment\n\n${json(2, 3)}\n`)).toThrow(
      'only the current assignment',
    )
  })

  it('makes no step of what is there already', () => {
    expect(read(json(2, 3))).toMatchObject({ kind: 'import', outcome: 'no-changes', steps: [] })
  })

  it('counts the bytes of new replicas and carries the topic id', () => {
    expect(read(json(2, 4)).steps).toMatchObject([
      { from: [2, 3], to: [2, 4], bytesToMove: 5_000_000_000, reason: { code: 'IMPORTED' } },
    ])
  })

  it.each([
    [json(2, 9), 'orders-1 replicas: the cluster has no broker 9'],
    [json(2, 2), 'partitions[0].replicas: orders-1 names broker 2 twice'],
    [json('2', '4'), 'partitions[0].replicas[0]: Invalid input: expected number'],
    [json(), 'partitions[0].replicas: Too small'],
    [json(2), 'orders-1 replicas: the replication factor would change from 2 to 1'],
    ['{"version":1,"partitions":[]}', 'partitions: Too small'],
    ['{"version":2,"partitions":[]}', 'version: Invalid input'],
    [json(2, 4).replace('orders', 'gone'), 'gone-1: the cluster has no such partition'],
    [
      '{"partitions":[{"topic":"orders","partition":1,"replicas":[2,4]},{"topic":"orders","partition":1,"replicas":[2,1]}]}',
      'partitions[1]: orders-1 stands there twice',
    ],
    [
      '{"partitions":[{"topic":"orders","partition":1,"replicas":[2,4],"log_dirs":["any"]}]}',
      'partitions[0].log_dirs: orders-1 has 1 log dirs for 2 replicas',
    ],
  ])('is refused with partition and field (%#)', (text, expected) => {
    expect(() => read(text)).toThrow(expected)
  })

  it('changes a replication factor only when asked', () => {
    const plan = read(json(2), { allowReplicationFactorChange: true })
    expect(plan.steps).toMatchObject([{ to: [2], changesReplicationFactor: true }])
  })

  it('says that log directories which it names are not applied', () => {
    const text = `{"partitions":[{"topic":"orders","partition":1,"replicas":[2,4],"log_dirs":["any","/d1"]}]}`
    expect(read(text).findings).toMatchObject([{ code: 'LOG_DIRS_IGNORED', severity: 'warning' }])
  })

  it('is not mistaken for a plan of ours, nor the other way round', () => {
    expect(looksLikeKafkaJson(formatPlan(aPlan()))).toBe(false)
    expect(looksLikeKafkaJson(json(2, 4))).toBe(true)
  })
})
