import { describeHealing } from './heal-scenarios.js'

describeHealing('zookeeper', 26_300)
