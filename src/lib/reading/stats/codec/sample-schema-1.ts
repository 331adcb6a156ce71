import type { schema } from 'avsc'

/**
 * Avro schema of a sample, version 1 (docs/stats.md). A published version never changes: a new one gets its own file, adds
 * fields with defaults only, and joins the list in `known-schemas.ts`.
 */
const field = (name: string, type: unknown, doc: string) => ({ name, type, doc })
const optional = (name: string, type: unknown, doc: string) => ({
  name,
  type: ['null', type],
  default: null,
  doc,
})
const list = (items: unknown) => ({ type: 'array', items })
const record = (name: string, fields: readonly unknown[]) => ({ type: 'record', name, fields })

const throttle = record('Throttle', [
  field('key', 'string', 'config key'),
  field('value', 'string', 'config value'),
])

const capacity = record('Capacity', [
  optional('inBytesPerSec', 'double', 'limit of bytes in'),
  optional('outBytesPerSec', 'double', 'limit of bytes out'),
  optional('diskBytes', 'double', 'bytes that can be stored'),
])

const logDir = record('LogDir', [
  field('path', 'string', 'path on the broker'),
  optional('totalBytes', 'long', 'size of its volume (KIP-827)'),
  optional('usableBytes', 'long', 'free bytes of its volume (KIP-827)'),
  optional('error', 'string', 'Kafka error name when offline'),
])

const broker = record('Broker', [
  field('id', 'int', 'broker id'),
  field('host', 'string', 'advertised host, empty when not known'),
  field('port', 'int', 'advertised port, 0 when not known'),
  optional('rack', 'string', 'broker.rack'),
  field(
    'state',
    { type: 'enum', name: 'BrokerState', symbols: ['alive', 'dead', 'draining'] },
    'verdict when the cluster was read',
  ),
  optional('capacity', capacity, 'what it can carry'),
  optional('logDirs', list(logDir), 'log directories, null when it did not tell'),
  optional('lastSeen', 'string', 'ISO 8601, when a broker that is not alive was last seen'),
  field('fenced', 'boolean', 'registered without a heartbeat (KRaft)'),
  optional('unreachable', 'string', 'why a registered broker did not answer'),
])

const state = record('PartitionState', [
  field('replicas', list('int'), 'replica list in order; the first is the preferred leader'),
  optional('isr', list('int'), 'in-sync replicas, null when not known'),
  optional('leader', 'int', 'broker id of the leader, null without one'),
  field('adding', list('int'), 'replicas that a reassignment adds'),
  field('removing', list('int'), 'replicas that a reassignment removes'),
  field('offline', list('int'), 'replicas offline on a broker that is alive'),
  optional('sizeBytes', 'long', 'size that stands for the partition'),
])

const replica = record('Replica', [
  field('partition', 'int', 'partition number'),
  field('role', { type: 'enum', name: 'Role', symbols: ['leader', 'follower', 'none'] }, 'role'),
  optional('sizeBytes', 'long', 'size of this replica'),
  optional('logDir', 'string', 'path of its log directory'),
  optional('logStartOffset', 'long', 'first offset (leader only)'),
  optional('logEndOffset', 'long', 'high watermark (leader only)'),
  field('coveredMs', 'long', 'time that bytesIn and bytesOut cover, 0 when nothing was measured'),
  optional('bytesIn', 'long', 'bytes appended by producers in coveredMs (leader only)'),
  optional('bytesOut', 'long', 'bytes read by consumers in coveredMs (leader only)'),
  field('reassigning', 'boolean', 'was being reassigned at some moment of the interval'),
  optional('state', state, 'state of the partition; told by one replica of each partition'),
])

const topic = record('Topic', [
  field('name', 'string', 'topic name'),
  optional('topicId', 'string', 'topic id, 22 characters base64url'),
  optional('minInsyncReplicas', 'int', 'effective min.insync.replicas'),
  field('throttles', list('Throttle'), 'throttled replica lists of the topic'),
  field('replicas', list(replica), 'replicas on the broker of the sample'),
])

const unread = record('Unread', [
  field('part', 'string', 'what kind of thing was not read'),
  field('subject', 'string', 'of what'),
  field('code', 'string', 'error code'),
  field('message', 'string', 'error message'),
])

const remarks = record('Remarks', [
  field('warnings', list('string'), 'what could not be read, as sentences'),
  field('unread', list(unread), 'the same as facts'),
  optional(
    'partialView',
    record('PartialView', [
      field('hiddenPartitions', 'int', 'partitions on disk that Metadata did not show'),
      field('examples', list('string'), 'the first few'),
    ]),
    'present when the principal does not see everything',
  ),
  field(
    'zookeeperLeftovers',
    list(
      record('Leftover', [
        field('path', 'string', 'node path'),
        field('data', 'string', 'node data'),
      ]),
    ),
    'nodes that legacy tools left',
  ),
])

/** The schema as data; names are in the namespace `klinic`. */
export const sampleSchema1: schema.RecordType = {
  type: 'record',
  name: 'BrokerSample',
  namespace: 'klinic',
  doc: 'measurements of one broker over one interval, and the state of what it hosts',
  fields: [
    field('clusterId', 'string', 'cluster id'),
    optional('clusterName', 'string', 'name in the collector configuration'),
    field('mode', { type: 'enum', name: 'Mode', symbols: ['kraft', 'zookeeper'] }, 'metadata mode'),
    optional('controllerId', 'int', 'active controller'),
    field('source', 'string', 'what measured: admin is the Kafka protocol alone'),
    field('fromMs', 'long', 'start of the interval, ms since the epoch'),
    field('toMs', 'long', 'end of the interval'),
    field('capturedAtMs', 'long', 'when the state was read'),
    field('brokerIds', list('int'), 'all brokers of the collection'),
    field('part', 'int', 'part of a sample that was split, from 0 on'),
    field('parts', 'int', 'number of parts'),
    field('broker', broker, 'the broker'),
    field('throttles', list(throttle), 'throttles set on this broker'),
    field('clusterThrottles', list('Throttle'), 'throttles that are defaults of all brokers'),
    field('topics', list(topic), 'what the broker hosts'),
    optional('remarks', remarks, 'on the reading as a whole; first sample only'),
    field('notices', list('string'), 'what the source cannot see'),
  ].map((entry) => ({ ...entry })) as schema.RecordType['fields'],
}
