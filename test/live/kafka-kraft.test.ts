import { describeKafkaClient } from './kafka-scenarios.js'

describeKafkaClient('kraft', 21000)
