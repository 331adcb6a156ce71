export {
  readPlanFile,
  readPlanSource,
  writeKafkaJsonFile,
  writePlanFile,
  type PlanSource,
} from '../adapters/files/plan-file.js'
