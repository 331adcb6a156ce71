import { z } from 'zod'

import * as value from './values.js'

/** What is known of a key beside its type: where its flag overrides it, and an example for the template. */
interface KeyMeta {
  readonly description: string
  readonly example?: unknown
  /** The flag that overrides it; `KLINIC_<FLAG>` does so too. */
  readonly flag?: string
  readonly secret?: true
}

const key = <T extends z.ZodType>(schema: T, meta: KeyMeta): T => schema.meta({ ...meta })

/** A secret by reference: exactly one of a file (mode 0600, yours), an environment variable, a command. Never literal. */
export const secretReference = z.union(
  [
    z.strictObject({ file: value.text() }),
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
    z.strictObject({ command: z.array(z.string().min(1)).min(1) }),
    z.literal('prompt'),
  ],
  'expected {file: PATH}, {env: NAME}, {command: [PROGRAM, ARGUMENT]} or prompt; never the secret itself',
)

const secret = (description: string, name: string) =>
  key(secretReference.optional(), { description, example: { env: name }, secret: true })

const capacity = {
  in: key(value.rate().optional(), {
    description: 'bytes a broker can take in',
    example: '100MB/s',
    flag: 'in-limit',
  }),
  out: key(value.rate().optional(), {
    description: 'bytes a broker can send',
    example: '200MB/s',
    flag: 'out-limit',
  }),
  disk: key(value.bytes().optional(), {
    description: 'bytes a broker can store (default: what the broker reports)',
    example: '4TB',
    flag: 'disk-limit',
  }),
}

const tunables = {
  topics: z
    .strictObject({
      stats: key(value.topicName().prefault('klinic.stats'), {
        description: 'topic of the traffic samples',
        flag: 'stats-topic',
      }),
      actions: key(value.topicName().prefault('klinic.actions'), {
        description: 'topic of the action log',
        flag: 'actions-topic',
      }),
      state: key(value.topicName().prefault('klinic.state'), {
        description: 'compacted topic of locks, maintenance and first-seen times',
        flag: 'state-topic',
      }),
    })
    .prefault({}),
  capacity: z
    .strictObject({
      ...capacity,
      brokers: key(
        z
          .record(z.string().regex(/^\d{1,9}$/, 'expected a broker id'), z.strictObject(capacity))
          .optional(),
        { description: 'brokers that differ, by id', example: { '3': { in: '50MB/s' } } },
      ),
    })
    .prefault({}),
  policy: z
    .strictObject({
      limit: key(value.share().prefault('100%'), {
        description: 'share of each capacity that may be used',
        flag: 'limit',
      }),
      band: key(value.shareOrOff().prefault('10%'), {
        description: 'distance from the mean utilisation that counts as balanced, or off',
        flag: 'band',
      }),
      resources: key(
        value.list(z.enum(['in', 'out', 'disk', 'leaders', 'replicas'])).prefault(['in', 'out']),
        { description: 'what is balanced', flag: 'resources' },
      ),
      rackPolicy: key(z.enum(['spread', 'strict', 'even']).prefault('spread'), {
        description: 'how replicas spread over racks: spread (never worse than now), strict, even',
        flag: 'rack-policy',
      }),
      window: key(value.duration().prefault('24h'), {
        description: 'how far back traffic counts (up to 48h)',
        flag: 'window',
      }),
      statistic: key(z.enum(['max', 'p95', 'mean']).prefault('max'), {
        description: 'statistic over the 15-minute means of the window',
        flag: 'statistic',
      }),
      excludeTopics: key(value.regularExpression().optional(), {
        description: 'regular expression: topics that are never moved',
        example: '^audit\\.',
        flag: 'exclude-topics',
      }),
      excludeBrokers: key(value.list(value.brokerId()).optional(), {
        description: 'brokers that are given nothing',
        example: [7],
        flag: 'exclude-brokers',
      }),
      minReplicationFactor: key(value.count().optional(), {
        description: 'heal raises topics below this replication factor',
        example: 3,
        flag: 'min-replication-factor',
      }),
      minDeadFor: key(value.duration().prefault('10m'), {
        description: 'how long a broker must be gone before it counts as dead',
        flag: 'min-dead-for',
      }),
      maxDead: key(value.count().optional(), {
        description:
          'more dead brokers than this are a network problem (default: one, or 10 % of the brokers)',
        example: 2,
        flag: 'max-dead',
      }),
      throttle: key(value.rateOrNone().prefault('50MB/s'), {
        description: 'replication throttle for each broker and direction, or none',
        flag: 'throttle',
      }),
    })
    .prefault({}),
  timeouts: z
    .strictObject({
      request: key(value.duration().prefault('5s'), {
        description: 'longest wait for one answer of a broker',
        flag: 'timeout',
      }),
      connect: key(value.duration().prefault('3s'), {
        description: 'longest wait for a connection',
      }),
    })
    .prefault({}),
}

/** Everything that may differ by cluster and has a default under `defaults` and in Klinic itself. */
export const tunablesSchema = z.strictObject(tunables)

const tls = z.strictObject({
  ca: key(value.text().optional(), {
    description: 'PEM file of the certificate authorities (default: those of Node)',
    example: 'ca.pem',
  }),
  certificate: key(value.text().optional(), {
    description: 'PEM file of the client certificate with its chain',
    example: 'client.pem',
  }),
  key: key(value.text().optional(), {
    description: 'PEM file of the client key',
    example: 'client.key',
  }),
  pkcs12: key(value.text().optional(), {
    description: 'PKCS12 file with client certificate and key, instead of the two',
    example: 'client.p12',
  }),
  passphrase: secret('passphrase of key or pkcs12', 'KAFKA_KEY_PASSPHRASE'),
})

const sasl = z.strictObject({
  mechanism: key(z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER']), {
    description: 'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER',
    example: 'SCRAM-SHA-512',
  }),
  username: key(value.text().optional(), {
    description: 'user of PLAIN or SCRAM',
    example: 'klinic',
  }),
  password: secret('its password', 'KAFKA_PASSWORD'),
  tokenEndpoint: key(z.url({ protocol: /^https$/, error: 'expected an https URL' }).optional(), {
    description: 'OAUTHBEARER: where the token comes from (client credentials, https only)',
    example: 'https://id.example.com/token',
  }),
  clientId: key(value.text().optional(), {
    description: 'OAUTHBEARER: client id',
    example: 'klinic',
  }),
  clientSecret: secret('OAUTHBEARER: client secret', 'KAFKA_CLIENT_SECRET'),
  scope: key(value.text().optional(), { description: 'OAUTHBEARER: scope', example: 'kafka' }),
})

const zookeeper = z.strictObject({
  connect: key(value.text(), {
    description: 'host:port[,host:port][/chroot]',
    example: 'zk-1:2181,zk-2:2181/kafka',
  }),
  username: key(value.text().optional(), {
    description: 'user of digest authentication',
    example: 'klinic',
  }),
  password: secret('its password', 'ZOOKEEPER_PASSWORD'),
})

/** One cluster: how to reach it, and what differs from the defaults. */
export const clusterSchema = z.strictObject({
  clusterId: key(value.text().optional(), {
    description: 'expected cluster id: another cluster at these addresses is refused',
    example: '7XkQm2yWQpqv3sJ1b0cNrA',
  }),
  bootstrapServers: key(value.list(value.hostAndPort()).optional(), {
    description: 'where to begin',
    example: ['kafka-1:9092', 'kafka-2:9092'],
    flag: 'bootstrap-server',
  }),
  clientProperties: key(value.text().optional(), {
    description: 'client properties (Java or librdkafka) instead of tls and sasl',
    example: 'client.properties',
    flag: 'command-config',
  }),
  tls: tls.optional(),
  sasl: sasl.optional(),
  zookeeper: zookeeper.optional(),
  operationsCluster: key(value.text().optional(), {
    description: 'cluster of this file that keeps the topics below for this one',
    example: 'ops',
  }),
  ...tunables,
})

/** The whole file. */
export const fileSchema = z.strictObject({
  defaultCluster: key(value.text().optional(), {
    description: 'cluster that is meant where none is named',
    example: 'prod',
    flag: 'cluster',
  }),
  defaults: tunablesSchema.optional(),
  clusters: z.record(value.text(), clusterSchema).optional(),
})

/** The file as written (before units are read). */
export type ConfigFile = z.input<typeof fileSchema>
/** Tunables with every default filled in and every unit read. */
export type Settings = z.output<typeof tunablesSchema>
/** A cluster as checked. */
export type ClusterEntry = z.output<typeof clusterSchema>
/** A reference to a secret. */
export type SecretReference = z.output<typeof secretReference>
