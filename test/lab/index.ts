/** The lab: real Kafka clusters on loopback for tests, demo and benchmarks. */
export { Lab, type LabBroker, type ProcessState } from './lab.js'
export type { LabMode, LabOptions } from './options.js'
export { startLab } from './start.js'
export { type Assignment, createTopic, createTopics, describeTopics } from './topics.js'
export { PLAIN_USER, SUPER_USER, TRUSTSTORE_PASSWORD } from './security/credentials.js'
