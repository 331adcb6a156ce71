export {
  readPlanFile,
  readPlanSource,
  writeKafkaJsonFile,
  writePlanFile,
  type PlanSource,
} from '../adapters/files/plan-files.js'
export { readSnapshotFile, writeSnapshotFile } from '../adapters/files/snapshot-files.js'
