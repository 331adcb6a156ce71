import { describeFaults } from './faults-scenarios.js'

describeFaults('zookeeper', 25_600)
