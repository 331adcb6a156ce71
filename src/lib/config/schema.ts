import { z } from 'zod'

import { alerts } from './sections/alerts.js'
import { capacity } from './sections/capacity.js'
import { coordination } from './sections/coordination.js'
import { execution } from './sections/execution.js'
import { heal } from './sections/heal.js'
import { inventory } from './sections/inventory.js'
import { key, type secretReference } from './sections/key.js'
import { policy } from './sections/policy.js'
import { replace } from './sections/replace.js'
import { sasl, tls } from './sections/security.js'
import { service } from './sections/service.js'
import { ssh } from './sections/ssh.js'
import { timeouts } from './sections/timeouts.js'
import { topics } from './sections/topics.js'
import { zookeeper } from './sections/zookeeper.js'
import * as value from './values.js'

/** A section is a file of its own under `sections/`; docs, template and `config show` follow this order. */
const tunables = {
  topics,
  capacity,
  policy,
  execution,
  timeouts,
  coordination,
  alerts,
  heal,
  replace,
  ssh,
  service,
  inventory,
}

/** Everything that may differ by cluster and has a default under `defaults` and in Klinic itself. */
export const tunablesSchema = z.strictObject(tunables)

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
