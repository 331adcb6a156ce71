import { describeKafkaClient } from './kafka-scenarios.js'

describeKafkaClient('zookeeper', 21100)
