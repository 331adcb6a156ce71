/** The lab: real Kafka clusters on loopback for tests, demo and benchmarks. */
export { Lab, type LabBroker, type ProcessState } from './lab.js'
export type { LabMode, LabOptions } from './options.js'
export { startLab } from './start.js'
export { type Assignment, createTopic, createTopics, describeTopics } from './topics.js'
export { PLAIN_USER, STORE_PASSWORD, SUPER_USER } from './security/credentials.js'
export { type Load, startLoad } from './load/start-load.js'
export type {
  ConsumerTruth,
  ConsumeSpec,
  LoadReport,
  LoadSpec,
  PartitionTruth,
  ProduceSpec,
  Window,
} from './load/spec.js'
export { type BrokerTotals, readJmxTotals, type Totals } from './jmx-totals.js'
export { openLab } from './kept-labs.js'
