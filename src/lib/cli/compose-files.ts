export {
  readPlanFile,
  readPlanSource,
  writeKafkaJsonFile,
  writePlanFile,
  type PlanSource,
} from '../adapters/files/plan-file.js'
export { readSnapshotFile, writeSnapshotFile } from '../adapters/files/snapshot-file.js'
