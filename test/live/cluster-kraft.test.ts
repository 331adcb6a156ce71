import { describeClusterCommands } from './cluster-scenarios.js'

describeClusterCommands('kraft', 23_200)
