import type { ModelShape } from './generate-model.js'

const base = { brokers: 20, racks: 4, partitions: 667, topics: 30, zipf: 0.7 }

/** Clusters like the recorded ones, of other seeds, racks, skew, replication factors and hot spots. */
export const SHAPES: readonly ModelShape[] = [
  { ...base, name: 'g20-skew-5racks', seed: 1, racks: 5, skew: 0.3 },
  { ...base, name: 'g20-skew-4racks', seed: 2, zipf: 1, skew: 0.15 },
  { ...base, name: 'g21-hetero-3racks', seed: 4, brokers: 21, racks: 3, hetero: true },
  { ...base, name: 'g24-add6', seed: 5, brokers: 24, added: 6 },
  { ...base, name: 'g18-add6-3racks', seed: 6, brokers: 18, racks: 3, added: 6 },
  {
    ...base,
    name: 'g30-rf2',
    seed: 7,
    brokers: 30,
    racks: 3,
    partitions: 1500,
    replicationFactor: 2,
    skew: 0.2,
  },
  { ...base, name: 'g12-no-racks', seed: 8, brokers: 12, racks: 12, partitions: 400, skew: 0.2 },
  { ...base, name: 'g22-uneven-racks', seed: 14, brokers: 22, skew: 0.2 },
  {
    ...base,
    name: 'g60-dead2',
    seed: 12,
    brokers: 60,
    racks: 6,
    partitions: 4000,
    topics: 100,
    skew: 0.15,
    dead: 2,
  },
  {
    ...base,
    name: 'g100-grown',
    seed: 10,
    brokers: 100,
    racks: 5,
    partitions: 6667,
    topics: 200,
    grown: 40,
  },
  {
    ...base,
    name: 'g100-zipf',
    seed: 15,
    brokers: 100,
    racks: 5,
    partitions: 6667,
    topics: 200,
    zipf: 0.4,
  },
  {
    ...base,
    name: 'g200-100k',
    seed: 16,
    brokers: 200,
    racks: 10,
    partitions: 33334,
    topics: 1000,
    zipf: 0.4,
    skew: 0.05,
  },
]

/** The largest cluster that a plan is promised for: 1,000 brokers and 1,000,000 replicas. */
export const LARGEST: ModelShape = {
  name: 'g1000-1m',
  seed: 21,
  brokers: 1000,
  racks: 10,
  partitions: 333334,
  topics: 5000,
  zipf: 0.3,
  skew: 0.1,
}
