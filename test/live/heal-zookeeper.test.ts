import { describeHealing } from './heal-scenarios.js'

describeHealing('zookeeper', 21_700)
