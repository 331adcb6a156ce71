import { describeClusterCommands } from './cluster-scenarios.js'

describeClusterCommands('zookeeper', 23_300)
